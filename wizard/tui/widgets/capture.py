"""The field of one credential: what is pasted, what it looks like, what Meta says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from wizard.findings import Choice, Finding, Status
from wizard.journeys.onboarding.chip import Chip
from wizard.portal import narrow_places
from wizard.tui.widgets.field import Field
from wizard.tui.widgets.once import Horizontal, Static, Vertical
from wizard.tui.widgets.outcome import OutcomeView
from wizard.tui.widgets.pointer_list import PointerList
from wizard.tui.widgets.single_line_input import LONGEST
from wizard.values.credentials import CREDENTIALS, Value, Values, plain
from wizard.values.shapes import Shape, check_shape, clean

_REPLACES = 8
"""A paste of this many characters is a value of its own and takes the place of what stood there."""


MISPLACED = {
    "phone_number_id.is_waba_id": "waba_id",
    "waba_id.is_phone_number_id": "phone_number_id",
}
"""What Meta found a value to be, and the credential that it is."""


class Choices(PointerList):
    """Marks its first line as soon as one comes to it, so that enter takes it."""

    def _on_focus(self, _event: events.Focus) -> None:
        if self.highlighted is None and self.option_count:
            self.highlighted = 0


class OfferedValues(Vertical):
    """What Meta offers in place of a value; it comes with the first offer, which few fields see."""

    def __init__(self) -> None:
        super().__init__(classes="choices")
        self._move = Static(classes="move", markup=False)
        self._listed = Choices(compact=True, markup=False)

    def compose(self) -> ComposeResult:
        yield self._move
        yield Static("Meta offers these. Press tab and enter, or click one:")
        yield self._listed

    def show(self, choices: Sequence[Choice]) -> None:
        """Lists the values; where there are none, nothing is to be seen."""
        self._listed.clear_options()
        self._listed.add_options([Option(f"{c.value}   {c.about}") for c in choices])
        self.display = bool(choices)

    def show_move(self, to: str | None) -> None:
        """Names the credential that the value belongs to, with the key that moves it there."""
        self._move.display = to is not None
        if to is not None:
            line = f"  move this value to the {CREDENTIALS[to].label}"
            self._move.update(Content.assemble(("m", "bold $accent"), line))


class Capture(Vertical):
    """A credential's label, field and outcome. It reports what is typed and decides nothing."""

    FIELD: ClassVar[type[Field]] = Field

    @dataclass
    class Changed(Message):
        """A value was typed or `pasted`; `whole` says that it is probably all of it."""

        name: str
        value: Value
        whole: bool
        pasted: bool = False

    @dataclass
    class Submitted(Message):
        """Enter was pressed in the field."""

        name: str

    @dataclass
    class Bundle(Message):
        """A paste held values with their names; of an ID that it holds `several` of, the first is
        among those found."""

        found: dict[str, Value]
        several: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @dataclass
    class Chosen(Message):
        """One of the values that Graph offered was taken."""

        choice: Choice

    def __init__(
        self,
        name: str,
        value: Value | None,
        others: Values,
        hint: str = "",
        layout: str | None = None,
    ) -> None:
        """`hint` stands beside an empty field; what is said of a page of the portal names it as
        the `layout` does."""
        super().__init__(id=f"capture-{name}", classes="capture")
        self.credential = CREDENTIALS[name]
        self._value = value
        self._others = others
        self._hint = hint
        self._layout = layout
        self._offered: OfferedValues | None = None
        self._choices: tuple[Choice, ...] = ()
        self._came_whole = self._judged = False

    def compose(self) -> ComposeResult:
        with Horizontal(classes="capture-head"):
            yield Static(self.credential.label, classes="capture-label")
            yield Static(classes="capture-note", markup=False)
        yield self.FIELD(self.credential.name)
        yield OutcomeView()

    def on_mount(self) -> None:
        if self._value is not None:
            with self.prevent(Input.Changed):
                self.field.value = plain(self._value)
            self.field.lock_value()
        self._describe()

    @property
    def field(self) -> Field:
        return self.query_one(Field)

    def focus_field(self, *, scroll: bool = True) -> None:
        self.field.focus(scroll_visible=scroll)

    def put(self, value: Value) -> None:
        """Fills the field with a value that came in one piece; the same one again is news too."""
        if plain(value) == self.field.value:
            self.post_message(self.Changed(self.credential.name, value, whole=True, pasted=True))
            return
        self._came_whole = True
        self.field.value = plain(value)
        self.field.cursor_position = len(self.field.value)

    def restore(self, value: Value | None) -> None:
        """Shows a value as it was before, which is no news to anybody."""
        with self.prevent(Input.Changed):
            self.field.value = "" if value is None else plain(value)
        self._value = value
        self.field.lock_value()
        self._describe()

    def edit(self) -> None:
        """Lets keys change the value that is there."""
        self.focus_field()
        self.field.action_edit()

    def show(
        self, chip: Chip, findings: tuple[Finding, ...], stored_in: str, others: Values
    ) -> None:
        """What the last test said, or that one is running; `others` are all values as they are."""
        judged = any(finding.status in {Status.FAIL, Status.WARN} for finding in findings)
        if (others, judged) != (self._others, self._judged):
            self._others, self._judged = others, judged
            self._describe()
        self.call_next(self.query_one(OutcomeView).show, chip, findings, stored_in)
        self._show_choices(findings)

    def _show_choices(self, findings: tuple[Finding, ...]) -> None:
        to = next((MISPLACED[one.id] for one in findings if one.id in MISPLACED), None)
        choices = tuple(choice for finding in findings for choice in finding.choices)
        if choices and self._offered is None:
            self._offered = OfferedValues()
            self.mount(self._offered)
        if self._offered is not None:
            self._offered.show_move(to)
            if choices != self._choices:
                self._offered.show(choices)
        self._choices = choices

    def take_paste(self, event: events.Paste) -> None:
        """A paste that came in elsewhere, for this field; nobody else takes it too."""
        event.stop()
        self.focus_field()
        self.field.post_message(events.Paste(event.text))

    def on_field_pasted(self, event: Field.Pasted) -> None:
        from wizard.values.paste import find_alternatives, find_credentials

        event.stop()
        cleaned = clean(self.credential.name, event.text)
        alone = check_shape(self.credential.name, cleaned).shape is Shape.GOOD
        if not alone and (bundle := find_credentials(event.text)):
            self.post_message(self.Bundle(bundle, find_alternatives(event.text)))
        elif len(plain(cleaned)) < _REPLACES and self.field.value:
            self.field.insert_cut(plain(cleaned))
        elif len(cleaned) > LONGEST:
            self.put(self.credential.wrap(plain(cleaned)[:LONGEST]))
            self.field.say_cut()
        else:
            self.put(cleaned)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.field.scroll_visible(animate=False)
        self._value = clean(self.credential.name, self.field.value)
        shape = self._describe()
        pasted, self._came_whole = self._came_whole, False
        whole = shape is Shape.GOOD or (pasted and shape is not Shape.WRONG)
        if pasted:
            self.field.lock_value(locked=whole and shape is not Shape.PARTIAL)
        self.post_message(self.Changed(self.credential.name, self._value, whole, pasted))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self.credential.name))

    def on_outcome_view_drawn(self, event: OutcomeView.Drawn) -> None:
        event.stop()
        if self.field.has_focus:
            self.scroll_visible(animate=False, top=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen(self._choices[event.option_index]))

    def _describe(self) -> Shape:
        judgement = check_shape(self.credential.name, self._value, self._others)
        length = 0 if self._value is None else len(self._value)
        count = f"{length} characters" if length else self._hint
        note = narrow_places(judgement.note, self._layout)
        note = count if self._judged else note or count  # below it is said in full
        line = self.query_one(".capture-note", Static)
        line.set_class(judgement.shape is Shape.WRONG, "-wrong")
        line.update(note)
        return judgement.shape
