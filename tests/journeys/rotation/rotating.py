"""A profile whose access token is rotated, and what is heard and remembered meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.checks import foreign
from wizard.checks import Event
from wizard.journeys.rotation.rotation import Change, Rotation, RotationResult
from wizard.journeys.rotation.stages import RotationStage
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.state import DAY
from wizard.state import CheckRecord as LastTest
from wizard.state import Progress
from wizard.values.credentials import Secret, Value, Values
from wizard.vault import MemoryVault
from wizard.world import World


class Kept(MemoryVault):
    """A keyring for this test, with a lock beside it as the real one has."""

    persistent = True


BEFORE = LastTest(datetime(2026, 11, 22, tzinfo=UTC), "passed", "access_token.valid")
KNOWN = Progress(
    step="7.5",
    tested={"access_token": BEFORE, "waba_id": BEFORE},
    token_expires_at=1_795_000_000,
    token_kind="long-lived",
)


@dataclass
class Bench:
    """A profile whose token is to be rotated, and all that was heard meanwhile."""

    meta: Meta
    world: World
    patience: float = 20.0
    heard: list[RotationStage | Event] = field(default_factory=list)
    remembered: list[Progress] = field(default_factory=list)

    @property
    def old(self) -> Secret:
        return self.meta.token.text

    async def rotate(self, token: Secret | None, *, long_lived: bool = False) -> RotationResult:
        rotation = Rotation(
            self.world, on_event=self.heard.append, note=self._note, timeout=self.patience
        )
        return await rotation.run(token, long_lived=long_lived)

    async def stored(self) -> Secret | None:
        assert self.world.vault is not None
        return (await self.world.vault.load()).access_token

    def end_of(self, token: Secret) -> int:
        """When a token ends, in unix seconds."""
        found = self.meta.find_token(token.reveal())
        assert found is not None
        return int(found.expires_at)

    @property
    def known(self) -> Progress:
        """What is remembered now; at first that the old token passed, and its end."""
        return self.remembered[-1] if self.remembered else KNOWN

    async def _note(self, change: Change) -> None:
        self.remembered.append(change(self.known))

    @property
    def stages(self) -> list[RotationStage]:
        return [said for said in self.heard if isinstance(said, RotationStage)]


@asynccontextmanager
async def bench(
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    vault: Callable[[Values], MemoryVault] = Kept,
    **others: Value,
) -> AsyncIterator[Bench]:
    meta = Meta()
    values = demo_values(meta)
    for name in without:
        values = values.with_(name, None)
    for name, value in others.items():
        values = values.with_(name, value)
    async with serve(create_app(meta)) as base_url:
        settings = Settings("test", base_url, GRAPH_VERSION, folder)
        async with World.from_settings(settings, vault=vault(values)) as world:
            yield Bench(meta, world)


def newer(bench: Bench, **changes: object) -> Secret:
    """A token generated just now, healthy but for these changes."""
    token = bench.meta.issue(bench.meta.app, lifetime=DAY)
    for name, value in changes.items():
        setattr(token, name, value)
    return token.text


def ids(rotated: RotationResult) -> set[str]:
    return {finding.id for finding in rotated.report.findings}


OLD, NEW = foreign.TOKEN, "EAA" + "klmnopqrst" * 12


def told(old: foreign.Answer, new: foreign.Answer) -> Callable[[foreign.Asked], foreign.Reply]:
    """A debug_token that knows two tokens."""

    def answer(asked: foreign.Asked) -> foreign.Reply:
        said = old if asked.query["input_token"] == OLD else new
        return said if isinstance(said, foreign.Reply) else foreign.Reply(said)

    return answer


@asynccontextmanager
async def elsewhere(folder: Path, old: foreign.Answer, new: foreign.Answer) -> AsyncIterator[Bench]:
    async with foreign.served({"debug_token": told(old, new)}) as server:
        settings = Settings("test", server.base, GRAPH_VERSION, folder)
        async with World.from_settings(settings, vault=Kept(foreign.VALUES)) as world:
            yield Bench(Meta(), world)
