"""Something that came in, whole: its headers, and its body as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from wizard.support.texts import printable
from wizard.tui.controllers.traffic_log import TrafficEntry
from wizard.tui.widgets.once import ModalScreen, Static, VerticalScroll
from wizard.tui.widgets.traffic_rows import Hide, rows
from wizard.values.redaction import redact
from wizard.webhook.event_queue import Delivery, Handshake, Rejected

_MOST_LINES = 2000
_LONG = 1000
_MOST = 100_000
"""Characters, among which secrets are looked for before anything is shown."""


class DetailsModal(ModalScreen[None]):
    """Closes on escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,d", "dismiss(None)", "close"),
    ]

    def __init__(self, entry: TrafficEntry, hide: Hide = redact) -> None:
        super().__init__()
        self._hide = hide
        self._entry = entry

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="modal details") as modal:
            modal.border_title = f"{self._entry.at.astimezone():%H:%M:%S}"
            modal.border_subtitle = "esc close"
            for row in rows(self._entry, self._hide):
                yield Static(f"{row.kind}   {row.said}", classes="finding-title", markup=False)
            yield Static(Content.assemble(*_facts(self._entry, self._hide)), id="headers")
            if isinstance(self._entry.event, Delivery):
                body = self._hide(pretty(self._entry.event.body))
                yield Static(body, id="json", markup=False)


def _facts(entry: TrafficEntry, hide: Hide) -> Iterator[Content]:
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
            (f"{name:<21}", "$foreground 60%"), f"{hide(printable(value, 200))}\n"
        )


def pretty(body: bytes) -> str:
    """A body as JSON with its lines set in, no line of it able to do anything to a terminal."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
    lines = text.splitlines()
    shown, size = list[str](), 0
    for line in lines[:_MOST_LINES]:
        shown.append(_indent(line) + printable(line, _LONG))
        size += len(shown[-1])
        if size > _MOST:
            break
    if len(lines) > len(shown):
        shown.append(f"… {len(lines) - len(shown):,} more lines")
    return "\n".join(shown)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
