"""`listen` at a terminal: what it asks, and what it does with the answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.commands.test_listen import free_port
from tests.cli.world import Pretended
from wizard.simulator.world.objects import Subscription

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, run

THEIRS = "https://prod.example.com/webhook"


@pytest.mark.parametrize("answer", ["y", "", "n"])
def test_a_callback_of_somebody_elses_is_replaced_only_after_a_yes(
    tmp_path: Path, meta: Pretended, answer: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(THEIRS, ("messages",)))
    url = f"http://127.0.0.1:{free_port()}"
    with run("listen", "--env", "--url", url, folder=tmp_path, env=env) as terminal:
        terminal.shows("Replace", "[y/N]")
        terminal.keys(answer, ENTER)
        if answer == "y":
            terminal.shows("Write to the business number")
        terminal.keys(CTRL["c"])
        terminal.shows("Stopped the tunnel and the endpoint.")
        assert terminal.end() == 130
    called = [hook.callback_url for hook in meta.world.app.subscriptions]
    assert (called == [THEIRS]) is (answer != "y")


def test_ctrl_c_at_the_question_ends_it_in_order(tmp_path: Path, meta: Pretended) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(THEIRS, ("messages",)))
    url = f"http://127.0.0.1:{free_port()}"
    with run("listen", "--env", "--url", url, folder=tmp_path, env=env) as terminal:
        terminal.shows("Replace", "[y/N]")
        terminal.keys(CTRL["c"])
        terminal.shows("Stopped the tunnel and the endpoint.")
        assert terminal.end() == 130
    assert b"Fatal" not in terminal.written


def test_an_authtoken_that_is_nowhere_is_asked_for_with_its_page(
    tmp_path: Path, meta: Pretended
) -> None:
    env = meta.healthy() | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with run("listen", "--env", folder=tmp_path, env=env) as terminal:
        terminal.shows("https://dashboard.ngrok.com/get-started/your-authtoken", "ngrok authtoken:")
        terminal.keys(CTRL["c"])
        assert terminal.end() == 130
