"""The walk with its values: what is typed, tested, stored and remembered of one profile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from enum import StrEnum

from wizard.checks import Event, Found, Settled, Started, examine
from wizard.credentials import CREDENTIALS, Value, Values
from wizard.findings import Finding, Status
from wizard.guide import guide
from wizard.journeys.connection import Connection
from wizard.journeys.portal import Portal
from wizard.state import Progress, StateError, StateFile, Tested, Webhook
from wizard.threads import blocking
from wizard.vault import MemoryVault
from wizard.walk import Walk
from wizard.world import Way, World

_STATE_LIMIT = 10.0


class Chip(StrEnum):
    """The state of a credential, in one word."""

    ABSENT = "absent"
    STORED = "stored"
    TESTING = "testing"
    PASSED = "passed"
    FAILED = "failed"


class Outcome(StrEnum):
    """What a test said of a credential."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"
    UNANSWERED = "unanswered"


def outcome(findings: tuple[Finding, ...]) -> Outcome:
    """What these findings amount to; a skipped one lacked its inputs, so nothing was tested."""
    statuses = {finding.status for finding in findings}
    if Status.FAIL in statuses:
        return Outcome.FAILED
    offline = any((finding.because or "").startswith("graph.") for finding in findings)
    if offline or Status.UNKNOWN in statuses:
        return Outcome.UNANSWERED
    return Outcome.PASSED if Status.PASS in statuses else Outcome.UNTESTED


class Onboarding:
    """One profile on its way through the guide.

    `drafts` are values typed and not stored; a test runs on them and the stored ones together.
    `offers` are values that may be taken on a key: those of the demo, and `portal` is its
    pretended Configuration page.
    `notice` is something to be told that is nobody's fault, such as a state file set aside.
    """

    def __init__(
        self,
        world: World,
        state: StateFile | None = None,
        offers: Values | None = None,
        portal: Portal | None = None,
    ) -> None:
        self.world = world
        self.offers = offers or Values()
        self.portal = portal
        self.state = state
        self.drafts = Values()
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.testing: frozenset[str] = frozenset()
        self.notice: str | None = None
        self.in_memory = False
        self.progress = Progress()
        self.walk = Walk.begin(guide())
        self._trial: World | None = None
        self._saving = asyncio.Lock()
        self._storing = asyncio.Lock()
        self._writing = asyncio.Lock()

    async def begin(self) -> None:
        """Reads what was remembered."""
        if self.state is not None:
            state = self.state
            try:
                self.progress = await blocking(
                    lambda: state.load(self.world.profile), limit=_STATE_LIMIT
                )
                self.notice = state.notice
            except (StateError, TimeoutError) as error:
                self.notice = str(error) or "The state file does not answer."
        self.world.webhook = self.progress.webhook
        self.walk = Walk.begin(
            guide(), self.progress.step, self.progress.done, self.progress.skipped
        )

    def connect(
        self, way: Way | None = None, *, port: int = 0, forward_to: str | None = None
    ) -> Connection:
        """A connection for the values at hand, still closed; what it must not forget is kept in
        the state."""
        return Connection(
            self.world.with_values(self.values),
            way,
            port=port,
            forward_to=forward_to,
            remember=self._remember_webhook,
        )

    async def _remember_webhook(self, webhook: Webhook) -> None:
        self.world.webhook = webhook
        self.progress = replace(self.progress, webhook=webhook)
        await self.save()

    async def load(self) -> None:
        """Reads the stored values; the vault's trouble, if any, is then the world's."""
        async with self._storing:
            await self.world.load()
        self._hold()

    def go_on_in_memory(self) -> None:
        """Gives up the keyring for this run; what was read from it so far stays at hand."""
        self.world.vault, self.world.trouble = MemoryVault(self.world.values), None
        self.in_memory = True

    @property
    def values(self) -> Values:
        """What is stored, with what is typed over it."""
        merged = self.world.values
        for name, value in self.drafts.present():
            merged = merged.with_(name, value)
        return merged

    @property
    def unsaved(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.drafts.present())

    def chip(self, name: str) -> Chip:
        if self.values.get(name) is None:
            return Chip.ABSENT
        if name in self.testing:
            return Chip.TESTING
        said = outcome(self.findings[name]) if name in self.findings else self._remembered(name)
        if said is Outcome.FAILED:
            return Chip.FAILED
        if self.drafts.get(name) is not None:
            return Chip.ABSENT if self.world.values.get(name) is None else Chip.STORED
        return Chip.PASSED if said is Outcome.PASSED else Chip.STORED

    def draft(self, name: str, value: Value | None) -> None:
        """Takes what was typed; what is the same as stored is no draft. A test that still runs
        on the value before says nothing about this one."""
        if value is not None and value == self.world.values.get(name):
            value = None
        self.drafts = self.drafts.with_(name, value)
        self.findings.pop(name, None)
        self.testing -= {name}

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[AsyncIterator[Event]]:
        """A test of everything at hand; hand each event to `note`, then call `settle`."""
        self.testing = frozenset(name for name, _ in self.values.present())
        trial = self._trial = replace(self.world.with_values(self.values), vault=None, trouble=None)
        try:
            async with trial, examine(trial, self.testing) as events:
                yield events
        finally:
            # One that was broken off may end when the next has begun.
            if self._trial is trial:
                self.testing = frozenset()

    def note(self, event: Event) -> None:
        """Takes in one event of a test. What is absent stays so: it is no failure here."""
        if event.subject not in self.testing | {"graph"}:
            return
        match event:
            case Started(subject):
                self.findings[subject] = ()
            case Found(subject, finding):
                self.findings[subject] = (*self.findings.get(subject, ()), finding)
            case Settled(subject):
                self.testing -= {subject}

    async def settle(self) -> list[str]:
        """Stores the drafts that passed, or that nothing can be asked of yet, and remembers what
        was tested; returns the names stored. Raises `VaultError` where one is not kept."""
        stored = []
        for name in self.unsaved:
            said = self.findings.get(name)
            good = said and outcome(said) in {Outcome.PASSED, Outcome.UNTESTED}
            if good and await self.store(name):
                stored.append(name)
        self._remember()
        self._hold()
        await self.save()
        return stored

    async def keep(self, name: str) -> None:
        """Stores a draft whatever its test said, marked untested. Raises `VaultError`."""
        if not await self.store(name):
            return
        now = self.world.clock()
        tested = {**self.progress.tested, name: Tested(now, Outcome.UNTESTED, None)}
        self.progress = replace(self.progress, tested=tested)
        self.findings.pop(name, None)
        self._hold()
        await self.save()

    async def store(self, name: str) -> bool:
        """Puts a draft into the vault; false where it was changed while another was written, for
        then nobody has judged it. Raises `VaultError`."""
        value = self.drafts.get(name)
        async with self._storing:
            if value is None or self.world.vault is None or self.drafts.get(name) != value:
                return False
            async with self._writing:
                await self.world.vault.put(name, value)
            self.world.values = self.world.values.with_(name, value)
            if self.drafts.get(name) == value:
                self.drafts = self.drafts.with_(name, None)
        return True

    async def idle(self) -> None:
        """Returns when nothing is being written any more."""
        async with self._writing, self._saving:
            return

    async def save(self) -> None:
        """Writes the state; where that fails, `notice` says so and the walk goes on."""
        self.progress = replace(
            self.progress,
            step=self.walk.at,
            done=self.walk.ticked,
            skipped=self.walk.skipped,
        )
        if self.state is None:
            return
        state, profile, progress = self.state, self.world.profile, self.progress
        async with self._saving:
            try:
                await blocking(lambda: state.save(profile, progress), limit=_STATE_LIMIT)
                self.notice = state.notice or self.notice
            except (StateError, TimeoutError) as error:
                why = str(error) or "The state file does not answer."
                self.notice = f"Your place is not remembered: {why}"

    def _remembered(self, name: str) -> Outcome:
        tested = self.progress.tested.get(name)
        return Outcome(tested.outcome) if tested else Outcome.UNTESTED

    def _remember(self) -> None:
        """What was said of a draft is not said of the value that is stored."""
        of_stored = {
            name: findings
            for name, findings in self.findings.items()
            if name not in CREDENTIALS or self.drafts.get(name) is None
        }
        self.progress = remember(self.progress, of_stored, self.world)

    def _hold(self) -> None:
        kept = {Chip.PASSED, Chip.STORED, Chip.TESTING}
        self.walk = self.walk.hold(
            [
                name
                for name in CREDENTIALS
                if self.drafts.get(name) is None and self.chip(name) in kept
            ]
        )


def remember(
    progress: Progress, findings: dict[str, tuple[Finding, ...]], world: World
) -> Progress:
    """What a test leaves in the state: when each credential was tested, with which outcome, and
    when the token ends. An answer that did not come changes nothing."""
    now, tested = world.clock(), dict(progress.tested)
    for name in CREDENTIALS:
        said = outcome(findings.get(name, ()))
        if said in {Outcome.PASSED, Outcome.FAILED} and world.values.get(name) is not None:
            worst = next((f for f in findings[name] if f.status is Status.FAIL), findings[name][0])
            tested[name] = Tested(now, said, worst.id)
    facts = next((f.facts for f in findings.get("access_token", ()) if f.facts), None)
    if facts is None:
        return replace(progress, tested=tested)
    return replace(
        progress,
        tested=tested,
        token_expires_at=facts.expires_at,
        token_kind=facts.kind,
        app_name=facts.app_name,
    )
