"""`listen` as a program, its tunnel by the real pyngrok on a stand-in agent."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.commands.test_listen import APP_SECRET, ENV, Lines, shake
from tests.cli.shell import Shell
from tests.tunnel.conftest import TOKEN, executable
from tests.webhook.meta import headers, written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
AGENT = Path(__file__).parents[1] / "tunnel" / "stand_in_agent.py"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    agent = executable(tmp_path / "ngrok", AGENT.read_text("utf-8"))
    seen = {"STANDIN_SEEN": str(tmp_path / "seen.json")}
    return Shell(
        tmp_path, ENV | seen | {"PYNGROK_NGROK_PATH": str(agent), "NGROK_AUTHTOKEN": TOKEN}
    )


def agent_pid(shell: Shell) -> int:
    pid: int = json.loads((shell.folder / "seen.json").read_text("utf-8"))["pid"]
    return pid


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


FLAGS = ("listen", "--env", "--json", "--no-register")


def test_a_message_to_the_public_address_arrives_and_the_agent_ends_with_us(shell: Shell) -> None:
    with shell.start(*FLAGS) as process:
        lines = Lines(process)
        ready = lines.until("ready")
        assert ready["callback_url"] != ready["local_url"]
        lines.until("finding", id="webhook.verified")
        assert shake(ready["callback_url"]).text == "1158201444"
        body = written()
        signed = headers(body, APP_SECRET)
        assert httpx.post(ready["callback_url"], content=body, headers=signed).status_code == 200
        assert lines.until("message")["signature"] == "valid"
        pid = agent_pid(shell)
        assert runs(pid)
        code, said = lines.end()
        assert (code, TOKEN in said) == (130, False)
        assert not runs(pid)


def test_an_agent_that_somebody_kills_is_started_again(shell: Shell) -> None:
    with shell.start(*FLAGS) as process:
        lines = Lines(process)
        lines.until("ready")
        lines.until("finding", id="verify_token.valid")
        before = agent_pid(shell)
        os.kill(before, signal.SIGKILL)
        lines.until("tunnel", state="closed")
        lines.until("ready")
        lines.until("finding", id="verify_token.valid")
        assert agent_pid(shell) != before
        lines.end()


def test_an_agent_that_outlived_a_killed_run_is_ended_by_the_next(shell: Shell) -> None:
    with shell.start(*FLAGS) as process:
        Lines(process).until("ready")
        left = agent_pid(shell)
        process.kill()
        process.wait(10)
        assert runs(left)
    with shell.start(*FLAGS) as process:
        lines = Lines(process)
        lines.until("ready")
        assert agent_pid(shell) != left
        assert not runs(left)
        lines.end()


@pytest.mark.parametrize(
    ("way", "id_"),
    [
        ("login-107", "tunnel.authtoken_invalid"),
        ("login-108", "tunnel.session_limit"),
        ("open-334", "tunnel.endpoint_in_use"),
        ("stderr", "tunnel.agent_failed"),
    ],
)
def test_why_there_is_no_tunnel_is_a_finding_without_the_authtoken(
    shell: Shell, way: str, id_: str
) -> None:
    ended = shell(*FLAGS, env={"STANDIN": way})
    assert ended.code == 1
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == [id_]
    assert TOKEN not in ended.said
    assert "Traceback" not in ended.said
