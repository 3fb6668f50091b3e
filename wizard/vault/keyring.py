"""The six credentials in the system's own keyring, one entry each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from wizard.support.echoes import echo_at_exit
from wizard.support.quiet import Hush
from wizard.support.threads import run_in_thread
from wizard.values.credentials import (
    CREDENTIALS,
    KEPT,
    NGROK_AUTHTOKEN,
    Secret,
    Value,
    Values,
    plain,
)
from wizard.vault.backends import (
    CHAINER,
    asks_on_terminal,
    backend_of,
    guarded,
    holds_any,
    is_silent,
    keyring_in_use,
)
from wizard.vault.errors import Reason, VaultError
from wizard.vault.vault import Backend

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

LIMIT = 60.0
"""Seconds for one call: time enough to type a wallet's password into its dialog."""

PATIENCE = 1.0
"""Seconds after which one wonders what is going on."""
on_wait: list[Callable[[], None]] = [lambda: None]
"""The last of these is called where a call takes that long."""

Result = TypeVar("Result")


Turn: TypeAlias = Callable[[], AbstractContextManager[None]]
"""No other program writes to the keyring in its block."""


@contextmanager
def told_of_a_wait() -> Iterator[None]:
    """Where the block takes a while, for the keyring or for another program's turn at it, that is
    said (`on_wait`)."""
    telling = asyncio.get_running_loop().call_later(PATIENCE, on_wait[-1])
    try:
        yield
    finally:
        telling.cancel()


class _Service:
    """One service of the keyring, asked and written in threads, within a limit."""

    def __init__(self, service: str, limit: float, turn: Turn) -> None:
        self._turn = turn
        self._service = service
        self._limit = limit
        self._writing = asyncio.Lock()

    async def put(self, name: str, value: Value) -> None:
        """Stores a value and reads it back: some back ends say yes and keep nothing."""
        await self._in_turn(lambda: _write(self._service, name, value))

    async def delete(self, name: str) -> bool:
        """Deletes an entry; false where there was none."""
        return await self._in_turn(lambda: _delete(self._service, name))

    async def describe(self) -> Backend:
        return await self._asked(lambda: backend_of(keyring_in_use()))

    async def _asked(self, call: Callable[[], Result]) -> Result:
        hush = Hush()
        try:
            with told_of_a_wait():
                return await self._within_limit(
                    run_in_thread(lambda: _quietly(call, hush), timeout=self._limit)
                )
        finally:
            hush.end()  # also of a call that is given up, and runs on

    async def _in_turn(self, call: Callable[[], Result]) -> Result:
        """One write at a time: Windows' back end moves the service's other entry meanwhile.

        The turn ends with the thread, not with the wait for it: a write that was given up may
        still come through, and must not undo a newer one.
        """
        loop = asyncio.get_running_loop()

        def write() -> Result:
            try:
                with self._turn():
                    return call()
            finally:
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._writing.release)

        await self._within_limit(self._writing.acquire())
        return await self._asked(write)

    async def _within_limit(self, answer: Awaitable[Result]) -> Result:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit):
                return await answer
        raise VaultError(Reason.TIMEOUT, f"No response within {self._limit:g} seconds.")


class KeyringVault(_Service):
    """A profile's six entries in the service `whatsapp-wizard:<profile>`."""

    persistent = True

    def __init__(self, profile: str, *, limit: float = LIMIT, turn: Turn = nullcontext) -> None:
        super().__init__(f"whatsapp-wizard:{profile}", limit, turn)

    async def load(self) -> Values:
        """All that is stored; values come one after another from a single thread."""
        held = await self._asked(lambda: _read_all(self._service))
        values = Values()
        for name, value in held.items():
            values = values.with_(name, value)
        return values

    async def holds_any(self) -> bool:
        """Whether any of the six is stored, where the backend can say so at once."""
        return await self._asked(lambda: holds_any(keyring_in_use(), self._service))

    async def put_all(self, values: Values) -> None:
        """As `put` for each, without reading back where the backend itself says what it kept."""
        for name, value in values.present():
            await self._in_turn(partial(_write, self._service, name, value, is_certain=False))

    async def delete_all(self, names: Iterable[str]) -> None:
        """As `delete` for each of what is known to be there, without a look at it first."""
        for name in names:
            await self._in_turn(partial(_delete_known, self._service, name))


class MachineVault(_Service):
    """What belongs to the machine, in the service `whatsapp-wizard`: ngrok's authtoken.

    Every call may raise `VaultError`.
    """

    def __init__(self, *, limit: float = LIMIT, turn: Turn = nullcontext) -> None:
        super().__init__("whatsapp-wizard", limit, turn)

    async def authtoken(self) -> Secret | None:
        name = NGROK_AUTHTOKEN.name
        held = await self._asked(lambda: _read(keyring_in_use(), self._service, name))
        return held if isinstance(held, Secret) else None

    async def keep_authtoken(self, token: Secret) -> None:
        await self.put(NGROK_AUTHTOKEN.name, token)


def _quietly(call: Callable[[], Result], hush: Hush) -> Result:
    """Makes a call to a backend, which may write to the terminal only to ask for a password."""
    hush.begin()
    try:
        if asks_on_terminal():
            hush.end()
            echo_at_exit()
        return call()
    finally:
        hush.end()


def _read_all(service: str) -> dict[str, Value]:
    backend, held = keyring_in_use(), dict[str, Value]()
    for name in CREDENTIALS:
        value = _read(backend, service, name)
        if value is not None:
            held[name] = value
    return held


def _read(backend: KeyringBackend, service: str, name: str) -> Value | None:
    """One value. Its raw text lives in no frame that an error passes through."""

    def ask() -> Value | None:
        text: object = backend.get_password(service, name)
        if text and not isinstance(text, str):
            raise TypeError
        return KEPT[name].wrap(text) if isinstance(text, str) and text else None

    return guarded(backend, ask, Reason.UNREADABLE)


def _write(service: str, name: str, value: Value, *, is_certain: bool = True) -> None:
    """Stores a value; `is_certain` has it read back, whatever the backend says of itself."""
    backend = keyring_in_use()
    guarded(backend, lambda: backend.set_password(service, name, plain(value)), Reason.WRITE_FAILED)
    if not is_certain and not is_silent(backend):
        return
    if guarded(
        backend, lambda: backend.get_password(service, name) == plain(value), Reason.UNREADABLE
    ):
        return
    if type(backend).__module__ == CHAINER and _read(backend, service, name) is None:
        raise VaultError(Reason.NO_BACKEND, "None of the chained backends stores values.")
    raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")


def _delete(service: str, name: str) -> bool:
    backend = keyring_in_use()
    if _read(backend, service, name) is None:
        return False
    guarded(backend, partial(backend.delete_password, service, name), Reason.WRITE_FAILED)
    _refuse_leftover(backend, service, name)
    return True


def _delete_known(service: str, name: str) -> None:
    backend = keyring_in_use()
    try:
        guarded(backend, partial(backend.delete_password, service, name), Reason.WRITE_FAILED)
    except VaultError as error:
        # What an earlier run deleted is no failure, but backends raise of that what they like.
        if error.reason is not Reason.WRITE_FAILED or _read(backend, service, name) is not None:
            raise
    else:
        if is_silent(backend):
            _refuse_leftover(backend, service, name)


def _refuse_leftover(backend: KeyringBackend, service: str, name: str) -> None:
    if _read(backend, service, name) is not None:
        raise VaultError(Reason.WRITE_FAILED, "It was deleted, but is still there.")
