"""Every way to lose a terminal ends every screen within five seconds, and leaves no process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import ENTER, Terminal, run

IN_TIME = 5.0
SCREENS = ("walk", "demo", "rotate")
SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT)


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def two_steps_in(terminal: Terminal, screen: str) -> None:
    if screen == "rotate":
        terminal.shows("Paste the")
        return
    terminal.shows("Set up the WhatsApp Cloud API")
    terminal.keys(ENTER)
    if screen == "walk":
        terminal.shows("There is no keyring")
        terminal.keys("\x1b[B", ENTER)
        terminal.shows("In memory only")
    terminal.shows("What you need")
    terminal.keys(ENTER)
    terminal.shows("2.1")
    terminal.keys(ENTER)
    terminal.shows("2.2")


def arguments(screen: str) -> list[str]:
    return [] if screen == "walk" else [screen]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_closed_pty_ends_it(tmp_path: Path, screen: str) -> None:
    with run(*arguments(screen), folder=tmp_path) as terminal:
        two_steps_in(terminal, screen)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, terminal.child.child_fd)  # closes the pty, and leaves pexpect a file
        os.close(nothing)
        pid = terminal.child.pid
        ended = wait_until(lambda: not is_running(pid), IN_TIME)
        if not ended:
            os.kill(pid, signal.SIGKILL)
        assert ended


@pytest.mark.parametrize(
    ("screen", "number"), [*zip(SCREENS, SIGNALS, strict=True), ("walk", signal.SIGUSR2)]
)
def test_a_signal_ends_it(tmp_path: Path, screen: str, number: signal.Signals) -> None:
    with run(*arguments(screen), folder=tmp_path, cold=screen == "demo") as terminal:
        two_steps_in(terminal, screen)
        terminal.child.kill(number)
        assert terminal.end(seconds=IN_TIME) == 128 + number
        assert terminal.is_as_found


def test_a_terminal_that_reads_no_more_does_not_keep_it_alive(tmp_path: Path) -> None:
    with run("demo", folder=tmp_path) as terminal:
        two_steps_in(terminal, "demo")
        # Draws far more than a pty holds, and is not read.
        for _ in range(400):
            terminal.child.send("\x1b[C\x1b[D/")
            time.sleep(0.005)
        time.sleep(0.5)
        terminal.child.kill(signal.SIGTERM)
        assert wait_until(lambda: not is_running(terminal.child.pid), IN_TIME)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
@pytest.mark.parametrize("screen", ["walk", "demo"])
def test_a_killed_tmux_server_ends_it(tmp_path: Path, screen: str) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull]
    pid_file = tmp_path / "pid"
    env = {
        **os.environ,
        "WHATSAPP_WIZARD_STATE_DIR": str(tmp_path / "state"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    command = [sys.executable, "-m", "wizard", *arguments(screen)]
    shell = f"echo $$ > {pid_file}; exec {' '.join(command)}"
    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "100", "-y", "30", shell], env=env, check=True
    )

    def shown() -> str:
        return subprocess.run(
            [*tmux, "capture-pane", "-p"], capture_output=True, text=True, check=False
        ).stdout

    def keys(*names: str) -> None:
        subprocess.run([*tmux, "send-keys", *names], check=True)

    assert wait_until(lambda: "Set up the WhatsApp Cloud API" in shown(), 20)
    keys("Enter")
    if screen == "walk":
        assert wait_until(lambda: "There is no keyring" in shown(), 10)
        keys("Down", "Enter")
        assert wait_until(lambda: "In memory only" in shown(), 10)
    assert wait_until(lambda: "What you need" in shown(), 10)
    keys("Enter")
    assert wait_until(lambda: "2.1" in shown(), 10)
    keys("Enter")
    assert wait_until(lambda: "2.2" in shown(), 10)
    pid = int(pid_file.read_text())
    subprocess.run([*tmux, "kill-server"], check=True)
    assert wait_until(lambda: not is_running(pid), IN_TIME)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # whoever began it has taken note of its end
        return False
    return "Z" not in stat.rpartition(")")[2].split()[0]
