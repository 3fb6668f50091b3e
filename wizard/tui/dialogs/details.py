"""Something that came in, whole: its headers, and its body as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from wizard.support.texts import printable
from wizard.tui.controllers.traffic_log import TrafficEntry
from wizard.tui.widgets.traffic_rows import rows
from wizard.webhook.event_queue import Delivery, Handshake, Rejected

_MOST_LINES = 2000
_LONG = 1000
_MOST_SHOWN = 200_000


class DetailsModal(ModalScreen[None]):
    """Closes on escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,d", "dismiss(None)", "close"),
    ]

    def __init__(self, entry: TrafficEntry) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="modal details") as modal:
            modal.border_title = f"{self._entry.at.astimezone():%H:%M:%S}"
            modal.border_subtitle = "esc close"
            for row in rows(self._entry):
                yield Static(f"{row.kind}   {row.said}", classes="finding-title", markup=False)
            yield Static(Content.assemble(*_facts(self._entry)), id="headers")
            if isinstance(self._entry.event, Delivery):
                body = self._entry.redact(pretty(self._entry.event.body))
                yield Static(body, id="json", markup=False)


def _facts(entry: TrafficEntry) -> Iterator[Content]:
    """A line a fact, its name dimmed."""
    event = entry.event
    facts: list[tuple[str, str]] = []
    if isinstance(event, Delivery):
        facts += [(name, value) for name, value in event.headers]
        facts += [("signature", event.signature), ("bytes", f"{len(event.body):,}")]
    elif isinstance(event, Handshake):
        facts += [("user-agent", event.user_agent), ("verify token", "right" if event.ok else "–")]
    elif isinstance(event, Rejected):
        answered = "nothing; the caller had left" if event.status is None else str(event.status)
        facts += [("answered", answered)]
    for name, value in facts:
        yield Content.assemble(
            (f"{name:<21}", "$foreground 60%"), f"{entry.redact(printable(value, 200))}\n"
        )


def pretty(body: bytes) -> str:
    """A body as JSON with its lines set in, no line of it able to do anything to a terminal."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
    lines = text.splitlines()
    shown = [_indent(line) + printable(line, _LONG) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(f"… {len(lines) - _MOST_LINES:,} more lines")
    whole = "\n".join(shown)
    return whole if len(whole) <= _MOST_SHOWN else f"{whole[:_MOST_SHOWN]}\n…"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
