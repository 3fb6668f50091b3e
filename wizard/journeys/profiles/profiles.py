"""Profiles: which there are, which one is meant, and what can be done with one as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TypeVar

from wizard.journeys.profiles.current import refuse_alike
from wizard.journeys.profiles.listing import ProfileInfo, list_profiles
from wizard.settings import SettingError, profile_name
from wizard.state import (
    Entry,
    LockTimeoutError,
    ProfileIndex,
    StateError,
    StateFile,
    handover,
)
from wizard.support.threads import run_in_thread
from wizard.values.credentials import CREDENTIALS, Values
from wizard.vault import VaultError, WholeVault, told_of_a_wait

TIMEOUT = 60.0
"""Seconds to wait for a rotation of the same profile."""
_STATE_LIMIT = 10.0

Result = TypeVar("Result")


class ProfileError(Exception):
    """It can't be done; the text says why. `wrong` says that it was asked wrongly: at another
    time it would be no better."""

    def __init__(self, text: str, *, wrong: bool = True) -> None:
        super().__init__(text)
        self.wrong = wrong


def left_at_meta(one: ProfileInfo) -> Iterator[str]:
    """What is to be said of a profile before it is forgotten: what ours took the place of."""
    for before in one.progress.webhook.replaced:
        owner = f"{before.scope} {before.owner}"
        yield (
            f"At Meta, {before.by or 'this wizard'} replaced "
            f"{before.callback_url or 'none'} ({owner})."
        )
    if one.progress.webhook.replaced:
        yield (
            f"To restore it first: whatsapp-wizard restore --profile {one.name}. Later it is "
            "unknown."
        )


def refusal(name: str, there: list[str]) -> str:
    """Why no new profile can have this name beside these; empty where it can."""
    try:
        refuse_alike(ProfileIndex(dict.fromkeys(there, Entry())), profile_name(name))
    except SettingError as error:
        return str(error)
    return str(_there(name)) if name in there else ""


class Profiles:
    """What can be done with a profile as a whole.

    `vault` gives the vault of a name, which takes no turn of its own; `waiting` is called where a
    rotation has to end first. Every method may raise `ProfileError`, `SettingError` for a name that
    is none, `StateError`, and those that touch values `VaultError`. Whatever ends them, no value is
    lost: one under an old name is deleted when the keyring has confirmed all of them under the new
    one. As a keyring may ask a person each time, each value is read once, written once and deleted
    once, and nobody else of this program writes meanwhile.
    """

    def __init__(
        self,
        state: StateFile,
        vault: Callable[[str], WholeVault],
        *,
        waiting: Callable[[], None] = lambda: None,
        patience: float = TIMEOUT,
    ) -> None:
        self.state = state
        self._vault = vault
        self._waiting = waiting
        self._patience = patience

    async def listed(self) -> list[ProfileInfo]:
        return await self._remembered(lambda: list_profiles(self.state))

    async def renamed_to(self, name: str) -> str:
        """The profile that has the values of this one, where a rename came so far; or this one."""
        with suppress(StateError):
            register = await self._remembered(self.state.read_index)
            return register.entries.get(name, Entry()).moved_to or name
        return name

    async def create(self, name: str) -> None:
        """Lists a profile in which nothing is stored yet."""
        register = await self._free(name)
        if name in register.names:
            raise _there(name)
        await self._remembered(lambda: self.state.add_profile(name))

    async def switch(self, name: str) -> None:
        """From now on this profile is meant where none is named."""
        register = await self._remembered(self.state.read_index)
        if name in register.entries and register.current == name:
            return  # it needs no disk to stay so
        if name not in register.names:
            await self._load(profile_name(name), register)
        await self._remembered(lambda: self.state.add_profile(name))
        await self._remembered(lambda: self.state.switch(name))

    async def rename(self, old: str, new: str) -> Values:
        """All that is stored and remembered goes to another name; returns the values."""
        register = await self._both(old, new)
        self._refuse_used(old)
        async with self._turns(old, new):
            values = await self._load(old, register, new)
            if register.entries.get(old, Entry()).moved_to != new:
                await self._take(old, values, new, register)
                await self._remembered(lambda: handover.moved(self.state, old, new))
                there = values
            else:
                there = await self._vault(new).load()
            if trouble := _other(values, there):
                raise ProfileError(
                    f"{old} and {new} have different values for {trouble}: forget one of them, "
                    "then rename again.",
                    wrong=False,
                )
            await self._clear(old, values)
            return there

    async def copy(self, source: str, new: str) -> Values:
        """All that is stored goes to another name too; returns the values."""
        register = await self._both(source, new)
        async with self._turns(source, new):
            values = await self._load(source, register, new)
            await self._take(source, values, new, register)
            await self._remembered(lambda: handover.copied(self.state, source, new))
            return values

    async def delete(self, name: str) -> list[str]:
        """Deletes all that is stored and remembered; returns the names of what was stored. The
        values go also where the state can't be written, which is then raised."""
        register = await self._remembered(self.state.read_index)
        self._refuse_used(profile_name(name))
        async with self._turns(name, needs_disk=False):
            values = await self._load(name, register)
            await self._clear(name, values)
            return [credential for credential, _ in values.present()]

    async def _both(self, source: str, new: str) -> ProfileIndex:
        """Refuses a source that is none and a new name that is taken; what an earlier run of the
        same did not end may be gone on with."""
        register = await self._free(new)
        if profile_name(source) == new:
            if source not in register.names:
                raise _none(source, register)
            raise ProfileError("The new name is the old name.")
        self._refuse_used(new)
        begun = register.entries.get(new, Entry()).taken_from == source
        ending = register.entries.get(source, Entry()).moved_to == new
        if begun or ending:
            return register
        if new in register.entries or await self._vault(new).holds_any():
            raise _there(new)
        return register

    async def _free(self, name: str) -> ProfileIndex:
        register = await self._remembered(self.state.read_index)
        refuse_alike(register, profile_name(name))
        return register

    async def _load(self, name: str, register: ProfileIndex, new: str | None = None) -> Values:
        """What the profile holds. Refuses one that is neither listed nor holds anything, after
        which nothing is left of its turn, nor of that of the `new` one."""
        values = await self._vault(name).load()
        if name not in register.names and not any(True for _ in values.present()):
            for one in filter(None, (name, new)):
                self.state.clear_rotation_lock(one)
            raise _none(name, register)
        return values

    def _refuse_used(self, name: str) -> None:
        if users := self.state.users(name):
            raise ProfileError(
                f"Profile {name} is open in another whatsapp-wizard (process "
                f"{', '.join(map(str, users))}). Quit that one first.",
                wrong=False,
            )

    async def _take(self, source: str, values: Values, new: str, register: ProfileIndex) -> None:
        """Stores the source's values under the new name. Where the keyring does not go along, what
        was stored is taken out again."""
        vault = self._vault(new)
        # Of what an earlier run began with, some is there.
        there = await vault.load() if new in register.entries else Values()
        if trouble := _other(there, values):
            raise ProfileError(
                f"{new} has another {trouble} than {source}. Nothing was changed.", wrong=False
            )
        await self._remembered(lambda: handover.begin(self.state, source, new))
        lacking = values
        for name, _ in there.present():
            lacking = lacking.with_(name, None)
        try:
            await vault.put_all(lacking)
        except VaultError:
            with suppress(VaultError, StateError):
                await vault.delete_all(name for name, _ in values.present())
                await self._remembered(lambda: handover.give_up(self.state, new))
            raise

    async def _clear(self, name: str, values: Values) -> None:
        """Deletes the values, and then what is remembered: a profile with values is listed."""
        await self._vault(name).delete_all(credential for credential, _ in values.present())
        try:
            await self._remembered(lambda: handover.gone(self.state, name))
        except StateError as error:
            what = "Its values are deleted" if any(values.present()) else "Nothing was stored in it"
            raise StateError(f"{what}, but profile {name} is still listed: {error}") from None
        self.state.clear_rotation_lock(name)

    @asynccontextmanager
    async def _turns(self, *names: str, needs_disk: bool = True) -> AsyncIterator[None]:
        """No rotation of these in the block, and no other program's write to the keyring. Where
        there is no disk to see to that, there is no other program either that could."""
        async with AsyncExitStack() as stack:
            for name in sorted(names):
                turn = self.state.rotation_lock(name, self._patience, self._waiting)
                try:
                    await stack.enter_async_context(turn)
                except LockTimeoutError:
                    raise
                except StateError:
                    if needs_disk:
                        raise
            with told_of_a_wait():
                await stack.enter_async_context(self.state.keyring_turns())
            yield

    async def _remembered(self, call: Callable[[], Result]) -> Result:
        try:
            return await run_in_thread(call, timeout=_STATE_LIMIT)
        except TimeoutError:
            raise StateError("The state file doesn't respond.") from None


def _none(name: str, register: ProfileIndex) -> ProfileError:
    return ProfileError(f"No profile {name}. Profiles: {', '.join(register.names)}.")


def _there(name: str) -> ProfileError:
    return ProfileError(f"Profile {name} already exists. Nothing was changed.")


def _other(some: Values, all_: Values) -> str:
    """The label of a value that the others do not hold just so; empty where there is none."""
    differing = (name for name, value in some.present() if all_.get(name) != value)
    return next((CREDENTIALS[name].label for name in differing), "")
