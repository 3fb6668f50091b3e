"""What came in, in the words of one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from textual.content import Content

from wizard.journeys.webhook.events import REASONS
from wizard.support.texts import printable
from wizard.tui.controllers.stage_state import StageState
from wizard.tui.controllers.traffic_log import TrafficEntry
from wizard.tui.theme import STAGE_SIGNS, STAGE_STYLES
from wizard.tunnel.tunnel import TunnelChange
from wizard.values.redaction import redact
from wizard.webhook.event_queue import Delivery, Handshake, Rejected
from wizard.webhook.event_text import event_text, malformed_text
from wizard.webhook.events import Omitted, WebhookEvent
from wizard.webhook.forward import Forwarded

_LONG = 400
_NARROW = 80
_MOST = 20
"""Lines for one body, which may hold thousands of things."""
_NO_ANSWER = {
    "timeout": "too slow",
    "behind": "too slow, not sent",
    "connect": "not running",
    "bad_url": "not a URL",
    "broken_off": "closed the connection",
}
_CHANGES = {
    "lost": (StageState.WARN, "the tunnel was lost; reconnecting"),
    "reconnected": (StageState.GOOD, "the tunnel is back"),
    "closed": (StageState.WAITING, "the tunnel has stopped"),
    "up": (StageState.GOOD, "the tunnel is up"),
}


Hide: TypeAlias = Callable[[str], str]
"""A text without the secrets at hand: whoever sends an event chooses its words."""


@dataclass(frozen=True)
class TrafficRow:
    """One line: what kind of thing it is, what it says, and what became of it."""

    kind: str
    said: str
    mark: StageState
    word: str
    answer: Content


def rows(entry: TrafficEntry, hide: Hide = redact) -> Iterator[TrafficRow]:
    """A line for each thing that a body held, all made fit for a terminal."""
    return (replace(row, said=hide(row.said)) for row in _rows(entry))


def _rows(entry: TrafficEntry) -> Iterator[TrafficRow]:
    match entry.event:
        case Handshake() as shaken:
            said = "Meta verified the callback URL" if shaken.ok else _reason(shaken.reason)
            mark = StageState.GOOD if shaken.ok else StageState.BAD
            yield TrafficRow("handshake", said, mark, "token", Content())
        case Rejected() as rejected:
            answered = "" if rejected.status is None else str(rejected.status)
            passed = Content.styled("not forwarded", "$foreground 60%")
            yield TrafficRow("rejected", _reason(rejected.reason), StageState.BAD, answered, passed)
        case TunnelChange() as change:
            mark, said = _CHANGES[change.state]
            about = printable(change.url or change.detail, _LONG)
            said = f"{said}: {about}" if about else said
            yield TrafficRow("tunnel", said, mark, change.state, Content())
        case Delivery() as delivery:
            yield from _delivered(delivery, entry.answer)


def _delivered(delivery: Delivery, answer: Forwarded | None) -> Iterator[TrafficRow]:
    signed = delivery.signature == "valid"
    mark, word = (StageState.GOOD, "signed") if signed else (StageState.WARN, "unchecked")
    told = [event_text(event, _LONG, brief=True) for event in delivery.events[:_MOST]]
    # What is only missing shows in the line itself, and in the details.
    odd = (one for one in delivery.malformed if one.reason != "missing" or not told)
    faults = [malformed_text(fault) for fault in islice(odd, _MOST - len(told))]
    if (rest := sum(map(_weight, delivery.events[_MOST:]))) or not (told or faults):
        told.append(
            ("delivery", f"and {rest:,} more in the same body" if rest else "an empty delivery")
        )
    for kind, said in told:
        yield TrafficRow(kind, said, mark, word, _answered(answer))
    for said in faults:
        yield TrafficRow("malformed", said, StageState.WARN, "odd", Content())


def _weight(event: WebhookEvent) -> int:
    return event.count or 0 if isinstance(event, Omitted) else 1


def _reason(reason: str | None) -> str:
    return REASONS.get(reason or "", reason or "")


def _answered(answer: Forwarded | None) -> Content:
    """What one's own app said to it."""
    if answer is None:
        return Content()
    if answer.status is None:
        why = _NO_ANSWER.get(answer.error or "", "no answer")
        return Content.styled(f"→ {why}", "$error")
    style = "$success" if 200 <= answer.status < 300 else "$error"
    return Content.styled(f"→ {answer.status}  {answer.duration_ms} ms", style)


def drawn(row: TrafficRow, at: datetime, width: int, *, answers: bool) -> Content:
    """The line in columns, exactly so many cells wide; what doesn't fit is cut off."""
    time = f"{at.astimezone():%H:%M:%S}" if width > _NARROW else f"{at.astimezone():%H:%M}"
    word, last = (13 if width > _NARROW else 10), (15 if answers else 0)
    said = max(8, width - len(time) - 2 - 11 - word - last)
    sign = Content.styled(f"{STAGE_SIGNS[row.mark]} {row.word}", STAGE_STYLES[row.mark])
    line = Content.assemble(
        (f"{time}  ", "$foreground 60%"),
        _cell(Content(row.kind), 11),
        _cell(Content(row.said), said, gap=2),
        _cell(sign, word, gap=1),
    )
    return Content.assemble(line, _cell(row.answer, last)) if answers else line


def _cell(content: Content, width: int, gap: int = 0) -> Content:
    cut = content.truncate(width - gap, ellipsis=True)
    return cut.pad_right(max(0, width - cut.cell_length))
