"""What the token leads to, in one line under the step, with the key that takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.app import App
from textual.content import Content

from wizard.journeys.discovery.discovery import Candidate
from wizard.support.texts import printable
from wizard.tui.controllers.token_offer import TokenOffer
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.widgets.once import Static
from wizard.values.credentials import Value

_MOST = 40
_INDENT = "   "
_KEYS = Content.assemble(
    ("enter", "bold $accent"), "  take them    ", ("n", "bold $accent"), "  not now"
)


class OfferLine(Static):
    """Shown while something is offered; a label and its value always stand in one row."""

    _parts: tuple[str, ...] = ()

    def show(self, offer: TokenOffer) -> None:
        self.display = offer.is_open
        self._parts = offer.parts if offer.is_open else ()
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._parts and (room := self.content_size.width or self.app.size.width):
            self.update(Content("\n").join(_rows(self._parts, room)))


def _rows(parts: Sequence[str], room: int) -> Iterator[Content]:
    """What is offered and the keys for it, in as few rows as they fit in."""
    row = f"{_INDENT}Meta says:"
    rows = []
    for number, part in enumerate(parts, 1):
        word = f" {part}{',' if number < len(parts) else '.'}"
        if len(row) + len(word) > room:
            rows.append(row)
            row = _INDENT[1:]
        row += word
    first, *others = [*rows, row]
    drawn = [Content.assemble(("✓", "$success"), first[1:]), *map(Content, others)]
    if len(row) + 4 + len(_KEYS) <= room:
        drawn[-1] = Content.assemble(drawn[-1], "    ", _KEYS)
    else:
        drawn.append(Content.assemble(_INDENT, _KEYS))
    yield from drawn


async def take_offer(app: App[Any], offer: TokenOffer) -> Mapping[str, Value]:
    """What is offered; where there are several numbers, with the one that is chosen. Nothing where
    none was."""
    choices = offer.choices
    if not choices:
        return offer.take()
    answers = [(f"{at}", _line(one)) for at, one in enumerate(choices)]
    modal = ChoiceModal("Which number?", "Your token reaches several numbers.", answers)
    answer = await app.push_screen_wait(modal)
    return {} if answer is None else offer.take(choices[int(answer)])


def _line(candidate: Candidate) -> str:
    account, number = candidate
    about = printable(number.about, _MOST) if number else "no number"
    return f"{about}   {printable(account.name, _MOST) or account.waba_id}"
