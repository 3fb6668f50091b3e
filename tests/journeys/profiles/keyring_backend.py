"""A keyring in memory and a state file that break off where they are told to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.journeys.profiles.listing import list_profiles
from wizard.state import CheckRecord as LastTest
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook
from wizard.values.credentials import Secret, Value, Values
from wizard.vault import Backend

SIX = Values(
    "2455021458570608", Secret("a" * 32), Secret("EAAone"), "1067", "1029", Secret("verify")
)
REPLACED = ReplacedCallback(
    "app", "2455021458570608", "https://theirs.example/hook", ("messages",), "ours"
)
SOME = Progress(
    step="7.5",
    done=frozenset({"2.1"}),
    tested={
        "app_id": LastTest(datetime(2026, 11, 23, tzinfo=UTC), "passed", "app_id.valid"),
        "waba_id": LastTest(datetime(2026, 11, 23, tzinfo=UTC), "failed", "waba_id.not_found"),
    },
    token_expires_at=1_795_000_000,
    token_kind="temporary",
    app_name="shop",
    webhook=StoredWebhook("https://ours.example/webhook", None, "marker", True, (REPLACED,)),
)


class Killed(BaseException):
    """The program is gone; nothing of it runs any more."""


@dataclass
class Ring:
    """A keyring that several vaults share. The `breaks`-th step outside, of its own or of a state
    file, raises `error`."""

    held: dict[str, Values] = field(default_factory=dict)
    breaks: int = 0
    error: BaseException = field(default_factory=Killed)
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.breaks:
            raise self.error

    def vault(self, profile: str) -> Kept:
        return Kept(self, profile)

    def of(self, profile: str) -> Values:
        return self.held.get(profile, Values())


@dataclass
class Kept:
    """One profile's part of the ring."""

    ring: Ring
    profile: str
    persistent: bool = True

    async def load(self) -> Values:
        self.ring.step()
        return self.ring.of(self.profile)

    async def put(self, name: str, value: Value) -> None:
        self.ring.step()
        self.ring.held[self.profile] = self.ring.of(self.profile).with_(name, value)

    async def delete(self, name: str) -> bool:
        self.ring.step()
        held = self.ring.of(self.profile)
        self.ring.held[self.profile] = held.with_(name, None)
        return held.get(name) is not None

    async def holds_any(self) -> bool:
        self.ring.step()
        return any(True for _ in self.ring.of(self.profile).present())

    async def put_all(self, values: Values) -> None:
        for name, value in values.present():
            await self.put(name, value)

    async def delete_all(self, names: Iterable[str]) -> None:
        for name in names:
            await self.delete(name)

    async def describe(self) -> Backend:
        return Backend("ring")


class Breaking(StateFile):
    """A state file whose writes are steps of the ring."""

    def __init__(self, folder: Path, ring: Ring) -> None:
        super().__init__(folder)
        self.ring = ring

    @contextlib.contextmanager
    def transaction(self) -> Iterator[dict[str, Any]]:
        self.ring.step()
        with super().transaction() as said:
            yield said
        self.ring.step()


def names(state: StateFile) -> list[str]:
    return [one.name for one in list_profiles(state)]


def current(state: StateFile) -> list[str]:
    return [one.name for one in list_profiles(state) if one.current]
