"""`send` on a terminal: nothing leaves before somebody has said yes to what is on the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.commands.test_send import SHOWN, TO, free_url
from tests.cli.world import Pretended
from wizard.simulator.world.objects import Phone, Subscription

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, Terminal, run

PIN = "246810"


@contextmanager
def asked(folder: Path, env: Mapping[str, str], *flags: str) -> Iterator[Terminal]:
    """A `send` that has come to its first question, with the recipient on screen."""
    with run("send", TO, "--env", *flags, folder=folder, env=env) as terminal:
        terminal.shows(SHOWN, "From", "Message", "end it? [y/N]")
        yield terminal


def own(meta: Pretended) -> Phone:
    """The own number, to which somebody has just written."""
    phone = meta.world.own_number
    meta.world.dispatcher.sending_rules.last_heard[phone.id, TO.lstrip("+")] = meta.world.now()
    return phone


@pytest.mark.parametrize("answer", ["n\r", "\r", CTRL["c"]])
def test_whoever_does_not_say_yes_sends_nothing(
    tmp_path: Path, meta: Pretended, answer: str
) -> None:
    env = meta.healthy()
    with asked(tmp_path, env) as terminal:
        calls = meta.calls
        terminal.keys(answer)
        assert terminal.end() == 130
        assert meta.calls == calls


def test_it_may_be_sent_without_being_followed(tmp_path: Path, meta: Pretended) -> None:
    with asked(tmp_path, meta.healthy()) as terminal:
        terminal.keys("y\r")
        terminal.shows("Track it until it is delivered?")
        terminal.keys("n\r")
        terminal.shows("Meta accepted the message")
        assert terminal.end() == 0
        assert meta.world.test_number.override_callback_uri is None


def test_it_is_followed_to_delivered(tmp_path: Path, meta: Pretended) -> None:
    env = meta.healthy()
    meta.world.dispatcher.pace = 0
    meta.world.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    with asked(tmp_path, env, "--url", free_url()) as terminal:
        terminal.keys("y\r")
        terminal.shows("Track it until it is delivered?")
        terminal.keys("y\r")
        terminal.shows("The message is delivered")
        assert terminal.end() == 0


def test_a_number_is_registered_on_the_spot_with_a_pin_that_is_not_shown(
    tmp_path: Path, meta: Pretended
) -> None:
    env = meta.broken("message.not_registered")
    phone = own(meta)
    with asked(tmp_path, env, "--no-follow", "--text", "Halo") as terminal:
        terminal.keys("y\r")
        terminal.shows("The sending number is not registered", "Register it now")
        assert phone.platform_type == "NOT_APPLICABLE"
        terminal.keys("y\r")
        terminal.shows("PIN of 6 digits:")
        terminal.keys(f"{PIN}\r")
        terminal.shows("The number is registered", "Meta accepted the message")
        assert terminal.end() == 0
        assert PIN.encode() not in terminal.written
    assert meta.world.dispatcher.sending_rules.pins[phone.id] == PIN


def test_a_pin_may_be_asked_for_beforehand(tmp_path: Path, meta: Pretended) -> None:
    env = meta.broken("message.not_registered")
    own(meta)
    with asked(tmp_path, env, "--register", "--no-follow", "--text", "Halo") as terminal:
        terminal.keys("y\r")
        terminal.shows("PIN of 6 digits:")
        terminal.keys("12\r")
        terminal.shows("A PIN has 6 digits.")
        assert terminal.end() == 2
        assert own(meta).platform_type == "NOT_APPLICABLE"
