"""The real pyngrok against a stand-in agent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.loopback import Serve
from tests.tunnel.conftest import TOKEN, Bench
from wizard.tunnel.codes import CODES
from wizard.tunnel.orphans import end_orphans
from wizard.tunnel.tunnel import Reason, TunnelError

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return bytes(answer.read())


async def failure(bench: Bench, way: str, **options: float) -> TunnelError:
    with pytest.raises(TunnelError) as caught:
        await bench.ngrok(way, **options).open(9)
    assert TOKEN not in f"{caught.value!s}{caught.value!r}{caught.value.detail}"
    assert bench.left() == []
    return caught.value


async def test_a_request_to_the_public_url_reaches_the_port(bench: Bench, serve: Serve) -> None:
    upstream = await serve(ANSWER)
    async with bench.ngrok() as tunnel:
        url = await tunnel.open(upstream.port)
        assert await asyncio.to_thread(get, f"{url}/webhook?a=1") == b"hello"
    assert upstream.requests[0].target == "/webhook?a=1"
    assert bench.left() == []
    assert list(bench.pids.iterdir()) == []
    assert [change.state async for change in tunnel.changes] == ["up", "closed"]


async def test_a_reserved_domain_is_asked_for(bench: Bench) -> None:
    async with bench.ngrok(domain="mine.ngrok.dev") as tunnel:
        assert await tunnel.open(9) == "https://mine.ngrok.dev"


async def test_the_authtoken_is_in_the_environment_and_not_in_the_arguments(bench: Bench) -> None:
    bench.monkeypatch.setenv("NGROK_AUTHTOKEN", TOKEN)
    async with bench.ngrok(authtoken=None) as tunnel:
        await tunnel.open(9)
        lines = bench.left()
    assert len(lines) == 1
    assert TOKEN not in lines[0]
    assert bench.seen["env"]["NGROK_AUTHTOKEN"] == TOKEN


async def test_a_dead_proxy_in_the_environment_is_not_used(bench: Bench) -> None:
    bench.monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    bench.monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
    assert "NO_PROXY" not in os.environ


@pytest.mark.parametrize(
    ("number", "reason"), [(n, r) for n, r in CODES.items() if n in {4018, 105, 107, 123, 108}]
)
async def test_a_refused_login_has_its_reason(
    bench: Bench,
    number: int,
    reason: Reason,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    error = await failure(bench, f"login-{number}")
    out, err = capfd.readouterr()
    assert (error.reason, error.code) == (reason, f"ERR_NGROK_{number}")
    assert "It is refused." in error.detail
    assert TOKEN not in out + err + caplog.text
    assert "ERROR" not in out + err


@pytest.mark.parametrize(("number", "reason"), sorted(CODES.items()))
async def test_a_refused_endpoint_has_its_reason(bench: Bench, number: int, reason: Reason) -> None:
    error = await failure(bench, f"open-{number}")
    assert (error.reason, error.code) == (reason, f"ERR_NGROK_{number}")


@pytest.mark.parametrize(
    ("way", "reason", "said"),
    [
        ("silent", Reason.AGENT_FAILED, "No session"),
        ("offline", Reason.BLOCKED, "no such host"),
        ("too-old", Reason.AGENT_TOO_OLD, "/api/endpoints"),
        ("stderr", Reason.AGENT_FAILED, "config file is broken"),
    ],
)
async def test_an_agent_that_gives_no_session(
    bench: Bench, way: str, reason: Reason, said: str
) -> None:
    error = await failure(bench, way, limit=1.5)
    assert error.reason is reason
    assert said in error.detail


async def test_a_slow_answer_is_looked_up_rather_than_asked_for_again(bench: Bench) -> None:
    async with bench.ngrok("slow", request_limit=0.7) as tunnel:
        assert (await tunnel.open(9)).startswith("http://127.0.0.1:")


async def test_a_session_lost_and_back_is_told(bench: Bench) -> None:
    async with bench.ngrok("flaps") as tunnel:
        url = await tunnel.open(9)
        async with asyncio.timeout(5):
            told = [await anext(tunnel.changes) for _ in range(3)]
    assert [change.state for change in told] == ["up", "lost", "reconnected"]
    assert told[2].url == url


async def test_an_agent_ended_from_outside_is_noticed(bench: Bench) -> None:
    tunnel = bench.ngrok()
    await tunnel.open(9)
    os.kill(bench.seen["pid"], signal.SIGKILL)
    async with asyncio.timeout(5):
        told = [change async for change in tunnel.changes]
    assert told[-1].state == "closed"
    assert "ended" in told[-1].detail
    assert tunnel.url is None


async def test_one_tunnel_after_another(bench: Bench) -> None:
    for _ in range(2):
        async with bench.ngrok() as tunnel:
            assert await tunnel.open(9)
    assert bench.left() == []


async def test_giving_up_while_opening_leaves_no_process(bench: Bench) -> None:
    opening = asyncio.create_task(bench.ngrok("silent").open(9))
    async with asyncio.timeout(5):
        while not bench.left():
            await asyncio.sleep(0.01)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert bench.left() == []


async def test_no_authtoken_anywhere_starts_nothing(bench: Bench) -> None:
    bench.monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(bench.folder / "none"))
    with pytest.raises(TunnelError) as caught:
        await bench.ngrok(authtoken=None).open(9)
    assert caught.value.reason is Reason.AUTHTOKEN_MISSING
    assert not (bench.folder / "seen.json").exists()


async def test_an_agent_that_may_not_be_run_was_not_ours_to_lose(bench: Bench) -> None:
    bench.agent.chmod(0o600)
    assert (await failure(bench, "")).reason is Reason.AGENT_FAILED


CRASH = """
import asyncio, os, signal, sys
from pathlib import Path
from wizard.credentials import Secret
from wizard.tunnel.ngrok import Ngrok
async def main():
    await Ngrok(Path(sys.argv[1]), Secret(sys.stdin.read()), agent=Path(sys.argv[2])).open(9)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def test_an_orphan_of_a_killed_run_is_ended_at_the_next_start(bench: Bench) -> None:
    command = [sys.executable, "-c", CRASH, str(bench.pids), str(bench.agent)]
    await asyncio.to_thread(
        subprocess.run, command, input=TOKEN.encode(), cwd=Path(__file__).parents[2], check=False
    )
    orphan = bench.seen["pid"]
    assert len(bench.left()) == 1
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert bench.seen["pid"] != orphan
        assert len(bench.left()) == 1


async def test_a_process_that_merely_has_the_pid_is_let_live(bench: Bench) -> None:
    bench.pids.mkdir()
    note = bench.pids / "agent-1.json"
    note.write_text(f'{{"pid": {os.getpid()}, "owner": 1, "marks": ["/tmp/no/ngrok.yml"]}}')
    assert end_orphans(bench.pids) == []
    assert not note.exists()


async def test_a_running_agent_of_another_run_is_let_live(bench: Bench) -> None:
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert end_orphans(bench.pids) == []
        assert len(bench.left()) == 1
