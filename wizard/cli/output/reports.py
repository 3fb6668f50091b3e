"""Findings and reports as lines of text."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator

import click

from wizard.cli.output.width import terminal_columns
from wizard.findings import SIGNS, Finding, Report, Status, said_to_people
from wizard.journeys.labels import label

_COLOURS = {
    Status.PASS: "green",
    Status.WARN: "yellow",
    Status.FAIL: "red",
    Status.SKIP: "bright_black",
    Status.UNKNOWN: "yellow",
}
_INDENT = " " * 20
_LEAST_ROOM = 16
"""Columns below which a text is left to the terminal."""


def wrapped(text: str, first: str = "", rest: str | None = None) -> Iterator[str]:
    """The text in as many lines as the terminal's width asks for, never through a word: the first
    behind `first`, all others behind `rest`. Where nobody sees it, it stays one line."""
    rest = " " * len(click.unstyle(first)) if rest is None else rest
    room = _room() - max(len(click.unstyle(first)), len(click.unstyle(rest)))
    lines = [text]
    if room >= _LEAST_ROOM:
        lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        yield f"{rest if number else first}{line}"


def _room() -> int:
    """The columns of the terminal; 0 where there is none."""
    if not sys.stdout.isatty():
        return 0
    return terminal_columns()


def nothing_stored(profile: str) -> str:
    """What to run where a profile is still empty."""
    return (
        f"Nothing is stored for profile {profile} yet. To start, run whatsapp-wizard (step by"
        " step), whatsapp-wizard discover (from a token) or whatsapp-wizard import FILE."
    )


def finding_lines(finding: Finding, subject: str | None = None, indent: str = "") -> Iterator[str]:
    """Sign, subject and title, then the evidence below them, all behind `indent`."""
    sign, colour = SIGNS[finding.status], _COLOURS[finding.status]
    bold = finding.status is Status.FAIL
    head = f"{indent}{click.style(sign, fg=colour)}  {label(subject or finding.subject):<16} "
    for line in wrapped(finding.title, head):
        at = len(head) if line.startswith(head) else len(line) - len(line.lstrip())
        yield f"{line[:at]}{click.style(line[at:], bold=bold)}"
    for part in filter(None, said_to_people(finding).split("; ")):
        for line in wrapped(part, f"{indent}{_INDENT}"):
            yield click.style(line, dim=True)


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
    for line in wrapped(finding.title, f"{bar} ", f"{bar} "):
        yield f"{bar} {click.style(line.removeprefix(f'{bar} '), bold=True)}"
    yield from wrapped(finding.cause, f"{bar} ", f"{bar} ")
    if finding.fix:
        yield bar
    for step in finding.fix:
        yield from wrapped(step, f"{bar} → ", f"{bar}   ")
    if finding.url:
        yield f"{bar}   {finding.url}"
