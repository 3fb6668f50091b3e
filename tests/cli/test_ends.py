"""How a command ends when it is cut off, when nobody reads it, and when it is broken itself."""

from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.shell import Ended, Process, Shell
from tests.cli.world import GRAPH_URL, SECRETS, VALUES, Pretended
from wizard.values.credentials import MASK

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and shells of POSIX")


@posix
def test_ctrl_c_ends_a_check_that_waits_for_an_answer(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(20)
        env[GRAPH_URL] = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with shell.start("check", "--env", env=env) as process:
            connection, _ = deaf.accept()
            with connection:
                connection.recv(1024)
                assert interrupted(process) == Ended(130, "", "Interrupted.")


@posix
def test_ctrl_c_ends_a_command_that_waits_for_the_keyring(shell: Shell) -> None:
    asked = shell.folder / "asked"
    env = {"TEST_KEYRING_MOOD": "deaf", "TEST_KEYRING_ASKED": str(asked)}
    with shell.start("status", env=env) as process:
        deadline = time.monotonic() + 10
        while not asked.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert interrupted(process) == Ended(130, "", "Interrupted.")


def interrupted(process: Process) -> Ended:
    """What a process leaves that gets a Ctrl+C; it has a moment for it."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    return Ended(process.wait(), out, err.strip())


@posix
@pytest.mark.parametrize(
    "line",
    ["$WIZARD demo --plain | head -n 1", "$WIZARD check --env --json | true", "$WIZARD check | :"],
)
def test_a_reader_who_leaves_early_is_met_with_silence(shell: Shell, line: str) -> None:
    ended = shell.script(line)
    assert ended.code == 0
    assert ended.err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device without room")
@pytest.mark.parametrize("command", ["status --json", "help", "demo --plain"])
def test_a_disk_without_room_is_no_bug(shell: Shell, command: str) -> None:
    ended = shell.script(f"$WIZARD {command} > /dev/full")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "Error: Can't write the output: No space left on device.\n"


# A bug of ours


def reports(ended: Ended) -> list[Path]:
    """The report files that a message names."""
    return [Path(path) for path in re.findall(r"attach (\S+) to", ended.err)]


def test_a_bug_is_one_sentence_and_a_report_without_a_secret(shell: Shell) -> None:
    shell.fill()
    bug = " ".join([*SECRETS, f"https://graph.facebook.com/?access_token={SECRETS[1]}&x=1"])
    ended = shell(
        "status",
        "--json",
        env={"TEST_BUG": bug, **dict.fromkeys(("TMPDIR", "TEMP"), str(shell.folder))},
    )
    assert (ended.code, ended.out) == (70, "")
    assert len(ended.err.splitlines()) == 1
    assert "Traceback" not in ended.err
    (path,) = reports(ended)
    text = path.read_text("utf-8")
    assert not [value for value in SECRETS if value in text + ended.err]
    assert {"RuntimeError", "LookupError"} <= set(text.splitlines())
    assert "outer" not in text + ended.err
    assert re.search(r"status\.py:\d+ in status", text)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_bug_on_a_full_disk_is_still_one_sentence(shell: Shell) -> None:
    shell.fill()
    ended = shell("status", "--json", env={"TEST_BUG": SECRETS[1], "TEST_DISK_FULL": "1"})
    assert (ended.code, ended.out) == (70, "")
    assert len(ended.err.splitlines()) == 1
    assert "No space left" in ended.err
    assert SECRETS[1] not in ended.err


# What the terminal can show


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_that_lacks_our_signs_stops_nothing(
    shell: Shell, meta: Pretended, encoding: str
) -> None:
    env = meta.broken("access_token.expired") | {"PYTHONIOENCODING": encoding}
    ended = shell("check", "--env", env=env)
    assert (ended.code, ended.err) == (1, "")
    assert "The access token has expired" in ended.out
    as_json = shell("check", "--env", "--json", env=env)
    assert (as_json.code, as_json.json["primary"]) == (1, "access_token.expired")
    shell.fill()
    for command in (["--help"], ["status"], ["demo", "--plain"]):
        ended = shell(*command, env={"PYTHONIOENCODING": encoding})
        assert (ended.code, ended.err) == (0, "")
        assert ended.out


def test_the_plainest_of_locales_stops_nothing(shell: Shell) -> None:
    env = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = shell("demo", "--plain", env=env)
    assert ended.code == 0
    assert ended.out


@posix
class TestInATerminal:
    """The same commands in a pty, where colour and questions belong."""

    def run(self, shell: Shell, *arguments: str, keys: str = "", **env: str) -> tuple[int, str]:
        """Exit code and everything written; `keys` are typed at the first question."""
        from tests.e2e.terminal import run

        with run(*arguments, folder=shell.state.parent, env={**shell.env, **env}) as terminal:
            if keys:
                terminal.until(lambda screen: screen.rstrip().endswith(":"))
                terminal.keys(keys)
            return terminal.end(), terminal.written.decode()

    def test_colour_is_for_those_who_see_it_and_want_it(
        self, shell: Shell, meta: Pretended
    ) -> None:
        env = meta.healthy()
        code, written = self.run(shell, "check", "--env", **env)
        assert code == 0
        assert "\x1b[32m✓" in written
        code, written = self.run(shell, "check", "--env", NO_COLOR="1", **env)
        assert code == 0
        assert not re.search(r"\x1b\[\d*m", written)

    def test_a_dumb_terminal_gets_lines_without_colour_and_no_screen(
        self, shell: Shell, meta: Pretended
    ) -> None:
        code, written = self.run(shell, TERM="dumb")
        assert (code, "needs a terminal" in written) == (2, True)
        code, written = self.run(shell, "check", "--env", TERM="dumb", **meta.healthy())
        assert (code, "\x1b" in written) == (0, False)

    def test_a_secret_is_asked_for_and_not_echoed(self, shell: Shell) -> None:
        token = VALUES["access_token"]
        code, written = self.run(shell, "set", "access_token", keys=f"{token}\r")
        assert code == 0
        assert "Access token" in written
        assert token not in written
        assert shell.stored() == {"access_token": token}

    def test_an_id_is_seen_while_it_is_typed(self, shell: Shell) -> None:
        _, written = self.run(shell, "set", "app_id", keys=f"{VALUES['app_id']}\r")
        assert VALUES["app_id"] in written
        assert shell.stored() == {"app_id": VALUES["app_id"]}

    @pytest.mark.parametrize(
        ("keys", "code", "kept"), [("y\r", 0, 0), ("\r", 1, 6), ("\x03", 130, 6)]
    )
    def test_forget_asks_and_takes_only_a_yes(
        self, shell: Shell, keys: str, code: int, kept: int
    ) -> None:
        shell.fill()
        ended, written = self.run(shell, "forget", keys=keys)
        assert (ended, len(shell.stored())) == (code, kept)
        assert "of profile default" in written

    def test_status_masks_as_well_where_somebody_looks(self, shell: Shell) -> None:
        shell.fill()
        code, written = self.run(shell, "status")
        assert (code, written.count(MASK)) == (0, 3)
        assert not [value for value in SECRETS if value in written]


# What is loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", "app_id", "--stdin"],
        ["forget", "--yes"],
        [],
    ],
    ids=str,
)
def test_no_command_but_the_walk_itself_loads_the_tui(shell: Shell, arguments: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr))\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "from wizard.cli import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=VALUES["app_id"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=shell.folder,
        env=shell.env,
    )
    modules = ended.stderr.rpartition("LOADED ")[2].split()
    assert "wizard.cli" in modules
    assert "textual" not in modules
