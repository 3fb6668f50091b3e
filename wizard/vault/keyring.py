"""The six credentials in the system's own keyring, one entry each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import TypeAlias, TypeVar

from wizard.support.quiet import Hush
from wizard.support.threads import run_in_thread
from wizard.values.credentials import NGROK_AUTHTOKEN, Secret, Value, Values
from wizard.vault.backends import describe, described, holds_any, keyring_in_use
from wizard.vault.entries import (
    MACHINE,
    delete,
    delete_known,
    quietly,
    read,
    read_all,
    service_of,
    write,
)
from wizard.vault.errors import no_response
from wizard.vault.vault import Backend
from wizard.vault.waiting import LIMIT, told_of_a_wait

Result = TypeVar("Result")

Turn: TypeAlias = Callable[[], AbstractContextManager[None]]
"""No other program writes to the keyring in its block."""


class _Service:
    """One service of the keyring, asked and written in threads, within a limit."""

    def __init__(self, service: str, limit: float, turn: Turn) -> None:
        self._turn = turn
        self._service = service
        self._limit = limit
        self._writing = asyncio.Lock()

    async def put(self, name: str, value: Value) -> None:
        """Stores a value and reads it back: some back ends say yes and keep nothing."""
        await self._in_turn(lambda: write(self._service, name, value))

    async def delete(self, name: str) -> bool:
        """Deletes an entry; false where there was none."""
        return await self._in_turn(lambda: delete(self._service, name))

    async def describe(self) -> Backend:
        """What keyring has chosen; asked once however many profiles there are."""
        known = described()
        return known if known is not None else await self._asked(describe)

    async def _asked(self, call: Callable[[], Result]) -> Result:
        hush = Hush()
        try:
            with told_of_a_wait():
                return await self._within_limit(
                    run_in_thread(lambda: quietly(call, hush), timeout=self._limit)
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
        raise no_response(self._limit)


class KeyringVault(_Service):
    """A profile's six entries in the service `whatsapp-wizard:<profile>`."""

    persistent = True

    def __init__(self, profile: str, *, limit: float = LIMIT, turn: Turn = nullcontext) -> None:
        super().__init__(service_of(profile), limit, turn)

    async def load(self) -> Values:
        """All that is stored; values come one after another from a single thread."""
        return await self._asked(lambda: read_all(self._service))

    async def holds_any(self) -> bool:
        """Whether any of the six is stored, where the backend can say so at once."""
        return await self._asked(lambda: holds_any(keyring_in_use(), self._service))

    async def put_all(self, values: Values) -> None:
        """As `put` for each, without reading back where the backend itself says what it kept."""
        for name, value in values.present():
            await self._in_turn(partial(write, self._service, name, value, is_certain=False))

    async def delete_all(self, names: Iterable[str]) -> None:
        """As `delete` for each of what is known to be there, without a look at it first."""
        for name in names:
            await self._in_turn(partial(delete_known, self._service, name))


class MachineVault(_Service):
    """What belongs to the machine, in the service `whatsapp-wizard`: ngrok's authtoken.

    Every call may raise `VaultError`.
    """

    def __init__(self, *, limit: float = LIMIT, turn: Turn = nullcontext) -> None:
        super().__init__(MACHINE, limit, turn)

    async def authtoken(self) -> Secret | None:
        name = NGROK_AUTHTOKEN.name
        held = await self._asked(lambda: read(keyring_in_use(), self._service, name))
        return held if isinstance(held, Secret) else None

    async def keep_authtoken(self, token: Secret) -> None:
        await self.put(NGROK_AUTHTOKEN.name, token)
