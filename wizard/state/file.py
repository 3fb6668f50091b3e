"""What is remembered between runs and is no secret, in one JSON file."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.state import locks
from wizard.state.folders import keyring_folders, own_folder
from wizard.state.locks import NewerStateError, StateError, make_folder
from wizard.state.profile_index import (
    UNREADABLE,
    ProfileIndex,
    odd_names,
    once_each,
    parse_index,
)
from wizard.state.progress import Progress, StoredWebhook, as_dict, read_progress
from wizard.support.texts import counted

SCHEMA = 1
_LOCK_LIMIT = 5.0
_DAMAGED = "damaged"
"""The names of the copies of damaged files, until somebody has seen to them."""


class StateFile:
    """`state.json` in a folder. `notice` says that the file was damaged, until `repaired`.

    What a newer program with the same schema wrote beside the known entries is kept; a file of a
    later schema is left as it is, and whatever needs it raises `NewerStateError`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.notice: str | None = None

    @property
    def path(self) -> Path:
        """Raises `StateError` where there is no folder for it."""
        if self._folder is None:
            self._folder = own_folder()
        return self._folder / "state.json"

    @property
    def folder(self) -> Path:
        return self.path.parent

    def load(self, profile: str) -> Progress:
        return read_progress(self._read()["profiles"].get(profile, {}))

    def profiles(self) -> list[str]:
        return sorted(self._read()["profiles"])

    def read_index(self) -> ProfileIndex:
        """All that is remembered, read once."""
        return parse_index(self._read())

    def glance(self) -> ProfileIndex:
        """The same where a file that can't be read is left as it is, and nothing is said."""
        try:
            return parse_index(_parse_or_salvage(self._bytes()))
        except StateError:
            return ProfileIndex()

    def repaired(self) -> list[Path]:
        """Says no more that the file was damaged; returns the copies of it, which stay."""
        with self.transaction() as said:
            copies = said.pop(_DAMAGED, None)
        self.notice = None
        names = copies if isinstance(copies, list) else []
        return [self.path.with_name(str(name)) for name in names]

    def save(self, profile: str, progress: Progress) -> None:
        """Replaces one profile's entry, whatever another wizard writes meanwhile."""
        self.save_all({profile: progress})

    def save_all(self, progress: Mapping[str, Progress]) -> None:
        """Replaces the entries of these profiles, all in one write."""
        with self.transaction() as said:
            for profile, entry in progress.items():
                said["profiles"][profile] = said["profiles"].get(profile, {}) | as_dict(entry)

    def merge(
        self,
        changes: Mapping[str, Progress],
        change: Callable[[Progress, Progress], Progress],
        known: Container[str] = (),
    ) -> None:
        """Replaces the entries of these profiles by what `change` makes of each, as it is now,
        and what is new of it; all in one write. A `known` one that is gone stays gone."""
        with self.transaction() as said:
            entries = said["profiles"]
            for profile, new in changes.items():
                if profile in entries or profile not in known:
                    entry = entries.setdefault(profile, {})
                    entry |= as_dict(change(read_progress(entry), new))

    def add_profile(self, profile: str) -> None:
        """Makes an entry for the profile, where it has none."""
        if profile not in self._read()["profiles"]:
            with self.transaction() as said:
                said["profiles"].setdefault(profile, {})

    def switch(self, profile: str | None) -> None:
        """Remembers which profile is meant where none is named."""
        with self.transaction() as said:
            said["current"] = profile

    def delete_profile(self, profile: str) -> None:
        """Forgets it, but for the callbacks that it is to put back: nobody else knows them."""
        with self.transaction() as said:
            left = read_progress(said["profiles"].pop(profile, {})).webhook.replaced
            if left:
                said["profiles"][profile] = as_dict(Progress(webhook=StoredWebhook(replaced=left)))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[dict[str, Any]]:
        """The whole file, to be changed in the block, and written at its end if it was; nobody
        else writes meanwhile. Raises `StateError`."""
        with self._locked():
            said = self._read_or_mend()
            before = _written(said)
            yield said
            after = _written(said)
            if after != before:
                self._write(after)

    def rotation_lock(
        self, profile: str, patience: float, waiting: Callable[[], None]
    ) -> AbstractAsyncContextManager[None]:
        """Nobody else changes this profile's token in the block, whatever program asks for it.

        `waiting` is called once where another is at it; after `patience` seconds that raises
        `LockTimeoutError`, and a folder that can't be used `StateError`.
        """
        return locks.rotation_lock(self.folder, profile, patience, waiting)

    def keyring_turn(self) -> AbstractContextManager[None]:
        """No other whatsapp-wizard of this user writes to the keyring in the block."""
        return locks.keyring_turn(keyring_folders(self._folder))

    def keyring_turns(self) -> AbstractAsyncContextManager[None]:
        """The same for several writes in a row, none of which takes a turn of its own."""
        return locks.keyring_turns(keyring_folders(self._folder))

    def clear_rotation_lock(self, profile: str) -> None:
        """Removes what a turn leaves in the folder; only in one's own."""
        locks.clear_rotation_lock(self.folder, profile)

    def using(self, profile: str) -> AbstractContextManager[None]:
        """Other programs can see that the profile is open in this one for as long as the block
        lasts, where the folder can be used."""
        return locks.using(self.folder, profile)

    def users(self, profile: str) -> list[int]:
        """The process ids of the programs that have it open."""
        return locks.users(self.folder, profile)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            make_folder(self.folder)
            with FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_LIMIT):
                yield
        except Timeout:
            raise StateError(f"Another program has locked {self.path}.") from None
        except OSError as error:
            raise StateError(f"{self.path.parent}: {error.strerror or error}.") from None

    def _read(self) -> dict[str, Any]:
        try:
            return self._parsed()
        except UNREADABLE:
            pass
        try:
            # Another wizard may mend it and write a good one in this moment.
            with self._locked():
                return self._read_or_mend()
        except NewerStateError:
            raise
        except StateError as error:
            self.notice = f"The state file {self.path} is damaged and can't be repaired: {error}"
            return _salvaged(self._bytes() or b"")

    def _read_or_mend(self) -> dict[str, Any]:
        try:
            return self._parsed()
        except UNREADABLE:
            return self._mend()

    def _parsed(self) -> dict[str, Any]:
        said = _parse(self._bytes())
        self.notice = self._of_damage(said)
        return said

    def _bytes(self) -> bytes | None:
        """What is in the file, or `None` where there is none."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(f"{self.path}: {error.strerror or error}.") from None

    def _mend(self) -> dict[str, Any]:
        """Copies the damaged file, then writes what can be read of it in its place."""
        text = self._bytes() or b""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        copy = self.path.with_name(f"state.json.damaged-{stamp}")
        said = _salvaged(text)
        before = said.get(_DAMAGED)
        said[_DAMAGED] = [*(before if isinstance(before, list) else []), copy.name]
        self._put(text, copy)
        self._write(_written(said))
        self.notice = self._of_damage(said)
        return said

    def _of_damage(self, said: Mapping[str, Any]) -> str | None:
        names = said.get(_DAMAGED)
        if not isinstance(names, list) or not names:
            return self._of_names(odd_names(said))
        return (
            "The state file was damaged: profiles may be missing. A copy of the damaged file is "
            f"{self.path.with_name(str(names[-1]))}. To end this message: whatsapp-wizard profile "
            "repair"
        )

    def _of_names(self, odd: int) -> str | None:
        if not odd:
            return None
        return (
            f"Profiles are missing: {self.path} has {counted(odd, 'name')} that no profile can "
            "have. To end this message, correct or remove them there."
        )

    def _write(self, text: str) -> None:
        self._put(text.encode(), self.path)

    def _put(self, content: bytes, path: Path) -> None:
        import tempfile  # what only reads has no use for it

        # Nobody else writes meanwhile: what is there was left by a write that was killed.
        for left in path.parent.glob("state-*.tmp"):
            with contextlib.suppress(OSError):
                left.unlink()
        handle, name = tempfile.mkstemp(".tmp", "state-", self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _nothing() -> dict[str, Any]:
    return {"schema": SCHEMA, "profiles": {}}


def _written(said: Mapping[str, Any]) -> str:
    return json.dumps(said, indent=1, sort_keys=True)


def _parse(text: bytes | None) -> dict[str, Any]:
    """The file's object, its known parts all of the right type."""
    if text is None:
        return _nothing()
    said: dict[str, Any] = json.loads(text, object_pairs_hook=once_each)
    schema = said["schema"]
    if schema != SCHEMA:
        from wizard.state.salvage import is_schema_later

        raise _newer() if is_schema_later(schema, SCHEMA) else ValueError("a schema that is none")
    parse_index(said)
    return said


def _newer() -> NewerStateError:
    return NewerStateError(
        "The state file was written by a newer version of whatsapp-wizard, and stays "
        "unchanged. Update whatsapp-wizard."
    )


def _parse_or_salvage(text: bytes | None) -> dict[str, Any]:
    try:
        return _parse(text)
    except UNREADABLE:
        return _salvaged(text or b"")


def _salvaged(text: bytes) -> dict[str, Any]:
    """See `salvage`; with this program's schema. Raises `NewerStateError`."""
    from wizard.state.salvage import is_later, salvage  # a whole file needs none of its patterns

    if is_later(text, SCHEMA):
        raise _newer()
    return salvage(text) | {"schema": SCHEMA}
