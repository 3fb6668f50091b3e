"""How far a message has come, a line a word: accepted, sent, delivered, read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from wizard.findings import Status
from wizard.journeys.messages.status import STATUS_ORDER, MessageTracker
from wizard.tui.controllers.stage_state import StageState
from wizard.tui.theme import STAGE_SIGNS, STAGE_STYLES
from wizard.tui.widgets.once import Static

_DIM = "$foreground 60%"
_MEANS = {
    "sent": "it has left Meta",
    "delivered": "it is on the phone",
    "read": "it was read",
}


class StatusView(Static):
    """Draws what it is given, and knows nothing of where it comes from."""

    def __init__(self) -> None:
        super().__init__(id="track", markup=False)

    def show(self, track: MessageTracker | None, *, heard: bool) -> None:
        """`heard` tells whether Meta's word comes here."""
        self.display = track is not None
        if track is not None:
            self.update(Content("\n").join(_lines(track, heard)))


def _lines(track: MessageTracker, heard: bool) -> Iterator[Content]:
    yield _answer(track)
    if track.id is None:
        return
    way = [word for word in STATUS_ORDER if track.failed is None or word in track.times]
    for number, word in enumerate(way):
        yield _word(track, word, number, heard)
    if track.failed is not None:
        yield _line(StageState.BAD, "failed", track.times.get("failed"), "delivery failed")


def _answer(track: MessageTracker) -> Content:
    if track.outcome is None:
        return _line(StageState.BUSY, "accepted", None, "sending it to Meta …")
    if track.id is not None:
        return _line(StageState.GOOD, "accepted", track.answered_at, "Meta accepted it")
    if any(finding.status is Status.UNKNOWN for finding in track.outcome.findings):
        said = "Meta did not respond: the message may have been sent"
        return _line(StageState.WARN, "no answer", track.answered_at, said)
    return _line(StageState.BAD, "rejected", track.answered_at, "Meta rejected it")


def _word(track: MessageTracker, word: str, number: int, heard: bool) -> Content:
    if number < track.furthest:
        return _line(StageState.GOOD, word, track.times.get(word), _MEANS[word])
    if number == track.furthest and heard:
        return _line(StageState.BUSY, word, None, "waiting for status …")
    return _line(StageState.WAITING, word, None, "")


def _line(mark: StageState, word: str, at: datetime | None, said: str) -> Content:
    time = f"{at.astimezone():%H:%M:%S}" if at else ""
    return Content.assemble(
        (f"{STAGE_SIGNS[mark]}  ", STAGE_STYLES[mark]),
        (f"{word:<12}", "bold" if mark is not StageState.WAITING else _DIM),
        (f"{time:<11}", _DIM),
        (said, STAGE_STYLES[mark] if mark in {StageState.BAD, StageState.WARN} else ""),
    )
