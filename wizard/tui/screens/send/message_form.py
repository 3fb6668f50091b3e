"""A message while it is written: from which number, to whom, and what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from wizard.graph import Number
from wizard.journeys.messages.messages import LONGEST, MessageDraft
from wizard.journeys.messages.phone_input import PhoneInput, country_of, format_as_you_type
from wizard.journeys.messages.recipients import region_of
from wizard.journeys.messages.service_window import RecentSender
from wizard.support.texts import printable
from wizard.tui.controllers.message import UNFIT, MessageController
from wizard.tui.widgets.once import Horizontal, Static, Vertical
from wizard.tui.widgets.single_line_input import SingleLineInput

_DIM = "$foreground 60%"
_MAX_RECIPIENT = 140


class MessageInput(SingleLineInput):
    """A field that is left by escape, so that single keys work again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "review"),
        Binding("escape", "leave", "leave field", key_display="esc"),
    ]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        # Textual knows no character for these two, and would offer them as keys all the same.
        return super().check_consume_key(key, character) or key in {"slash", "question_mark"}

    def action_leave(self) -> None:
        self.screen.set_focus(None)


@dataclass(frozen=True)
class FormHints:
    """What is said beside the fields. `offer` is whom a key fills in, `window` whether a text may
    go out, `template` what goes out in place of an empty text, `unfit` what speaks against that."""

    sender: Number | None
    reading: PhoneInput
    offer: str
    window: str
    is_open: bool
    template: str
    unfit: str = ""


def form_hints(sending: MessageController, *, complain: bool) -> FormHints:
    """What there is to say; `complain` of a number that may only be unfinished."""
    reading = sending.phone_input
    opener = sending.opener(reading.recipient) if reading.recipient else None
    return FormHints(
        sender=sending.sender,
        reading=replace(reading, unfinished=False) if complain else reading,
        offer=sending.suggested_recipient.about if sending.suggested_recipient else "",
        window=_opened_by(opener),
        is_open=opener is not None,
        template=f"{sending.template.name} ({sending.template.language})",
        unfit=UNFIT if sending.is_unfit else "",
    )


class MessageForm(Vertical):
    """Reports what is typed and decides nothing."""

    @dataclass
    class Changed(Message):
        """Something was typed."""

        to: str
        text: str

    class Submitted(Message):
        """Enter was pressed in a field."""

    def __init__(self, to: str, text: str) -> None:
        super().__init__(id="form")
        self._region: str | None = None
        self._before = to
        self._first = (to, text)

    def compose(self) -> ComposeResult:
        to, text = self._first
        yield Static(id="from")
        with Vertical(classes="capture"):
            with Horizontal(classes="capture-head"):
                yield Static("To", classes="capture-label letter-label")
                yield Static(id="to-note", classes="capture-note", markup=False)
            hint = "A phone number with + and its country code, or a user ID"
            yield MessageInput(
                to, id="to", placeholder=hint, compact=True, max_length=_MAX_RECIPIENT
            )
            yield Static(id="wrong-number", classes="letter-hint", markup=False)
            yield Static(id="offer", classes="letter-hint")
        with Vertical(classes="capture"):
            with Horizontal(classes="capture-head"):
                yield Static("Text", classes="capture-label letter-label")
                yield Static(id="text-note", classes="capture-note", markup=False)
            yield MessageInput(text, id="text", compact=True, max_length=LONGEST)
            yield Static(id="hint", classes="letter-hint")

    @property
    def to(self) -> MessageInput:
        return self.query_one("#to", MessageInput)

    def put(self, to: str) -> None:
        """Fills in a recipient."""
        self.to.value = self._before = to
        self.to.cursor_position = len(to)

    def put_text(self, text: str) -> None:
        self.query_one("#text", MessageInput).value = text

    def show(self, notes: FormHints) -> None:
        """Draws what is said beside the fields."""
        self._region = region_of(notes.sender.display) if notes.sender else None
        self.query_one("#from", Static).update(sender_line(notes.sender))
        self.query_one("#to-note", Static).update(_read(notes))
        wrong = "" if notes.reading.unfinished else notes.reading.wrong
        self._say("#wrong-number", Content(f"✗ {wrong}" if wrong else ""))
        self._say("#offer", _key("^g", notes.offer))
        text = self.query_one("#text", MessageInput)
        text.placeholder = f"Empty: sends the template {notes.template}"
        window = self.query_one("#text-note", Static)
        window.set_class(notes.is_open, "-open")
        window.update(notes.window)
        other = "a template instead" if text.value.strip() else "another template"
        unfit = f": {notes.unfit}" if notes.unfit and not text.value.strip() else ""
        self._say("#hint", _key("^t", f"{other}{unfit}"))

    def _say(self, where: str, text: Content) -> None:
        line = self.query_one(where, Static)
        line.update(text)
        line.display = bool(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self.to:
            self._format()
        self.post_message(self.Changed(self.to.value, self.query_one("#text", MessageInput).value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())

    def _format(self) -> None:
        """Sets blanks and dashes while digits come in at the end; whoever deletes is let alone."""
        field = self.to
        grown = len(field.value) > len(self._before)
        if grown and field.cursor_position == len(field.value):
            with self.prevent(Input.Changed):
                field.value = format_as_you_type(field.value, self._region)
            field.cursor_position = len(field.value)
        self._before = field.value


@dataclass(frozen=True)
class PreviewContent:
    """What is to be sent, or was. `doubt` is what speaks against it; `asked` where a key sends it,
    unless it `waits` for something."""

    draft: MessageDraft
    sender: Number | None
    doubt: str = ""
    waits: str = ""
    asked: bool = False


def preview_content(
    sending: MessageController, asked: MessageDraft | None, *, seen: bool
) -> PreviewContent | None:
    """The message under way, or else the one that is asked about; nothing while it is written.
    The key that sends it is named once the rest has been `seen`, for only then it holds."""
    if sending.tracker is not None:
        return PreviewContent(sending.tracker.draft, sending.sender)
    if asked is None:
        return None
    waits = sending.blocked_reason or ("" if seen else "…")
    return PreviewContent(asked, sending.sender, sending.warning_for(asked), waits, asked=True)


class MessagePreview(Static):
    """To whom, from which number, and what; below, the key that sends it."""

    def __init__(self) -> None:
        super().__init__(id="letter", markup=False)

    def show(self, letter: PreviewContent | None) -> None:
        self.display = letter is not None
        if letter is not None:
            self.set_class(letter.asked, "-asked")
            self.update(Content("\n").join(_lines(letter)))


def _lines(letter: PreviewContent) -> Iterator[Content]:
    to = letter.draft.to
    yield Content.assemble(_label("To"), (to.shown, "bold"), (f"   {country_of(to)}", _DIM))
    yield sender_line(letter.sender)
    yield Content.assemble(_label("Message"), letter.draft.about)
    for doubt in filter(None, (to.doubt, letter.doubt)):
        yield Content.styled(f"!  {doubt}", "$warning")
    if letter.asked:
        yield Content()
        keys = (
            ("enter", "bold $accent"),
            "  send it      ",
            ("esc", "bold $accent"),
            "  edit it",
        )
        yield Content.styled(letter.waits, _DIM) if letter.waits else Content.assemble(*keys)


def _opened_by(writer: RecentSender | None) -> str:
    """Whether a text may go out, as far as this run knows."""
    if writer is None:
        return "the 24-hour window may be closed"
    who = writer.name or writer.recipient.shown
    return f"✓ the 24-hour window is open until {writer.until.astimezone():%a %H:%M}: {who} wrote"


def _label(text: str) -> Content:
    return Content.styled(f"{text:<9}", "bold")


def sender_line(number: Number | None) -> Content:
    """The number that sends, its verified name, and whether it is Meta's test number."""
    label = _label("From")
    if number is None:
        return Content.assemble(label, ("–", _DIM))
    is_test = "   a test number" if number.is_test else ""
    return Content.assemble(label, printable(number.about), (is_test, _DIM))


def _read(notes: FormHints) -> str:
    reading, sender = notes.reading, notes.sender
    if (to := reading.recipient) is not None:
        return "   ".join(
            filter(None, [f"! {to.doubt}" if to.doubt else f"✓ {to.shown}", reading.country])
        )
    return "one of the 5 on the test number's list" if sender and sender.is_test else ""


def _key(key: str, does: str) -> Content:
    return Content.assemble((key, "bold $accent"), f"  {does}") if does else Content()
