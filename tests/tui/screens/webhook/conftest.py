"""A pretended Meta and its values for the webhook's screens."""

from __future__ import annotations

import pytest

from tests.loopback import Serve
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import Values


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def values(meta: Meta) -> Values:
    return demo_values(meta)


@pytest.fixture
async def own_app(serve: Serve) -> str:
    return (await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).url
