"""A question that a keyring nobody knows asks on the terminal, before a screen is drawn over it."""

from __future__ import annotations

import threading
import time

from wizard.support.echoes import hides_typing
from wizard.support.quiet import Hush, unhush_question
from wizard.values.credentials import CREDENTIALS
from wizard.vault.backends import backend_of, keyring_in_use
from wizard.vault.entries import quietly, read, service_of
from wizard.vault.errors import Reason, VaultError
from wizard.vault.waiting import PATIENCE

_LOOK = 0.05


def await_first_answer(profile: str) -> None:
    """Reads a value, and waits for as long as the backend asks for an answer on the terminal. One
    that takes its time otherwise goes on beside. Raises `VaultError` where it asked and stays
    shut."""
    ended, raised = threading.Event(), list[VaultError]()
    hush = Hush()

    def ask() -> None:
        name = next(iter(CREDENTIALS))
        try:
            quietly(lambda: read(keyring_in_use(), service_of(profile), name), hush)
        except VaultError as error:
            raised.append(error)
        finally:
            ended.set()

    threading.Thread(target=ask, name="keyring", daemon=True).start()
    asks, until = False, time.monotonic() + PATIENCE
    while not ended.wait(_LOOK):
        asks = asks or unhush_question() or hides_typing()
        if not asks and time.monotonic() > until:
            hush.end()
            return
    if asks and raised:
        raise VaultError(Reason.LOCKED, backend_of(keyring_in_use()).name)
