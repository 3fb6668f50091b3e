"""The walk with its values: what is typed, tested, stored and remembered of one profile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard import checks
from wizard.findings import Finding
from wizard.guide import CALLBACK, guide
from wizard.journeys.onboarding.check_results import check_outcome, clear, may_store, record
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.onboarding.progress_store import ProgressStore
from wizard.journeys.onboarding.simulated_portal import Portal
from wizard.state import CheckRecord, Progress, StateFile, StoredWebhook
from wizard.values.credentials import CREDENTIALS, Value, Values
from wizard.vault import MemoryVault
from wizard.walk import Walk
from wizard.world import TunnelOptions, World

if TYPE_CHECKING:
    from wizard.journeys.webhook.connection import WebhookConnection


class Onboarding:
    """One profile on its way through the guide.

    `drafts` are values typed and not stored; a test runs on them and the stored ones together.
    `unconfirmed` are values typed that wait for a person's word: neither tested with those nor
    stored; `of_unconfirmed` is what was found of them. `suggestions` are values that may be taken
    on a key: those of the demo, and `portal` is its simulated portal. `verified` says
    that Meta verified our callback in this run. `notice` is something to be told that is nobody's
    fault, such as a state file set aside. `before_load` is awaited before the stored values are
    read, for which no screen waits.
    """

    def __init__(
        self,
        world: World,
        state: StateFile | None = None,
        offers: Values | None = None,
        portal: Portal | None = None,
        before_load: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.world = world
        self._before_load = before_load
        self.suggestions = offers or Values()
        self.portal = portal
        self.progress_store = ProgressStore(state, world.profile)
        self.drafts = Values()
        self.unconfirmed = Values()
        self.of_unconfirmed: dict[str, tuple[Finding, ...]] = {}
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.testing: frozenset[str] = frozenset()
        self.in_memory = False
        self.loaded = False
        self.verified = False
        self.progress = Progress()
        self.walk = Walk.begin(guide())
        self._trial: World | None = None
        self._storing = asyncio.Lock()
        self._writing = asyncio.Lock()

    @property
    def state(self) -> StateFile | None:
        return self.progress_store.state

    @property
    def notice(self) -> str | None:
        return self.progress_store.notice

    @property
    def left(self) -> str:
        return self.progress_store.left

    async def begin(self) -> None:
        """Reads what was remembered, where there is a state to read it from."""
        if self.state is not None:
            self.progress = await self.progress_store.load()
        self.world.webhook = self.progress.webhook
        await self.look_for_replaced()
        known = self.progress
        self.walk = Walk.begin(guide(), known.step, known.done, known.skipped)

    async def look_for_replaced(self) -> None:
        """Learns what earlier runs did not put back: `left` says it of this profile."""
        found = await self.progress_store.find_not_restored()
        if found is not None:
            self.world.not_restored = found

    def connect(
        self, way: TunnelOptions | None = None, *, port: int = 0, forward_to: str | None = None
    ) -> WebhookConnection:
        """A connection for the values at hand, still closed; the state keeps what it has to."""
        from wizard.journeys.webhook.connection import WebhookConnection

        return WebhookConnection(
            self.world.with_values(self.values),
            way,
            port=port,
            forward_to=forward_to,
            remember=self._remember_webhook,
            state=self.progress_store.state,
        )

    async def _remember_webhook(self, webhook: StoredWebhook) -> None:
        self.world.webhook = webhook
        self.progress = replace(self.progress, webhook=webhook)
        await self.save()

    async def load(self) -> None:
        """Reads the stored values; the vault's trouble, if any, is then the world's."""
        async with self._storing:
            if (prepare := self._before_load) is not None:
                self._before_load = None
                await prepare()
            await self.world.load()
        self.loaded = self.world.vault_error is None
        self._sync_walk()

    def go_on_in_memory(self) -> None:
        """Gives up the keyring for this run; what was read from it so far stays at hand."""
        self.world.vault, self.world.vault_error = MemoryVault(self.world.values), None
        self.in_memory = self.loaded = True

    @property
    def values(self) -> Values:
        """What is stored, with what is typed over it."""
        merged = self.world.values
        for name, value in self.drafts.present():
            merged = merged.with_(name, value)
        return merged

    @property
    def known(self) -> Values:
        """The same, with what waits for a person's word over it: all that fields show."""
        merged = self.values
        for name, value in self.unconfirmed.present():
            merged = merged.with_(name, value)
        return merged

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What leaving now would lose."""
        typed = {**dict(self.drafts.present()), **dict(self.unconfirmed.present())}
        return tuple(name for name in typed if typed[name] != self.world.values.get(name))

    def chip(self, name: str) -> Chip:
        if self.values.get(name) is None:
            return Chip.ABSENT
        if name in self.testing:
            return Chip.TESTING
        said = (
            check_outcome(self.findings[name]) if name in self.findings else self._remembered(name)
        )
        if said is CheckOutcome.FAILED:
            return Chip.FAILED
        if self.drafts.get(name) is not None:
            return Chip.ABSENT if self.world.values.get(name) is None else Chip.STORED
        return Chip.PASSED if said is CheckOutcome.PASSED else Chip.STORED

    def set_draft(self, name: str, value: Value | None) -> None:
        """Takes what was typed; what is the same as stored is no draft. A test that still runs
        on the value before says nothing about this one."""
        if value is not None and value == self.world.values.get(name):
            value = None
        self.drafts = self.drafts.with_(name, value)
        self.unconfirmed = self.unconfirmed.with_(name, None)
        self.findings.pop(name, None)
        self.testing -= {name}

    def hold(self, name: str) -> None:
        """Sets a draft aside until `release`: it is neither tested nor stored before."""
        self.unconfirmed = self.unconfirmed.with_(name, self.drafts.get(name))
        self.drafts = self.drafts.with_(name, None)

    @asynccontextmanager
    async def test_drafts(self) -> AsyncIterator[AsyncIterator[checks.Event]]:
        """A test of everything at hand; hand each event to `handle_event`, then call
        `store_passed`."""
        self.testing = frozenset(name for name, _ in self.values.present())
        trial = self._trial = replace(
            self.world.with_values(self.values), vault=None, vault_error=None
        )
        try:
            async with trial, checks.run_checks(trial, self.testing) as events:
                yield events
        finally:
            # One that was broken off may end when the next has begun.
            if self._trial is trial:
                self.testing = frozenset()

    def handle_event(self, event: checks.Event) -> None:
        """Takes in one event of a test. What is absent stays so: it is no failure here."""
        if event.subject not in self.testing | {"graph"}:
            return
        match event:
            case checks.CheckStarted(subject):
                self.findings[subject] = ()
            case checks.FindingReported(subject, finding):
                self.findings[subject] = (*self.findings.get(subject, ()), finding)
            case checks.CheckFinished(subject):
                self.testing -= {subject}

    async def store_passed(self) -> list[str]:
        """Stores the drafts that passed, or that nothing can be asked of yet and that look right,
        and remembers what was tested; returns the names stored. Raises `VaultError` where one is
        not kept."""
        stored = []
        for name, _ in self.drafts.present():
            if may_store(name, self.drafts, self.findings) and await self.store(name):
                stored.append(name)
        self._remember()
        self._sync_walk()
        await self.save()
        return stored

    async def store_untested(self, name: str) -> None:
        """Stores a draft whatever its test said, marked untested. Raises `VaultError`."""
        if (aside := self.unconfirmed.get(name)) is not None:
            self.set_draft(name, aside)
        if not await self.store(name):
            return
        now = self.world.clock()
        tested = {**self.progress.tested, name: CheckRecord(now, CheckOutcome.UNTESTED, None)}
        self.progress = replace(self.progress, tested=tested)
        self.findings.pop(name, None)
        self._sync_walk()
        await self.save()

    async def store(self, name: str) -> bool:
        """Puts a draft into the vault; false where it was changed while another was written, for
        then nobody has judged it. Raises `VaultError`."""
        value = self.drafts.get(name)
        async with self._storing:
            if value is None or self.world.vault is None or self.drafts.get(name) != value:
                return False
            await self.update_progress(lambda progress: clear(progress, name))
            async with self._writing:
                await self.world.vault.put(name, value)
            self.world.values = self.world.values.with_(name, value)
            if self.drafts.get(name) == value:
                self.drafts = self.drafts.with_(name, None)
        return True

    async def restore(self, name: str, value: Value | None) -> None:
        """Stores what was stored before, tested or not, in place of what is now; `None` deletes it.
        Raises `VaultError`."""
        async with self._storing:
            vault = self.world.vault
            if vault is None:
                return
            await self.update_progress(lambda progress: clear(progress, name))
            async with self._writing:
                await (vault.delete(name) if value is None else vault.put(name, value))
            self.world.values = self.world.values.with_(name, value)
            self.drafts = self.drafts.with_(name, None)
        self._sync_walk()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Nothing else is stored in the block, and who leaves waits for its end."""
        async with self._storing, self._writing:
            yield

    def accept_stored(
        self, name: str, value: Value, findings: Mapping[str, tuple[Finding, ...]]
    ) -> None:
        """Takes in a value that another hand has stored, and what was found of it and of others
        beside it. A test that still runs on the one before says nothing of them."""
        self.world.values = self.world.values.with_(name, value)
        self.drafts = self.drafts.with_(name, None)
        self.testing -= findings.keys()
        self.findings |= {of: said for of, said in findings.items() if self.drafts.get(of) is None}
        self._sync_walk()

    def discard_findings(self, *names: str) -> None:
        """What was found of these is no longer said, nor what a test that still runs will find."""
        self.testing -= set(names)
        self.findings = {of: said for of, said in self.findings.items() if of not in names}

    async def update_progress(self, change: Callable[[Progress], Progress]) -> None:
        """Changes what is remembered, and writes it where that is news."""
        before, self.progress = self.progress, change(self.progress)
        if self.progress != before:
            await self.save()

    def mark_verified(self) -> None:
        """Takes in that Meta has verified our callback."""
        if not self.verified:
            self.verified = True
            self._sync_walk()

    async def idle(self) -> None:
        """Returns when nothing is being written any more."""
        async with self._writing:
            await self.progress_store.idle()

    async def save(self) -> None:
        """Writes the state; where that fails, `notice` says so and the walk goes on."""
        at = self.walk
        self.progress = replace(self.progress, step=at.at, done=at.ticked, skipped=at.skipped)
        await self.progress_store.save(self.progress)

    def _remembered(self, name: str) -> CheckOutcome:
        tested = self.progress.tested.get(name)
        return CheckOutcome(tested.outcome) if tested else CheckOutcome.UNTESTED

    def _remember(self) -> None:
        """What was said of a draft is not said of the value that is stored."""
        of_stored = {
            name: findings
            for name, findings in self.findings.items()
            if name not in CREDENTIALS or self.drafts.get(name) is None
        }
        self.progress = record(self.progress, of_stored, self.world)

    def _sync_walk(self) -> None:
        kept = {Chip.PASSED, Chip.STORED, Chip.TESTING}
        stored = [name for name, _ in self.world.values.present() if self.drafts.get(name) is None]
        proven = [name for name in stored if self._remembered(name) is CheckOutcome.PASSED]
        if self.verified or self.progress.webhook.heard:
            proven.append(CALLBACK)
        self.walk = self.walk.with_stored([name for name in stored if self.chip(name) in kept])
        self.walk = self.walk.with_verified(proven)
