"""The doctor's rungs as lines, while they settle."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.checks import Event
from wizard.cli.output.reports import rung_lines
from wizard.journeys.diagnosis import Ladder


class LadderLines:
    """The rungs in their order, each as soon as all below it have settled."""

    def __init__(self, rungs: Sequence[str]) -> None:
        self.ladder = Ladder(rungs)
        self._untold = list(rungs)

    def handle_event(self, event: Event) -> list[str]:
        """Takes in one event of the run; returns the lines that it is time for."""
        found, lines = self.ladder.found, list[str]()
        known = found.get(event.subject, ())
        self.ladder.handle_event(event)
        if event.subject not in self._untold:
            news = [one for one in found[event.subject] if one not in known]
            lines += rung_lines(event.subject, news)
        while self._untold and self._untold[0] in found:
            rung = self._untold.pop(0)
            lines += rung_lines(rung, found[rung])
        return lines
