"""Where typed values are tested and stored, beside whatever is on screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from textual.app import App
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from wizard.findings import Finding, Status
from wizard.journeys.onboarding.check_results import check_outcome
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.tui.controllers.vault_failed import VaultFailed
from wizard.values.credentials import CREDENTIALS, Value
from wizard.values.shapes import generate_verify_token, is_plausible
from wizard.vault import VaultError

PAUSE = 0.4
"""Seconds without typing after which a value that looks whole is tested."""


class PasteRejected(Message):
    """Values of a paste failed where the stored ones had passed: by name, what was found."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        super().__init__()
        self.findings = findings


class DraftTester:
    """Runs one test at a time as a worker of its host, a screen or the app, a later one in place
    of an earlier.

    `changed` is called whenever there is something new to draw. Where the vault does not keep a
    value, the host posts `VaultFailed`; where a paste brought a worse one, `PasteRejected`.
    """

    def __init__(
        self, host: App[Any] | Widget, onboarding: Onboarding, changed: Callable[[], None]
    ) -> None:
        self._host = host
        self._onboarding = onboarding
        self._changed = changed
        self._soon: Timer | None = None
        self._doubtful: frozenset[str] = frozenset()
        self.stored_in = "your keyring"

    def set_draft(self, name: str, value: Value, *, whole: bool, pasted: bool = False) -> None:
        """A value was typed or pasted; one that looks whole is tested after a pause, the stored one
        that came again too. What is typed over a stored value waits for `confirm`."""
        draft = value if len(value) else None
        if draft is not None and draft == self._onboarding.drafts.get(name):
            return  # it came with its name, and is under test
        self._wait_no_more()
        self._onboarding.set_draft(name, draft)
        if not pasted and self._onboarding.world.values.get(name) is not None:
            self._onboarding.hold(name)
        if whole and draft is not None and self._onboarding.unconfirmed.get(name) is None:
            self._soon = self._host.set_timer(PAUSE, self.test)
        self._changed()

    def confirm(self, name: str) -> bool:
        """Tests what was typed over a stored value; whether there was anything."""
        if (held := self._onboarding.unconfirmed.get(name)) is None:
            return False
        self._onboarding.set_draft(name, held)
        self.test()
        return True

    def take_all(self, found: Mapping[str, Value]) -> None:
        """Values came with their names, so they are whole."""
        for name, value in found.items():
            self._onboarding.set_draft(name, value)
        self.test()

    def take_bundle(self, found: Mapping[str, Value]) -> None:
        """Values came in one paste, an old one perhaps among them: one that fails where the stored
        one had passed is not taken."""
        stored, chip = self._onboarding.world.values, self._onboarding.chip
        held = {name for name in found if stored.get(name) not in (None, found[name])}
        self._doubtful = frozenset(name for name in held if chip(name) is Chip.PASSED)
        self.take_all(found)

    def put_back(self, before: Mapping[str, tuple[Value | None, Value | None]]) -> None:
        """Takes a change back: by name, what was typed before and what was stored."""
        self._wait_no_more()
        self._host.run_worker(self._put_back(before), group="store")

    def test(self) -> None:
        self._wait_no_more()
        self._host.run_worker(self._trial(), group="trial", exclusive=True)

    def store_untested(self, names: tuple[str, ...]) -> None:
        """Stores what did not pass all the same, marked untested."""
        self._host.run_worker(self._keep(names), group="store")

    def store_passed(self) -> None:
        """Stores what passed; once more, where the vault failed before."""
        self._host.run_worker(self._settle(), group="store")

    def untested(self, name: str) -> bool:
        """Whether a draft still waits for an answer."""
        onboarding = self._onboarding
        if onboarding.drafts.get(name) is None or name in onboarding.testing:
            return False
        said = onboarding.findings.get(name)
        return not said or check_outcome(said) is CheckOutcome.UNANSWERED

    def has_to_test(self, name: str) -> bool:
        """Whether `confirm` or `test` would find something that no test has answered yet."""
        return self._onboarding.unconfirmed.get(name) is not None or self.untested(name)

    def may_store_untested(self, name: str) -> bool:
        """Whether a draft was tested and did not pass."""
        said, draft = self._onboarding.findings.get(name), self._onboarding.drafts.get(name)
        if not said or draft is None or name in self._onboarding.testing:
            return False
        outcome = check_outcome(said)
        unlikely = outcome is CheckOutcome.UNTESTED and not is_plausible(name, draft)
        return unlikely or outcome in {CheckOutcome.FAILED, CheckOutcome.UNANSWERED}

    def suggest(self, name: str) -> Value | None:
        """What may be filled in on a key: in the demo its value, else a new verify token, and that
        only where there is none: Meta may know the one that is."""
        offer = self._onboarding.suggestions.get(name)
        if offer is None and name == "verify_token" and self._onboarding.values.get(name) is None:
            return generate_verify_token()
        return offer

    def storage_text(self, name: str) -> str:
        """Where a value is kept, in a sentence; empty where it is not, or not as it is typed."""
        onboarding = self._onboarding
        stored = onboarding.world.values.get(name) is not None
        if onboarding.unconfirmed.get(name) is not None:
            return "Press enter to test it and replace the stored value." if stored else ""
        if self.may_store_untested(name) and not is_plausible(name, onboarding.drafts.get(name)):
            label = CREDENTIALS[name].label
            return f"Not stored: this doesn't look like the {label}. ctrl+s stores it anyway."
        if not stored or onboarding.drafts.get(name) is not None or name in onboarding.testing:
            return ""
        tested = "" if onboarding.chip(name) is not Chip.STORED else ", not tested yet"
        return f"Stored in {self.stored_in}{tested}."

    async def _trial(self) -> None:
        await self._run_tests()
        if rejected := self._rejected():
            for name in rejected:
                self._onboarding.set_draft(name, None)
            self._host.post_message(PasteRejected(rejected))
            await self._run_tests()
        self.store_passed()

    def _rejected(self) -> dict[str, Finding]:
        """Of the last paste, what failed where the stored value had passed."""
        onboarding, doubtful = self._onboarding, self._doubtful
        self._doubtful = frozenset()
        failed = {
            name: [one for one in onboarding.findings.get(name, ()) if one.status is Status.FAIL]
            for name in doubtful
            if onboarding.drafts.get(name) is not None
        }
        return {name: findings[0] for name, findings in failed.items() if findings}

    async def _run_tests(self) -> None:
        async with self._onboarding.test_drafts() as events:
            self._changed()
            async for event in events:
                self._onboarding.handle_event(event)
                self._changed()

    async def _put_back(self, before: Mapping[str, tuple[Value | None, Value | None]]) -> None:
        onboarding = self._onboarding
        try:
            for name, (shown, stored) in before.items():
                if onboarding.world.values.get(name) != stored:
                    await onboarding.restore(name, stored)
                onboarding.set_draft(name, shown)
                if stored is not None:
                    onboarding.hold(name)
        except VaultError as error:
            self._host.post_message(VaultFailed(error, lambda: self.put_back(before)))
        self.test()

    async def _settle(self) -> None:
        try:
            await self._onboarding.store_passed()
        except VaultError as error:
            self._host.post_message(VaultFailed(error, self.store_passed))
        self._changed()

    async def _keep(self, names: tuple[str, ...]) -> None:
        try:
            for name in filter(self.may_store_untested, names):
                await self._onboarding.store_untested(name)
        except VaultError as error:
            self._host.post_message(VaultFailed(error, self.store_passed))
        self._changed()

    def _wait_no_more(self) -> None:
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
