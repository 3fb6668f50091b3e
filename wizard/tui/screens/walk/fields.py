"""What a person does with the values of a step: types, pastes, moves and takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from textual.screen import Screen

from wizard.findings import Choice, Finding
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.portal_layout import findings_of
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.screens.walk.step import StepView
from wizard.tui.widgets.capture import MISPLACED, Capture
from wizard.values.credentials import CREDENTIALS, Value


@dataclass(frozen=True)
class _Before:
    """One value before a change: as it was shown, and as it was stored."""

    name: str
    shown: Value | None
    stored: Value | None


class StepFields:
    """Between the fields on screen and the tests of what is in them. `view` gives the step on
    screen; each change is kept for as long as one is on it."""

    def __init__(
        self,
        host: Screen[None],
        onboarding: Onboarding,
        draft_tester: DraftTester,
        view: Callable[[], StepView | None],
    ) -> None:
        self._host = host
        self._onboarding = onboarding
        self._draft_tester = draft_tester
        self._view = view
        self._changes: list[tuple[_Before, ...]] = []
        self._typing: str | None = None

    @property
    def captures(self) -> list[Capture]:
        view = self._view()
        return view.captures if view else []

    def show(self, chips: Mapping[str, Chip]) -> None:
        """Draws under each field what was found of its value, and where that is stored."""
        for capture in self.captures:
            name = capture.credential.name
            found = findings_of(self._onboarding, name)
            stored = self._draft_tester.storage_text(name)
            capture.show(chips[name], found, stored, self._onboarding.values)
            capture.field.goes_on = not self._draft_tester.has_to_test(name)

    def focus_next_after(self, name: str) -> bool:
        """Goes to the next field that still has to be filled; whether it is another than this."""
        required = self.next_required
        if required is None or required.credential.name == name:
            return False
        required.focus_field()
        return True

    @property
    def next_required(self) -> Capture | None:
        """The first empty field of a value that the step is for."""
        yields = self._onboarding.walk.step.yields
        empty = (one for one in self.captures if not one.field.value)
        return next((one for one in empty if one.credential.name in yields), None)

    def forget(self) -> None:
        """Another step is on screen: what was changed on the one before stays changed."""
        self._changes.clear()
        self._typing = None

    # Values come in.

    def changed(self, event: Capture.Changed) -> None:
        if event.pasted or event.name != self._typing:
            self._note([event.name], {event.name: event.value})
        self._typing = None if event.pasted else event.name
        self._draft_tester.set_draft(
            event.name, event.value, whole=event.whole, pasted=event.pasted
        )

    def submitted(self, name: str) -> bool:
        """Enter in a field: whether there is something to be tested first."""
        self._typing = None
        if self._draft_tester.confirm(name):
            return True
        if self._draft_tester.untested(name):
            self._draft_tester.test()
            return True
        return False

    def bundle(self, found: Mapping[str, Value]) -> None:
        """A paste held values with their names."""
        self._note(found, found)
        for name, value in found.items():
            self._put(name, value)
        self._draft_tester.take_bundle(found)
        labels = ", ".join(CREDENTIALS[name].label for name in found)
        self._host.notify(labels, title="Found in your paste")

    def rejected(self, findings: Mapping[str, Finding]) -> None:
        """Values of a paste failed where the stored ones had passed."""
        for name, finding in findings.items():
            if (capture := self._capture(name)) is not None:
                capture.restore(self._onboarding.world.values.get(name))
            self._host.notify(
                f"In your paste: {finding.title}. Yours is kept.",
                title=CREDENTIALS[name].label,
                severity="warning",
                markup=False,
            )

    def choose(self, choice: Choice) -> None:
        """One of the values that Meta offered was taken; its outcome comes into sight."""
        self.take({choice.name: CREDENTIALS[choice.name].wrap(choice.value)})
        if (capture := self._capture(choice.name)) is not None:
            capture.focus_field()

    def take(self, values: Mapping[str, Value]) -> None:
        """Takes whole values, as if they had been pasted."""
        self._note(values, values)
        for name, value in values.items():
            self._put(name, value)
        self._draft_tester.take_all(values)

    def suggest(self) -> None:
        """Fills in what may be filled in on a key."""
        for capture in self.captures:
            if (offer := self._draft_tester.suggest(capture.credential.name)) is not None:
                capture.put(offer)

    # Values are changed.

    @property
    def editable(self) -> Capture | None:
        """The filled field that a key opens for typing: the one with the focus, or the first."""
        filled = [capture for capture in self.captures if capture.field.value]
        focused = [capture for capture in filled if capture.field.has_focus]
        return next(iter(focused or filled), None)

    def edit(self) -> None:
        self._typing = None
        if (capture := self.editable) is not None:
            capture.edit()

    @property
    def misplaced(self) -> tuple[str, str] | None:
        """The name of a value that Meta found to be another one, and of that other one."""
        for capture in self.captures:
            name = capture.credential.name
            if self._onboarding.drafts.get(name) is None:
                continue
            for finding in self._onboarding.findings.get(name, ()):
                if finding.id in MISPLACED:
                    return name, MISPLACED[finding.id]
        return None

    def move(self) -> None:
        """Moves a misplaced value to where it belongs."""
        if (found := self.misplaced) is None:
            return
        name, to = found
        value = self._onboarding.drafts.get(name)
        if value is None:
            return
        self._note((name, to), {to: value, name: None})
        self._onboarding.set_draft(name, None)
        for of, shown in ((name, self._onboarding.world.values.get(name)), (to, value)):
            if (capture := self._capture(of)) is not None:
                capture.restore(shown)
        self._draft_tester.take_all({to: value})

    @property
    def may_undo(self) -> bool:
        return bool(self._changes)

    def undo(self) -> None:
        """Takes the last change back, also out of the keyring."""
        self._typing = None
        before = self._changes.pop()
        for one in before:
            if (capture := self._capture(one.name)) is not None:
                capture.restore(one.shown)
        self._draft_tester.put_back({one.name: (one.shown, one.stored) for one in before})

    def _note(self, names: Iterable[str], news: Mapping[str, Value | None]) -> None:
        known, stored = self._onboarding.known, self._onboarding.world.values
        before = tuple(
            _Before(name, known.get(name), stored.get(name))
            for name in names
            if known.get(name) != news.get(name)
        )
        if before:
            self._changes.append(before)

    def _put(self, name: str, value: Value) -> None:
        if (capture := self._capture(name)) is not None:
            capture.put(value)

    def _capture(self, name: str) -> Capture | None:
        view = self._view()
        return view.capture(name) if view else None
