"""The accounts that a token leads to and their numbers, one of which is to be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from wizard.graph import Number
from wizard.journeys.discovery.accounts import MOST, Account
from wizard.journeys.discovery.discovery import Candidate
from wizard.support.texts import counted, printable
from wizard.tui.widgets.once import Static, Vertical
from wizard.tui.widgets.pointer_list import PointerList
from wizard.tui.widgets.single_line_input import SingleLineInput

_DIM = "$foreground 60%"
_IN = "  "
"""Numbers stand below the account that they are of."""
_FEW = 8
"""As many are seen at once; of more one wants to see some only."""
_SHORT = 30
"""A paste of fewer characters is what somebody looks for, and no credential."""
_AROUND, _WIDE = 6, 88
_WHY = 300
_QUALITY = {"GREEN": "$success", "YELLOW": "$warning", "RED": "$error"}


class NumberFilter(SingleLineInput):
    """What the rows must hold. Arrow keys go to the rows; a long paste is not for here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "select"),
        Binding("down", "move('cursor_down')", "down", show=False),
        Binding("up", "move('cursor_up')", "up", show=False),
        Binding("pagedown", "move('page_down')", "page down", show=False),
        Binding("pageup", "move('page_up')", "page up", show=False),
        Binding("escape", "leave", "back", key_display="esc"),
    ]

    def _on_paste(self, event: events.Paste) -> None:
        if len(event.text) >= _SHORT:
            event.prevent_default()
        else:
            super()._on_paste(event)

    def action_move(self, how: str) -> None:
        if isinstance(self.parent, NumberPicker):
            self.parent.move(how)

    def action_leave(self) -> None:
        self.screen.set_focus(None)


class NumberList(PointerList):
    """The rows, and in the footer the key that takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "select")]


class NumberPicker(Vertical):
    """An account's name above its numbers; one that can't be read says why."""

    @dataclass
    class Chosen(Message):
        """A number was taken, or an account that has none."""

        candidate: Candidate

    def __init__(self) -> None:
        super().__init__(id="numbers")
        self._accounts: tuple[Account, ...] = ()
        self._offered: dict[str, Candidate] = {}
        self._width = 0

    def compose(self) -> ComposeResult:
        yield Static(id="which", markup=False)
        yield NumberFilter(
            placeholder="Type a name, a number or an ID to filter the list", compact=True
        )
        yield NumberList(compact=True, markup=False)

    @property
    def rows(self) -> NumberList:
        return self.query_one(NumberList)

    @property
    def sieve(self) -> NumberFilter:
        return self.query_one(NumberFilter)

    def show(self, accounts: Sequence[Account], marked: Candidate | None) -> None:
        """Draws them where they are others than before; the cursor begins on the `marked` one."""
        width = self.rows.line_width or self.app.size.width - _AROUND
        if (tuple(accounts), width) == (self._accounts, self._width):
            return
        if tuple(accounts) != self._accounts:
            self.sieve.value = ""
        self._accounts, self._width = tuple(accounts), width
        self._list(marked)
        numbers = sum(len(account.numbers) for account in accounts)
        self.sieve.display = numbers > _FEW
        self.query_one("#which", Static).update(
            "This token can't read any WABA."
            if all(account.error for account in accounts)
            else f"Which number?   {counted(len(accounts), 'WABA')}, {counted(numbers, 'number')}"
            + (", more were not checked" if len(accounts) == MOST else "")
        )

    def take_focus(self) -> None:
        (self.sieve if self.sieve.display else self.rows).focus()

    def move(self, how: str) -> None:
        getattr(self.rows, f"action_{how}")()

    def on_resize(self, _: events.Resize) -> None:
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        option = self.rows.highlighted_option
        self.show(self._accounts, self._offered.get(option.id or "") if option else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._list(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if candidate := self._offered.get(event.option.id or ""):
            self.post_message(self.Chosen(candidate))

    def _list(self, marked: Candidate | None) -> None:
        words, rows, self._offered = self.sieve.value.casefold().split(), self.rows, {}
        options = [option for account in self._accounts for option in self._options(account, words)]
        rows.clear_options()
        rows.add_options(options or [Option("No match.", disabled=True)])
        at = next((id_ for id_, one in self._offered.items() if one == marked), None)
        first = next(iter(self._offered), None)
        rows.highlighted = rows.get_option_index(at or first) if first else None

    def _options(self, account: Account, words: Sequence[str]) -> Iterator[Option]:
        name = account.name or "A WABA"
        head = Content.assemble(
            (printable(name, 60), "bold"), (f"   WABA ID {account.waba_id}", _DIM)
        )
        numbers = [one for one in account.numbers or (None,) if _holds(account, one, words)]
        if not numbers:
            return
        yield Option(self._cut(head), disabled=True)
        if account.error:
            yield Option(_error(account.error, self._width), disabled=True)
            return
        for number in numbers:
            id_ = f"row-{len(self._offered)}"
            self._offered[id_] = (account, number)
            yield Option(self._cut(_row(number, self._width)), id=id_)

    def _cut(self, line: Content) -> Content:
        return line.truncate(self._width, ellipsis=True) if self._width else line


def _error(text: str, width: int) -> Content:
    """Why an account could not be read, its further rows below its first word."""
    sign = f"{_IN}✗  "
    rows = wrap(printable(text, _WHY), max(20, width - len(sign)))
    return Content.assemble((sign, "$error"), f"\n{' ' * len(sign)}".join(rows))


def _row(number: Number | None, width: int) -> Content:
    """A number in columns: as it is dialled, its verified name, test flag, quality and ID."""
    if number is None:
        return Content.styled(f"{_IN}no number yet; use the WABA without one", _DIM)
    wide = width >= _WIDE
    name = max(12, min(32, width - (66 if wide else 58)))
    quality = number.quality if number.quality not in {"", "UNKNOWN", "NA"} else ""
    return Content.assemble(
        f"{_IN}{printable(number.display, 20):<21}",
        _cell(printable(number.name, 60), name),
        ("test   " if number.is_test else "       ", "$warning"),
        ("quality " if wide and quality else " " * 8 * wide, _DIM),
        (f"{quality.lower():<8}", _QUALITY.get(quality, _DIM)),
        (f"ID {number.id}", _DIM),
    )


def _cell(text: str, width: int) -> Content:
    cut = Content(text).truncate(width - 2, ellipsis=True)
    return cut.pad_right(max(0, width - cut.cell_length))


def _holds(account: Account, number: Number | None, words: Sequence[str]) -> bool:
    parts = [account.name, account.waba_id]
    if number is not None:
        digits = "".join(char for char in number.display if char.isdigit())
        parts += [number.display, digits, number.name, number.id, "test" * number.is_test]
    text = " ".join(parts).casefold()
    return all(word in text for word in words)
