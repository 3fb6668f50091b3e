"""Files in the state's folder by which programs know of one another; a lock ends with its process,
however that ends."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.support.errors import ExpectedError

if TYPE_CHECKING:
    from filelock import FileLock

_KEYRING = 20.0
"""Seconds to wait for another program's write, which may wait for a dialog."""
_LOOK = 0.1
"""Seconds between two looks at whether it is our turn."""


class StateError(ExpectedError):
    """The file or its folder can't be used; the text says why."""


class NewerStateError(StateError):
    """A newer version of this program wrote the file: it is left as it is."""


class LockTimeoutError(StateError):
    """Another program is at it, and did not end in time."""


def make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def rotation_lock(
    folder: Path, profile: str, patience: float, waiting: Callable[[], None]
) -> AbstractAsyncContextManager[None]:
    """See `StateFile.turn`."""
    return turn_at(_turn_file(folder, profile), patience, waiting)


@contextlib.asynccontextmanager
async def turn_at(file: Path, patience: float, waiting: Callable[[], None]) -> AsyncIterator[None]:
    """Nobody else holds this file in the block. Raises as `StateFile.turn` does."""
    import asyncio

    from filelock import Timeout

    lock, folder = _lock(file), file.parent
    looks = round(patience / _LOOK)
    for look in range(looks + 1):
        try:
            make_folder(folder)
            lock.acquire()
            break
        except Timeout:
            if look == looks:
                raise LockTimeoutError(f"Another program has locked {lock.lock_file}.") from None
        except OSError as error:
            raise StateError(f"{folder}: {error.strerror or error}.") from None
        if look == 0:
            waiting()
        await asyncio.sleep(_LOOK)
    try:
        yield
    finally:
        lock.release()


def clear_rotation_lock(folder: Path, profile: str) -> None:
    """Removes the file of a turn that is ours: who waits for it makes a new one."""
    with contextlib.suppress(OSError):
        _turn_file(folder, profile).unlink()


@contextlib.contextmanager
def keyring_turn(folders: Iterable[Path]) -> Iterator[None]:
    """No other whatsapp-wizard that knows one of these folders writes to the keyring in the block.
    GNOME Keyring mixes up the writes of two programs. Where a lock can't be had, or not in time,
    writing goes on."""
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        for folder in folders:
            with contextlib.suppress(OSError, Timeout):
                make_folder(folder)
                stack.enter_context(FileLock(_keyring_file(folder), timeout=_KEYRING))
        yield


@contextlib.asynccontextmanager
async def keyring_turns(folders: Iterable[Path]) -> AsyncIterator[None]:
    """See `StateFile.keyring_turns`; in all else as `keyring_turn`."""
    async with contextlib.AsyncExitStack() as stack:
        for folder in folders:
            with contextlib.suppress(StateError):
                turn = turn_at(_keyring_file(folder), _KEYRING, lambda: None)
                await stack.enter_async_context(turn)
        yield


@contextlib.contextmanager
def using(folder: Path, profile: str) -> Iterator[None]:
    """See `StateFile.using`."""
    from filelock import Timeout

    lock = _lock(folder / f"use.{profile}.{os.getpid()}.lock")
    with contextlib.suppress(OSError, Timeout):
        make_folder(folder)
        lock.acquire()
    try:
        yield
    finally:
        if lock.is_locked:
            remove(lock)


def users(folder: Path, profile: str) -> list[int]:
    """See `StateFile.users`."""
    named = re.compile(rf"use\.{re.escape(profile)}\.([0-9]+)\.lock")
    found = []
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return []
    for file in files:
        match = named.fullmatch(file.name)
        if match and not _was_left(file):
            found.append(int(match[1]))
    return found


def _was_left(file: Path) -> bool:
    """Whether nobody holds this lock; it is removed then."""
    from filelock import Timeout

    lock = _lock(file)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return False
    remove(lock)
    return True


def remove(lock: FileLock) -> None:
    """Lets go of a lock that is held, and removes its file."""
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink()  # where that fails as it is open, releasing it removes it
    lock.release()


def _keyring_file(folder: Path) -> Path:
    return folder / "keyring.lock"


def _turn_file(folder: Path, profile: str) -> Path:
    return folder / f"rotation.{profile}.lock"


def _lock(file: Path) -> FileLock:
    from filelock import FileLock

    return FileLock(file, timeout=0, thread_local=False)
