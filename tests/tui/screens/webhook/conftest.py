"""A pretended Meta and its values for the webhook's screens."""

from __future__ import annotations

import pytest

from tests.loopback import Serve


@pytest.fixture
async def own_app(serve: Serve) -> str:
    return (await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).url
