"""What is remembered between runs and is no secret, in one JSON file."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = 1
_LOCK_LIMIT = 5.0
_LOOK = 0.1
"""Seconds between two looks at whether it is our turn."""
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


class StateError(Exception):
    """The file or its folder can't be used; the text says why."""


class TurnTakenError(StateError):
    """Another program is at it, and did not end in time."""


@dataclass(frozen=True)
class Tested:
    """When a credential was last tested, with which outcome, and the finding that decided it."""

    at: datetime
    outcome: str
    finding: str | None = None


@dataclass(frozen=True)
class Replaced:
    """A callback of somebody else's that ours took the place of, to be put back.

    `scope` is `app`, `waba` or `phone`, and `owner` the ID of that object; `fields` are those
    that the app had subscribed to, and `by` is ours. An empty `callback_url` says that there was
    none, so that ours has to go: a dead one of a WABA or number would hide the app's own.
    """

    scope: str
    owner: str
    callback_url: str
    fields: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Webhook:
    """The last callback of ours that took a handshake, where this machine listens for it as long
    as it does, the endpoint's marker, whether a message has ever come, and what it took the place
    of."""

    callback_url: str | None = None
    local_url: str | None = None
    marker: str | None = None
    heard: bool = False
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True)
class Progress:
    """One profile's place in the guide, what its last tests said, and its webhook.

    `token_expires_at` is unix seconds; 0 means never.
    """

    step: str | None = None
    done: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    tested: Mapping[str, Tested] = field(default_factory=dict)
    token_expires_at: int | None = None
    token_kind: str | None = None
    app_name: str | None = None
    webhook: Webhook = Webhook()


class StateFile:
    """`state.json` in a folder. `notice` says where a file went that could not be read.

    What a newer program with the same schema wrote beside the known entries is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.notice: str | None = None

    @property
    def path(self) -> Path:
        if self._folder is None:
            import platformdirs

            self._folder = platformdirs.user_state_path("whatsapp-wizard", appauthor=False)
        return self._folder / "state.json"

    @property
    def folder(self) -> Path:
        return self.path.parent

    def load(self, profile: str) -> Progress:
        return _progress(self._read()["profiles"].get(profile, {}))

    def profiles(self) -> list[str]:
        return sorted(self._read()["profiles"])

    def save(self, profile: str, progress: Progress) -> None:
        """Replaces one profile's entry, whatever another wizard writes meanwhile."""
        with self._locked():
            said = self._read_or_set_aside()
            entry = said["profiles"].get(profile, {})
            said["profiles"][profile] = entry | _as_dict(progress)
            self._write(said)

    def forget(self, profile: str) -> None:
        with self._locked():
            said = self._read_or_set_aside()
            if said["profiles"].pop(profile, None) is not None:
                self._write(said)

    @contextlib.asynccontextmanager
    async def turn(
        self, profile: str, patience: float, waiting: Callable[[], None]
    ) -> AsyncIterator[None]:
        """Nobody else changes this profile's token in the block, whatever program asks for it.

        `waiting` is called once where another is at it; after `patience` seconds that raises
        `TurnTakenError`, and a folder that can't be used `StateError`. A turn ends with its
        process, however that ends.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / f"rotation.{profile}.lock", timeout=0, thread_local=False)
        looks = round(patience / _LOOK)
        for look in range(looks + 1):
            try:
                self._make_folder()
                lock.acquire()
                break
            except Timeout:
                if look == looks:
                    raise TurnTakenError(f"Another program holds {lock.lock_file}.") from None
            except OSError as error:
                raise StateError(f"{self.folder}: {error.strerror or error}.") from None
            if look == 0:
                waiting()
            await asyncio.sleep(_LOOK)
        try:
            yield
        finally:
            lock.release()

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self._make_folder()
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

    def _write(self, said: Mapping[str, Any]) -> None:
        handle, name = tempfile.mkstemp(".tmp", "state-", self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(said, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _nothing() -> dict[str, Any]:
    return {"schema": SCHEMA, "profiles": {}}


def _parse(text: bytes) -> dict[str, Any]:
    """The file's object, its known parts all of the right type."""
    said: dict[str, Any] = json.loads(text)
    if said["schema"] != SCHEMA:
        raise ValueError("a schema of another program")
    for entry in said["profiles"].values():
        _progress(entry)
    return said


def _progress(entry: Mapping[str, Any]) -> Progress:
    expires = entry.get("token_expires_at")
    if not isinstance(expires, int | None):
        raise TypeError("not a number")
    return Progress(
        step=_text(entry.get("step")),
        done=_ids(entry.get("done", [])),
        skipped=_ids(entry.get("skipped", [])),
        tested={name: _tested(said) for name, said in entry.get("tested", {}).items()},
        token_expires_at=expires,
        token_kind=_text(entry.get("token_kind")),
        app_name=_text(entry.get("app_name")),
        webhook=_webhook(entry.get("webhook", {})),
    )


def _webhook(entry: Mapping[str, Any]) -> Webhook:
    return Webhook(
        callback_url=_text(entry.get("callback_url")),
        local_url=_text(entry.get("local_url")),
        marker=_text(entry.get("marker")),
        heard=entry.get("heard") is True,
        replaced=tuple(_replaced(said) for said in entry.get("replaced", [])),
    )


def _replaced(entry: Mapping[str, Any]) -> Replaced:
    texts = [entry["scope"], entry["owner"], entry["callback_url"], entry.get("by", "")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not a callback")
    scope, owner, url, by = texts
    return Replaced(scope, owner, url, tuple(sorted(_ids(entry.get("fields", [])))), by)


def _tested(entry: Mapping[str, Any]) -> Tested:
    at = datetime.fromisoformat(entry["at"])
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    outcome = entry["outcome"]
    if outcome not in {"passed", "failed", "untested", "unanswered"}:
        raise ValueError("an outcome that is none")
    return Tested(at, outcome, _text(entry.get("finding")))


def _ids(entries: object) -> frozenset[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise TypeError("not a list of step ids")
    return frozenset(entries)


def _text(value: object) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError("not a text")
    return value


def _as_dict(progress: Progress) -> dict[str, Any]:
    return {
        "step": progress.step,
        "done": sorted(progress.done),
        "skipped": sorted(progress.skipped),
        "tested": {
            name: {
                "at": tested.at.isoformat(),
                "outcome": tested.outcome,
                "finding": tested.finding,
            }
            for name, tested in progress.tested.items()
        },
        "token_expires_at": progress.token_expires_at,
        "token_kind": progress.token_kind,
        "app_name": progress.app_name,
        "webhook": asdict(progress.webhook),
    }
