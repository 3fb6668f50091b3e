"""The keyring looked into without a task."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend

from tests.vault.backends import Failing, Hanging, Held
from tests.vault.contract import TOKEN
from wizard.vault import Reason
from wizard.vault.glance import glance

Use = Callable[[KeyringBackend], None]


@pytest.fixture
def use() -> Iterator[Use]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture
def hanging(use: Use, monkeypatch: pytest.MonkeyPatch) -> Hanging:
    """A keyring that answers when it is told to, and for whom nobody has patience."""
    monkeypatch.setattr("wizard.vault.waiting.PATIENCE", 0.01)
    use(backend := Hanging())
    return backend


def nobody() -> None:
    raise AssertionError("there was nothing to wait for")


def test_a_glance_tells_the_values_their_place_and_the_machines_token(use: Use) -> None:
    backend = Held()
    backend.entries["whatsapp-wizard:shop", "access_token"] = TOKEN.reveal()
    backend.entries["whatsapp-wizard", "ngrok_authtoken"] = "an-authtoken"
    use(backend)
    held = glance("shop", nobody)
    assert dict(held.values.present()) == {"access_token": TOKEN}
    assert held.backend is not None
    assert (held.has_authtoken, held.error) == (True, None)
    assert glance("another", nobody).has_authtoken
    assert not any(glance("another", nobody).values.present())


def test_a_keyring_that_can_not_be_read_is_told_of(use: Use) -> None:
    use(Failing(errors.KeyringLocked("locked")))
    held = glance("shop", nobody)
    assert held.error is not None
    assert held.error.reason is Reason.LOCKED
    assert (held.backend, held.has_authtoken) == (None, None)


def test_whoever_waits_is_told_and_a_keyring_that_never_answers_is_given_up(
    hanging: Hanging,
) -> None:
    told: list[str] = []
    held = glance("shop", lambda: told.append("waiting"), limit=0.1)
    hanging.answered.set()
    assert told == ["waiting"]
    assert held.error is not None
    assert held.error.reason is Reason.TIMEOUT
    assert "0.1 seconds" in held.error.detail


def test_a_keyring_that_takes_a_while_is_waited_for(hanging: Hanging) -> None:
    told: list[str] = []
    threading.Timer(0.05, hanging.answered.set).start()
    assert glance("shop", lambda: told.append("waiting"), limit=10).error is None
    assert told == ["waiting"]
