"""Which callbacks of this machine stand at Meta while their programs run; a lock ends with its
process, however that ends."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.state import locks

if TYPE_CHECKING:
    from filelock import FileLock

_PATIENCE = 20.0
"""Seconds to wait for another program that changes Meta's record."""


@dataclass(frozen=True)
class Claim:
    """A callback that a running program has registered, or is about to: at which level (`app`,
    `waba` or `phone`), for the object of which ID, and the program's process."""

    scope: str
    owner: str
    callback_url: str
    pid: int = 0


class Claims:
    """Our claims in this folder, beside those of other programs. No method raises: where the
    folder can't be used, nobody sees ours and we see nobody's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[tuple[str, str], tuple[Claim, FileLock]] = {}

    @property
    def own(self) -> list[Claim]:
        return [claim for claim, _ in self._held.values()]

    def add(self, scope: str, owner: str, url: str) -> None:
        """Claims it until `release`, or the end of this process."""
        from filelock import FileLock, Timeout

        self.release(scope, owner)
        claim = Claim(scope, owner, url, os.getpid())
        name = f"callback.{claim.pid}.{os.urandom(4).hex()}"
        lock = FileLock(self._folder / f"{name}.lock", timeout=0, thread_local=False)
        with contextlib.suppress(OSError, Timeout):
            locks.make_folder(self._folder)
            lock.acquire()
            self._held[scope, owner] = (claim, lock)
            # Others look at locks of which they can read what they stand for.
            _facts(lock).write_text(json.dumps(asdict(claim)), "utf-8")

    def release(self, scope: str, owner: str) -> None:
        _, lock = self._held.pop((scope, owner), (None, None))
        if lock is not None:
            _remove(lock)

    def release_all(self) -> None:
        for scope, owner in tuple(self._held):
            self.release(scope, owner)

    def others(self) -> list[Claim]:
        """What other programs that run now have claimed."""
        mine = {_facts(lock).name for _, lock in self._held.values()}
        return [claim for name, claim in _running(self._folder) if name not in mine]

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Nobody else on this machine changes Meta's record in the block; where that can't be had
        in time, it is gone on without."""
        async with contextlib.AsyncExitStack() as stack:
            lock = locks.turn_at(self._folder / "callbacks.lock", _PATIENCE, lambda: None)
            with contextlib.suppress(locks.StateError):
                await stack.enter_async_context(lock)
            yield


def claims_in(folder: Path) -> list[Claim]:
    """The claims of every program that runs now, ours among them; what others left is removed."""
    return [claim for _, claim in _running(folder)]


def _running(folder: Path) -> list[tuple[str, Claim]]:
    from filelock import FileLock

    found = []
    try:
        files = sorted(folder.glob("callback.*.json"))
    except OSError:
        return []
    for file in files:
        lock = FileLock(file.with_suffix(".lock"), timeout=0, thread_local=False)
        claim = _read(file)
        if _was_left(lock):
            continue
        if claim is not None:
            found.append((file.name, claim))
    return found


def _read(file: Path) -> Claim | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        said = json.loads(file.read_text("utf-8"))
        scope, owner, url = (str(said[key]) for key in ("scope", "owner", "callback_url"))
        return Claim(scope, owner, url, int(said["pid"]))
    return None


def _was_left(lock: FileLock) -> bool:
    """Whether nobody holds this lock; it is removed then."""
    from filelock import Timeout

    try:
        lock.acquire()
    except (Timeout, OSError):
        return False
    _remove(lock)
    return True


def _remove(lock: FileLock) -> None:
    with contextlib.suppress(OSError):
        _facts(lock).unlink()
    locks.remove(lock)


def _facts(lock: FileLock) -> Path:
    return Path(lock.lock_file).with_suffix(".json")
