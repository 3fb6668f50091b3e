"""What is remembered between runs and is no secret, in one JSON file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.state import locks
from wizard.state.locks import StateError, make_folder
from wizard.state.progress import Progress, as_dict, read_progress
from wizard.state.register import Register, read_register

SCHEMA = 1
_LOCK_LIMIT = 5.0
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


class StateFile:
    """`state.json` in a folder. `notice` says where a file went that could not be read.

    What a newer program with the same schema wrote beside the known entries is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.notice: str | None = None

    @property
    def path(self) -> Path:
        """Raises `StateError` where there is no folder for it."""
        if self._folder is None:
            self._folder = _own_folder()
        return self._folder / "state.json"

    @property
    def folder(self) -> Path:
        return self.path.parent

    def load(self, profile: str) -> Progress:
        return read_progress(self._read()["profiles"].get(profile, {}))

    def profiles(self) -> list[str]:
        return sorted(self._read()["profiles"])

    def register(self) -> Register:
        """All that is remembered, read once."""
        return read_register(self._read())

    def glance(self) -> Register:
        """The same where a file that can't be read is left as it is, and counts as none."""
        try:
            return read_register(self._parsed())
        except (*_BROKEN, StateError):
            return Register()

    def save(self, profile: str, progress: Progress) -> None:
        """Replaces one profile's entry, whatever another wizard writes meanwhile."""
        self.save_all({profile: progress})

    def save_all(self, progress: Mapping[str, Progress]) -> None:
        """Replaces the entries of these profiles, all in one write."""
        with self.revision() as said:
            for profile, entry in progress.items():
                said["profiles"][profile] = said["profiles"].get(profile, {}) | as_dict(entry)

    def revise(
        self,
        changes: Mapping[str, Progress],
        change: Callable[[Progress, Progress], Progress],
        known: Container[str] = (),
    ) -> None:
        """Replaces the entries of these profiles by what `change` makes of each, as it is now,
        and what is new of it; all in one write. A `known` one that is gone stays gone."""
        with self.revision() as said:
            entries = said["profiles"]
            for profile, new in changes.items():
                if profile in entries or profile not in known:
                    entry = entries.setdefault(profile, {})
                    entry |= as_dict(change(read_progress(entry), new))

    def enlist(self, profile: str) -> None:
        """Makes an entry for the profile, where it has none."""
        if profile not in self._read()["profiles"]:
            with self.revision() as said:
                said["profiles"].setdefault(profile, {})

    def switch(self, profile: str | None) -> None:
        """Remembers which profile is meant where none is named."""
        with self.revision() as said:
            said["current"] = profile

    def forget(self, profile: str) -> None:
        with self.revision() as said:
            said["profiles"].pop(profile, None)

    @contextlib.contextmanager
    def revision(self) -> Iterator[dict[str, Any]]:
        """The whole file, to be changed in the block, and written at its end if it was; nobody
        else writes meanwhile. Raises `StateError`."""
        with self._locked():
            said = self._read_or_set_aside()
            before = _written(said)
            yield said
            after = _written(said)
            if after != before:
                self._write(after)

    def turn(
        self, profile: str, patience: float, waiting: Callable[[], None]
    ) -> AbstractAsyncContextManager[None]:
        """Nobody else changes this profile's token in the block, whatever program asks for it.

        `waiting` is called once where another is at it; after `patience` seconds that raises
        `TurnTakenError`, and a folder that can't be used `StateError`.
        """
        return locks.turn(self.folder, profile, patience, waiting)

    def forget_turn(self, profile: str) -> None:
        """Removes what a turn leaves in the folder; only in one's own."""
        locks.forget_turn(self.folder, profile)

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
            raise StateError(f"Another program holds {self.path}.") from None
        except OSError as error:
            raise StateError(f"{self.path.parent}: {error.strerror or error}.") from None

    def _read(self) -> dict[str, Any]:
        try:
            return self._parsed()
        except _BROKEN:
            # Another wizard may set it aside and write a good one in this moment.
            with self._locked():
                return self._read_or_set_aside()

    def _read_or_set_aside(self) -> dict[str, Any]:
        try:
            return self._parsed()
        except _BROKEN:
            self._set_aside()
            return _nothing()

    def _parsed(self) -> dict[str, Any]:
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return _nothing()
        except OSError as error:
            raise StateError(f"{self.path}: {error.strerror or error}.") from None
        return _parse(text)

    def _set_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        aside = self.path.with_name(f"state.json.set-aside-{stamp}")
        try:
            self.path.rename(aside)
        except OSError as error:
            raise StateError(f"{self.path}: {error.strerror or error}.") from None
        self.notice = f"The state file could not be read and was set aside as {aside}."

    def _write(self, text: str) -> None:
        handle, name = tempfile.mkstemp(".tmp", "state-", self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _own_folder() -> Path:
    """The platform's own. A container may run us as a user whom it knows nothing of."""
    import platformdirs

    try:
        return platformdirs.user_state_path("whatsapp-wizard", appauthor=False)
    except RuntimeError:
        raise StateError(
            "There is no home folder; WHATSAPP_WIZARD_STATE_DIR can name one."
        ) from None


def _nothing() -> dict[str, Any]:
    return {"schema": SCHEMA, "profiles": {}}


def _written(said: Mapping[str, Any]) -> str:
    return json.dumps(said, indent=1, sort_keys=True)


def _parse(text: bytes) -> dict[str, Any]:
    """The file's object, its known parts all of the right type."""
    said: dict[str, Any] = json.loads(text)
    if said["schema"] != SCHEMA:
        raise ValueError("a schema of another program")
    read_register(said)
    return said
