"""Where typed values are tested and stored, beside whatever is on screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.timer import Timer
from textual.widget import Widget

from wizard.journeys.onboarding.check_results import CheckOutcome, check_outcome
from wizard.journeys.onboarding.onboarding import Chip, Onboarding
from wizard.tui.controllers.vault_failed import VaultFailed
from wizard.values.credentials import Value
from wizard.values.shapes import generate_verify_token
from wizard.vault import VaultError

PAUSE = 0.4
"""Seconds without typing after which a value that looks whole is tested."""


class DraftTester:
    """Runs one test at a time as a worker of its host, a later one in place of an earlier.

    `changed` is called whenever there is something new to draw. Where the vault does not keep a
    value, the host posts `VaultFailed`.
    """

    def __init__(self, host: Widget, onboarding: Onboarding, changed: Callable[[], None]) -> None:
        self._host = host
        self._onboarding = onboarding
        self._changed = changed
        self._soon: Timer | None = None
        self.stored_in = "your keyring"

    def set_draft(self, name: str, value: Value, *, whole: bool) -> None:
        """A value was typed; one that looks whole is tested after a pause."""
        draft = value if len(value) else None
        if draft is not None and draft == self._onboarding.drafts.get(name):
            return  # it came with its name, and is under test
        self._wait_no_more()
        self._onboarding.set_draft(name, draft)
        if whole and self._onboarding.drafts.get(name) is not None:
            self._soon = self._host.set_timer(PAUSE, self.test)
        self._changed()

    def take_all(self, found: Mapping[str, Value]) -> None:
        """Values came with their names, so they are whole."""
        for name, value in found.items():
            self._onboarding.set_draft(name, value)
        self.test()

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

    def may_store_untested(self, name: str) -> bool:
        """Whether a draft was tested and did not pass."""
        said = self._onboarding.findings.get(name, ())
        drafted = self._onboarding.drafts.get(name) is not None
        return drafted and check_outcome(said) in {CheckOutcome.FAILED, CheckOutcome.UNANSWERED}

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
        if not stored or onboarding.drafts.get(name) is not None or name in onboarding.testing:
            return ""
        tested = "" if onboarding.chip(name) is not Chip.STORED else ", not tested yet"
        return f"Stored in {self.stored_in}{tested}."

    async def _trial(self) -> None:
        async with self._onboarding.test_drafts() as events:
            self._changed()
            async for event in events:
                self._onboarding.handle_event(event)
                self._changed()
        self.store_passed()

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
