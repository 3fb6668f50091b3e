"""Findings and reports as lines of text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

import click

from wizard.findings import SIGNS, Finding, Report, Status, said_to_people
from wizard.journeys.diagnosis import label
from wizard.support.texts import visible

_COLOURS = {
    Status.PASS: "green",
    Status.WARN: "yellow",
    Status.FAIL: "red",
    Status.SKIP: "bright_black",
    Status.UNKNOWN: "yellow",
}
_INDENT = " " * 20
_SPOKEN = re.compile(r"\x1b\[[0-9;]*m|[^\x20-\x7e\n]")
"""A colour, or a character that may do something to a terminal."""


def say(text: str = "", *, err: bool = False) -> None:
    """Text, in colour only where somebody can see it and has not set NO_COLOR.

    Whatever in it would do something else to a terminal has become a space.
    """
    harmless = _SPOKEN.sub(lambda found: found[0] if found[0][1:] else visible(found[0]), text)
    click.echo(harmless, err=err, color=False if os.environ.get("NO_COLOR") else None)


def say_once(text: str) -> None:
    """A line on stderr, unless this run has said it before."""
    context = click.get_current_context(silent=True)
    said = context.find_root().meta.setdefault(__name__, set()) if context else set()
    if text not in said:
        said.add(text)
        say(text, err=True)


def finding_lines(finding: Finding, subject: str | None = None) -> Iterator[str]:
    """Sign, subject and title, then the evidence below them."""
    sign, colour = SIGNS[finding.status], _COLOURS[finding.status]
    title = click.style(finding.title, bold=finding.status is Status.FAIL)
    yield f"{click.style(sign, fg=colour)}  {label(subject or finding.subject):<16} {title}"
    for part in filter(None, said_to_people(finding).split("; ")):
        yield click.style(f"{_INDENT}{part}", dim=True)


def rung_lines(rung: str, findings: Iterable[Finding]) -> Iterator[str]:
    """What one rung of the ladder found."""
    for finding in findings:
        yield from finding_lines(finding, "tunnel" if finding.subject == "tunnel" else rung)


def report_lines(report: Report) -> Iterator[str]:
    """All findings, then the cause and the cure of the one that matters, set apart."""
    for finding in report.findings:
        yield from finding_lines(finding)
    if report.primary is not None:
        yield ""
        yield from fix_lines(report.primary)


def problem_lines(finding: Finding) -> Iterator[str]:
    """A finding that stands alone: its evidence, then cause and cure."""
    yield from finding_lines(finding)
    yield ""
    yield from fix_lines(finding)


def fix_lines(finding: Finding) -> Iterator[str]:
    """The finding that matters, its cause in a sentence, and what to do."""
    bar = click.style("┃", fg=_COLOURS[finding.status])
    yield f"{bar} {click.style(finding.title, bold=True)}"
    yield f"{bar} {finding.cause}"
    if finding.fix:
        yield bar
    for step in finding.fix:
        yield f"{bar} → {step}"
    if finding.url:
        yield f"{bar}   {finding.url}"


def say_all(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        say(line, err=err)
