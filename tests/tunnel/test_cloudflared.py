"""cloudflared, as a stand-in on stderr."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tunnel.conftest import executable
from wizard.tunnel.cloudflared import Cloudflared
from wizard.tunnel.tunnel import OwnUrl, Reason, TunnelError

UP = "INF |  https://kind-words.trycloudflare.com  |"
ALIVE = "import sys, time\nsys.stderr.write(%r + '\\n')\nsys.stderr.flush()\ntime.sleep(600)\n"
ENDS = "import sys\nsys.stderr.write(%r)\nsys.exit(1)\n"


async def test_the_url_is_read_from_stderr_and_the_process_ends_with_it(tmp_path: Path) -> None:
    binary = executable(tmp_path / "cloudflared", ALIVE % UP)
    async with Cloudflared(tmp_path / "pids", binary=binary) as tunnel:
        assert await tunnel.open(8080) == "https://kind-words.trycloudflare.com"
        (note,) = (tmp_path / "pids").iterdir()
        pid = note.stem.removeprefix("agent-")
    assert not Path(f"/proc/{pid}").exists()  # noqa: ASYNC240
    assert [change.state async for change in tunnel.changes] == ["up", "closed"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (ENDS % "ERR dial tcp: lookup api.trycloudflare.com: no such host", Reason.BLOCKED),
        (ENDS % 'ERR failed to request quick Tunnel: status_code="429"', Reason.QUOTA),
        (ENDS % "unknown flag", Reason.AGENT_FAILED),
        (ALIVE % "INF Requesting new quick Tunnel", Reason.AGENT_FAILED),
    ],
)
async def test_no_url_has_its_reason(tmp_path: Path, source: str, reason: Reason) -> None:
    binary = executable(tmp_path / "cloudflared", source)
    with pytest.raises(TunnelError) as caught:
        await Cloudflared(tmp_path / "pids", binary=binary, limit=2).open(8080)
    assert caught.value.reason is reason
    assert list((tmp_path / "pids").glob("*")) == []


async def test_a_url_of_ones_own_keeps_its_path() -> None:
    async with OwnUrl("https://example.org/hooks/") as tunnel:
        assert await tunnel.open(8080) == "https://example.org/hooks"


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "https://a/?b=c"])
def test_what_is_no_public_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public URL"):
        OwnUrl(url)
