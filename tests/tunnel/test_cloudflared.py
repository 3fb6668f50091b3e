"""cloudflared, as a stand-in that writes to stderr what the real one writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tables import each_line
from tests.tunnel.conftest import executable
from wizard.tunnel.cloudflared import Cloudflared
from wizard.tunnel.cloudflared_log import CloudflaredLog
from wizard.tunnel.tunnel import Reason, TunnelError

URL = "https://kind-words.trycloudflare.com"
ASKED = "2026-08-20T09:00:00Z INF Requesting new quick Tunnel on trycloudflare.com..."
MADE = f"2026-08-20T09:00:02Z INF |  {URL}                                |"
UP = (
    "2026-08-20T09:00:03Z INF Registered tunnel connection connIndex={0}"
    " connection=0b9e4b6e-7d1c-4d0a-9f5e-6c0f2d9b7a11 event=0 ip=198.41.200.13 location=fra08"
    " protocol=quic"
)
UP_2022 = (
    "2022-01-20T09:56:36Z INF Connection 0b9e4b6e-7d1c-4d0a-9f5e-6c0f2d9b7a11 registered"
    " connIndex={0} location=FRA"
)
DOWN = [
    "INF Lost connection with the edge connIndex={0}",
    'ERR Serve tunnel error error="timeout: no recent network activity" connIndex={0} event=0',
    "INF Retrying connection in up to 1s connIndex={0} event=0 ip=198.41.200.13",
    'ERR Connection terminated error="context canceled" connIndex={0}',
    "INF Unregistered tunnel connection connIndex={0} event=0 ip=198.41.200.13",
]
NO_QUIC = (
    'ERR Failed to dial a quic connection error="failed to dial to edge with quic: timeout:'
    ' no recent network activity" connIndex=0 event=0 ip=198.41.200.13'
)

ALIVE = """
import json, os, sys, time
config = sys.argv[sys.argv.index("--config") + 1]
tunnel = {{n: v for n, v in os.environ.items() if n.startswith("TUNNEL_")}}
seen = {{"argv": sys.argv[1:], "config": open(config).read(), "env": tunnel}}
with open(__file__ + ".seen", "w") as file:
    json.dump(seen, file)
for line in {lines!r}:
    sys.stderr.write(line + "\\n")
sys.stderr.flush()
while not os.path.exists(__file__ + ".go"):
    time.sleep(0.01)
for line in {later!r}:
    sys.stderr.write(line + "\\n")
sys.stderr.flush()
time.sleep({stays})
"""
ENDS = "import sys\nsys.stderr.write({0!r} + '\\n')\nsys.exit(1)\n"


def stand_in(folder: Path, *lines: str, later: tuple[str, ...] = (), stays: int = 600) -> Path:
    """Writes the lines and stays, or writes more and perhaps ends once `go` is called."""
    source = ALIVE.format(lines=list(lines), later=list(later), stays=stays)
    return executable(folder / "cloudflared", source)


def go(binary: Path) -> None:
    Path(f"{binary}.go").touch()


async def test_the_url_is_told_and_the_process_ends_with_its_block(tmp_path: Path) -> None:
    binary = stand_in(tmp_path, ASKED, MADE, UP.format(0))
    async with Cloudflared(tmp_path / "pids", binary=binary) as tunnel:
        assert await tunnel.open(8080) == URL
        (note,) = (tmp_path / "pids").iterdir()
        kept = json.loads(note.read_text())
    assert not Path(f"/proc/{kept['pid']}").exists()  # noqa: ASYNC240
    assert not any(Path(mark).parent.exists() for mark in kept["marks"][1:])
    assert list((tmp_path / "pids").iterdir()) == []
    assert [change.state async for change in tunnel.changes] == ["up", "closed"]


async def test_an_account_s_own_settings_do_not_get_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TUNNEL_NAME", "TUNNEL_TOKEN", "TUNNEL_LOGLEVEL", "TUNNEL_EDGE_IP_VERSION"):
        monkeypatch.setenv(name, "4")
    monkeypatch.delenv("TUNNEL_TRANSPORT_PROTOCOL", raising=False)
    binary = stand_in(tmp_path, MADE, UP.format(0))
    async with Cloudflared(tmp_path / "pids", binary=binary) as tunnel:
        await tunnel.open(8080)
        seen = json.loads((tmp_path / "cloudflared.seen").read_text())
    assert seen["env"] == {"TUNNEL_EDGE_IP_VERSION": "4"}
    assert seen["config"] == "{}\n"
    assert seen["argv"][-2:] == ["--url", "http://127.0.0.1:8080"]
    assert "auto" in seen["argv"]


async def test_a_connection_lost_and_back_and_an_end_are_told(tmp_path: Path) -> None:
    later = (DOWN[1].format(0), DOWN[2].format(0), UP.format(0))
    binary = stand_in(tmp_path, MADE, UP.format(0), later=later, stays=0)
    tunnel = Cloudflared(tmp_path / "pids", binary=binary)
    await tunnel.open(8080)
    go(binary)
    told = [change async for change in tunnel.changes]
    assert [change.state for change in told] == ["up", "lost", "reconnected", "closed"]
    assert told[2].url == URL
    assert tunnel.url is None
    assert list((tmp_path / "pids").iterdir()) == []


@each_line(
    ("line", "reason", "said"),
    [
        (
            'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp:'
            " lookup api.trycloudflare.com: no such host",
            Reason.BLOCKED,
            "no such host",
        ),
        (
            "2026-05-29T09:25:34Z ERR Error unmarshaling QuickTunnel response: error code: 1015"
            " error=\"invalid character 'e' looking for beginning of value\""
            ' status_code="429 Too Many Requests"\nfailed to unmarshal quick Tunnel: invalid'
            " character 'e' looking for beginning of value",
            Reason.QUOTA,
            "429",
        ),
        (
            "failed to parse quick Tunnel ID: invalid UUID length: 0",
            Reason.AGENT_FAILED,
            "invalid UUID",
        ),
        ("Incorrect Usage: flag provided but not defined", Reason.AGENT_FAILED, "Incorrect Usage"),
    ],
)
async def test_an_end_before_the_url_has_its_reason(
    tmp_path: Path, line: str, reason: Reason, said: str
) -> None:
    binary = executable(tmp_path / "cloudflared", ENDS.format(f"{ASKED}\n{line}"))
    with pytest.raises(TunnelError) as caught:
        await Cloudflared(tmp_path / "pids", binary=binary).open(8080)
    assert caught.value.reason is reason
    assert said in caught.value.detail
    assert "Requesting" not in caught.value.detail
    assert list((tmp_path / "pids").glob("*")) == []


async def test_a_url_to_which_no_connection_leads_is_none(tmp_path: Path) -> None:
    binary = stand_in(tmp_path, MADE, NO_QUIC, DOWN[2].format(0))
    with pytest.raises(TunnelError, match="Failed to dial a quic") as caught:
        await Cloudflared(tmp_path / "pids", binary=binary, limit=3).open(8080)
    assert caught.value.reason is Reason.BLOCKED
    assert list((tmp_path / "pids").glob("*")) == []


@each_line(
    ("lines", "reason", "said"),
    [
        ([], Reason.AGENT_FAILED, "No URL within 30 seconds."),
        ([ASKED], Reason.AGENT_FAILED, "No URL within 30 seconds."),
        ([ASKED, MADE], Reason.BLOCKED, "No connection to Cloudflare."),
        (["2026-05-29T09:25:34Z INF id=429 lookup ok"], Reason.AGENT_FAILED, "No URL within"),
    ],
)
def test_a_silence_has_its_reason(lines: list[str], reason: Reason, said: str) -> None:
    log = CloudflaredLog()
    for line in lines:
        log.feed(line)
    trouble = log.error(30)
    assert trouble.reason is reason
    assert said in trouble.detail


async def test_without_the_binary_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TunnelError, match="not on the PATH"):
        await Cloudflared(tmp_path / "pids").open(8080)


@each_line("up", [UP, UP_2022])
@each_line("down", DOWN)
def test_it_is_lost_when_no_connection_is_left(up: str, down: str) -> None:
    log = CloudflaredLog()
    for index in (0, 1):
        log.feed(up.format(index))
    log.feed(down.format(1))
    assert log.connected
    log.feed(down.format(0))
    assert not log.connected


def test_lines_in_json_are_read_as_well() -> None:
    log = CloudflaredLog()
    log.feed(json.dumps({"level": "info", "message": f"|  {URL}  |"}))
    log.feed(json.dumps({"connIndex": 1, "message": "Registered tunnel connection"}))
    assert (log.url, log.connected) == (URL, True)
    log.feed(json.dumps({"connIndex": 1, "message": "Retrying connection in up to 1s"}))
    assert not log.connected
