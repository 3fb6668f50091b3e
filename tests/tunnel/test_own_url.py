"""A URL of one's own."""

from __future__ import annotations

import pytest

from tests.tables import each_line
from wizard.tunnel import OwnUrl


async def test_a_url_of_ones_own_keeps_its_path() -> None:
    async with OwnUrl("https://example.org/hooks/") as tunnel:
        assert await tunnel.open(8080) == "https://example.org/hooks"


async def test_it_can_be_opened_again() -> None:
    tunnel = OwnUrl("https://example.org")
    for _ in range(2):
        await tunnel.open(8080)
        await tunnel.close()
        assert [change.state async for change in tunnel.changes] == ["up", "closed"]


@each_line("url", ["example.org", "ftp://example.org", "https://", "https://a/?b=c"])
def test_what_is_no_public_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public URL"):
        OwnUrl(url)
