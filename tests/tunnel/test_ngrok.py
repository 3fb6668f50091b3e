"""The real pyngrok against a stand-in agent."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import urllib.request

import pytest

from tests.loopback import Serve
from tests.tunnel.conftest import TOKEN, Bench
from wizard.tunnel.ngrok import Ngrok
from wizard.tunnel.ngrok_errors import CODES, find_code, reason_of
from wizard.tunnel.tunnel import Reason, TunnelChange, TunnelError

ONE_EACH = [(number, reason) for reason, number in {r: n for n, r in CODES.items()}.items()]
"""Of each reason a code, as the agent is started for each."""
NAMING_THE_TOKEN = [(number, Reason.AUTHTOKEN_INVALID) for number in (105, 106, 107)]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


async def changes(tunnel: Ngrok, number: int) -> list[TunnelChange]:
    async with asyncio.timeout(10):
        return [await anext(tunnel.changes) for _ in range(number)]


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


async def test_nothing_that_passes_is_kept_for_other_users_of_the_machine(bench: Bench) -> None:
    bench.monkeypatch.setenv("WHATSAPP_APP_SECRET", "not for the agent")
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert tunnel._api is not None
        listed = await asyncio.to_thread(get, f"{tunnel._api._log.api}/api/endpoints")
    assert [one["inspect"] for one in json.loads(listed)["endpoints"]] == [False]
    assert "WHATSAPP_APP_SECRET" not in bench.seen["env"]


async def test_the_authtoken_is_in_the_agents_environment_and_nowhere_else(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    bench.monkeypatch.setenv("NGROK_AUTHTOKEN", TOKEN)
    async with bench.ngrok(authtoken=None) as tunnel:
        await tunnel.open(9)
        (line,) = bench.left()
        config = bench.config.read_text("utf-8")
        notes = [note.read_text("utf-8") for note in bench.pids.iterdir()]
    assert bench.seen["env"]["NGROK_AUTHTOKEN"] == TOKEN
    assert len(notes) == 1
    for text in (line, config, *notes, caplog.text, *capfd.readouterr(), repr(vars(tunnel))):
        assert TOKEN not in text


async def test_the_users_own_configuration_is_used_in_place(bench: Bench) -> None:
    own = bench.folder / "ngrok.yml"
    own.write_text(f"version: '3'\nagent:\n  authtoken: {TOKEN}  # mine\n", "utf-8")
    before = own.read_bytes()
    bench.monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_CONFIG_PATH", str(own))
    async with bench.ngrok(authtoken=None) as tunnel:
        await tunnel.open(9)
    assert bench.config == own
    assert own.read_bytes() == before


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "all_proxy"])
async def test_a_dead_proxy_in_the_environment_is_not_used(bench: Bench, name: str) -> None:
    bench.monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with asyncio.timeout(20), bench.ngrok() as tunnel:
        await tunnel.open(9)
    assert name not in bench.seen["env"]
    assert "NO_PROXY" not in os.environ


def test_every_code_is_found_in_what_ngrok_says_of_it() -> None:
    for number, reason in CODES.items():
        code = find_code(None, "failed to start", f"refused: ...\r\nERR_NGROK_{number}\r\n")
        assert (code, reason_of(code)) == (f"ERR_NGROK_{number}", reason)


@pytest.mark.parametrize(("number", "reason"), [*ONE_EACH, *NAMING_THE_TOKEN])
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


@pytest.mark.parametrize(("number", "reason"), [*ONE_EACH, NAMING_THE_TOKEN[0]])
async def test_a_refused_endpoint_has_its_reason(bench: Bench, number: int, reason: Reason) -> None:
    error = await failure(bench, f"open-{number}")
    assert (error.reason, error.code) == (reason, f"ERR_NGROK_{number}")


@pytest.mark.parametrize(
    ("way", "limit", "reason", "said"),
    [
        ("silent", 0.5, Reason.AGENT_FAILED, "No session"),
        ("offline", 3, Reason.BLOCKED, "no such host"),
        ("too-old", 8, Reason.AGENT_TOO_OLD, "/api/endpoints"),
        ("stderr", 8, Reason.AGENT_FAILED, "config file is broken"),
    ],
)
async def test_an_agent_that_gives_no_session(
    bench: Bench, way: str, limit: float, reason: Reason, said: str
) -> None:
    error = await failure(bench, way, limit=limit)
    assert error.reason is reason
    assert said in error.detail


async def test_a_slow_answer_is_looked_up_rather_than_asked_for_again(bench: Bench) -> None:
    async with bench.ngrok("slow", request_limit=1.5) as tunnel:
        assert (await tunnel.open(9)).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("way", ["flaps", "early-flap"])
async def test_a_session_lost_and_back_is_told(bench: Bench, way: str) -> None:
    async with bench.ngrok(way) as tunnel:
        url = await tunnel.open(9)
        told = await changes(tunnel, 3)
    assert [change.state for change in told] == ["up", "lost", "reconnected"]
    assert told[2].url == url


async def test_a_session_lost_before_the_url_was_known_is_told(bench: Bench) -> None:
    async with bench.ngrok("early-loss") as tunnel:
        await tunnel.open(9)
        told = await changes(tunnel, 2)
    assert [change.state for change in told] == ["up", "lost"]


async def test_a_session_that_comes_back_with_another_url_tells_it(bench: Bench) -> None:
    async with bench.ngrok("moves") as tunnel:
        url = await tunnel.open(9)
        told = await changes(tunnel, 3)
        assert tunnel.url == told[2].url
    assert [change.url for change in told[:2]] == [url, url]
    assert (told[2].state, told[2].url) == ("reconnected", "https://another-name.ngrok-free.app")


async def test_an_agent_that_dies_at_once_is_noticed_quietly(
    bench: Bench, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    tunnel = bench.ngrok("dies")
    assert await tunnel.open(9)
    async with asyncio.timeout(10):
        told = [change.state async for change in tunnel.changes]
    assert told == ["up", "closed"]
    await tunnel.close()
    assert tunnel.url is None
    assert bench.left() == []
    assert list(bench.pids.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


async def test_an_agent_ended_from_outside_is_noticed(bench: Bench) -> None:
    tunnel = bench.ngrok()
    await tunnel.open(9)
    os.kill(bench.seen["pid"], signal.SIGKILL)
    async with asyncio.timeout(5):
        told = [change async for change in tunnel.changes]
    assert told[-1].state == "closed"
    assert "stopped" in told[-1].detail
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


async def test_an_agent_of_ours_that_may_not_be_run_any_more_was_taken_from_us(
    bench: Bench,
) -> None:
    bench.monkeypatch.setattr("pyngrok.conf.DEFAULT_NGROK_PATH", str(bench.agent))
    bench.agent.chmod(0o600)
    error = await failure(bench, "")
    assert error.reason is Reason.AGENT_REMOVED
    assert str(bench.agent) in error.detail


async def test_an_agent_that_is_gone_as_soon_as_it_is_there_was_taken_from_us(bench: Bench) -> None:
    bench.monkeypatch.setattr("pyngrok.installer.install_ngrok", lambda *_, **__: None)
    bench.agent.unlink()
    assert (await failure(bench, "")).reason is Reason.AGENT_REMOVED


async def test_a_folder_that_can_not_be_had_costs_the_note_and_not_the_tunnel(
    bench: Bench,
) -> None:
    bench.pids.write_text("in the way", "utf-8")
    async with bench.ngrok() as tunnel:
        assert await tunnel.open(9)
    assert bench.left() == []
