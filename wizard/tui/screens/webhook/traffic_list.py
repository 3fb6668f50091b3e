"""The live list: what came in, a line each, the newest at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wizard.tui.controllers.traffic_log import TrafficEntry, TrafficLog
from wizard.tui.widgets.pointer_list import PointerList
from wizard.tui.widgets.traffic_rows import Hide, drawn, rows
from wizard.values.redaction import redact


class TrafficList(PointerList):
    """Follows the newest line for as long as that is the marked one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "details")]

    class Opened(Message):
        """A line was chosen, to be seen whole."""

        def __init__(self, entry: TrafficEntry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, hide: Hide = redact) -> None:
        super().__init__(id="traffic", compact=True, markup=False)
        self._hide = hide
        self._traffic = TrafficLog()
        self._drawn: dict[str, Content] = {}
        self._happenings: dict[str, TrafficEntry] = {}
        self._written: dict[TrafficEntry, tuple[Content, ...]] = {}
        self._columns = (0, False)

    @property
    def marked(self) -> TrafficEntry | None:
        option = self.highlighted_option
        return self._happenings.get(option.id or "") if option else None

    def show(self, traffic: TrafficLog) -> None:
        """Draws what is new; all of it where the width is another one."""
        self._traffic = traffic
        if self.size.width:
            self._draw()

    def on_resize(self, _: events.Resize) -> None:
        self.show(self._traffic)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if (entry := self._happenings.get(event.option.id or "")) is not None:
            self.post_message(self.Opened(entry))

    def _draw(self) -> None:
        lines = self._composed()
        if lines == self._drawn:
            return
        marked = self.highlighted_option.id if self.highlighted_option else None
        follows = marked is None or marked == next(reversed(self._drawn), None)
        if list(lines)[: len(self._drawn)] == list(self._drawn):
            self._go_on(lines)
        else:
            self.clear_options()
            self.add_options([Option(line, id=id_) for id_, line in lines.items()])
        self._drawn = lines
        ids = list(lines)
        wanted = ids.index(marked) if marked in lines and not follows else len(ids) - 1
        if self.highlighted != wanted:
            self.highlighted = wanted

    def _go_on(self, lines: Mapping[str, Content]) -> None:
        for id_, line in self._drawn.items():
            if lines[id_] != line:
                self.replace_option_prompt(id_, lines[id_])
        self.add_options(
            [Option(line, id=id_) for id_, line in lines.items() if id_ not in self._drawn]
        )

    def _composed(self) -> dict[str, Content]:
        width = self.line_width or self.size.width
        answers = any(entry.answer for entry in self._traffic)
        before = self._written if self._columns == (width, answers) else {}
        self._columns = (width, answers)
        self._written = {
            entry: before.get(entry) or tuple(self._lines_of(entry, width, answers))
            for entry in self._traffic
        }
        lines, self._happenings = {}, {}
        for entry, written in self._written.items():
            for number, line in enumerate(written):
                id_ = f"line-{entry.serial}-{number}"
                lines[id_] = line
                self._happenings[id_] = entry
        return lines

    def _lines_of(self, entry: TrafficEntry, width: int, answers: bool) -> Iterator[Content]:
        for row in rows(entry, self._hide):
            yield drawn(row, entry.at, width, answers=answers)
