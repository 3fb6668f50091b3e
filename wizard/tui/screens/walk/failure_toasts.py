"""What no longer passes, in a corner of the screen for as long as it is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from textual.screen import Screen

from wizard.findings import Finding, Status
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.values.credentials import CREDENTIALS

_SECONDS = 5.0


class FailureToasts:
    """Told once, when the stored values were tested, and taken back where one was replaced."""

    def __init__(self, screen: Screen[Any], onboarding: Onboarding) -> None:
        self.due = False
        self._screen = screen
        self._onboarding = onboarding
        self._told: set[str] = set()

    def check(self) -> None:
        """Tells what is due, and takes back what is no longer true."""
        onboarding = self._onboarding
        if self.due and self._screen.is_current and onboarding.findings and not onboarding.testing:
            self.due = False
            self._tell()
        elif any(onboarding.chip(name) is not Chip.FAILED for name in self._told):
            self._screen.app.clear_notifications()
            self._tell(self._told)

    def _tell(self, among: set[str] | None = None) -> None:
        self._told = set()
        for name, text in failures(self._onboarding.findings):
            if among is None or name in among:
                self._told.add(name)
                self._screen.notify(
                    text, title=CREDENTIALS[name].label, severity="error", timeout=_SECONDS
                )
        self._screen.set_timer(_SECONDS, partial(self._forget, self._told))

    def _forget(self, told: set[str]) -> None:
        """They are gone from the screen."""
        told.clear()


def failures(findings: Mapping[str, tuple[Finding, ...]]) -> Iterator[tuple[str, str]]:
    """A credential's name and a text for each finding that failed."""
    for name, said in findings.items():
        for finding in said:
            if finding.status is Status.FAIL and name in CREDENTIALS:
                renews = name == "access_token"
                how = "r" if renews else f"/ and {finding.step}" if finding.step else ""
                where = f" Press {how} to fix it." if how else ""
                yield name, f"{finding.title}.{where}"
