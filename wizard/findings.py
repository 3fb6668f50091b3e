"""Findings, the catalogue that words them, and the report made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from wizard import content
from wizard.portal import fill_places, narrow_places, narrow_url
from wizard.support.texts import visible

SCHEMA = 1
_HEAD = r"(?m)^\[([a-z_]+\.[a-z_]+)\]$"
"""What a table of the catalogue begins with."""

SUBJECTS = (
    "keyring",
    "graph",
    "app_id",
    "app_secret",
    "access_token",
    "waba_id",
    "phone_number_id",
    "verify_token",
    "tunnel",
    "webhook",
    "message",
)
"""From the bottom rung to the top: a failure lower down explains the ones above it."""


class Status(StrEnum):
    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"


SIGNS = {
    Status.PASS: "✓",
    Status.WARN: "!",
    Status.FAIL: "✗",
    Status.SKIP: "–",
    Status.UNKNOWN: "?",
}
"""The same in every face, beside the word or the colour."""


@dataclass(frozen=True)
class Entry:
    """What the catalogue says of a finding id, whoever meets it. A place in Meta's portal has the
    names of all its layouts, which the file has as `{key}`."""

    id: str
    status: Status
    title: str
    cause: str
    fix: tuple[str, ...] = ()
    step: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Choice:
    """A value that Graph itself offered in place of a wrong one. Never a secret."""

    name: str
    value: str
    about: str


@dataclass(frozen=True)
class TokenFacts:
    """What a valid access token was found to be. `expires_at` is unix seconds; 0 means never."""

    kind: str
    app_name: str
    expires_at: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing found out, with its evidence and what to do about it."""

    id: str
    status: Status
    title: str
    cause: str = ""
    evidence: str = ""
    fix: tuple[str, ...] = ()
    step: str | None = None
    url: str | None = None
    choices: tuple[Choice, ...] = field(default=(), compare=False)
    facts: TokenFacts | None = field(default=None, compare=False)
    """Numbers and names to be remembered or drawn; the evidence says them in words."""

    check_name: str | None = field(default=None, compare=False)
    """The subject whose check came upon it, where that is another than its own."""
    blocked_by: str | None = field(default=None, compare=False)
    """Of what was skipped: the id of the finding to blame."""

    @property
    def subject(self) -> str:
        return self.id.partition(".")[0]

    def with_texts(self, change: Callable[[str], str]) -> Finding:
        """The same with what strangers wrote in it changed: the words of the catalogue stay."""
        evidence = self.evidence and change(self.evidence)
        if not (self.choices or self.facts):
            return self if evidence == self.evidence else replace(self, evidence=evidence)
        facts = self.facts and replace(self.facts, app_name=change(self.facts.app_name))
        choices = tuple(replace(one, about=change(one.about)) for one in self.choices)
        return replace(self, evidence=evidence, choices=choices, facts=facts)

    def in_layout(self, layout: str | None) -> Finding:
        """The same in the words of one layout of the portal; without one, those of all stand side
        by side, as in a report for programs."""
        if layout is None:
            return self
        return replace(
            self,
            title=narrow_places(self.title, layout),
            cause=narrow_places(self.cause, layout),
            evidence=narrow_places(self.evidence, layout),
            fix=tuple(narrow_places(line, layout) for line in self.fix),
            url=narrow_url(self.url, layout) if self.url else None,
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status.value,
            "subject": self.subject,
            "title": self.title,
            "evidence": self.evidence,
            "fix": list(self.fix),
            "step": self.step,
            "url": self.url,
        }


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every finding id that a report can bear."""
    return _Catalogue(content.read_text("findings.toml"))


class _Catalogue(Mapping[str, Entry]):
    """The tables of the file, each read when it is asked for: a report bears a few of them, and all
    take as long to read as Graph to answer."""

    def __init__(self, text: str) -> None:
        heads = list(re.finditer(_HEAD, text))
        ends = [*(head.start() for head in heads[1:]), len(text)]
        self._texts = {
            head[1]: text[head.end() : end] for head, end in zip(heads, ends, strict=True)
        }
        self._read: dict[str, Entry] = {}

    def __getitem__(self, id_: str) -> Entry:
        if id_ not in self._read:
            self._read[id_] = _entry(id_, tomllib.loads(self._texts[id_]))
        return self._read[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def _entry(id_: str, spec: Mapping[str, Any]) -> Entry:
    return Entry(
        id=id_,
        status=Status(spec["status"]),
        title=fill_places(spec["title"]),
        cause=fill_places(spec["cause"]),
        fix=tuple(map(fill_places, spec.get("fix", ()))),
        step=spec.get("step"),
        url=spec.get("url"),
    )


def new_finding(
    id_: str,
    evidence: str = "",
    *,
    app_id: str | None = None,
    choices: Sequence[Choice] = (),
    facts: TokenFacts | None = None,
) -> Finding:
    """The finding of this id in the catalogue's words; its link bears the App ID where known."""
    entry = catalogue()[id_]
    return Finding(
        id=id_,
        status=entry.status,
        title=entry.title,
        cause=entry.cause,
        evidence=visible(evidence),
        fix=entry.fix,
        step=entry.step,
        url=page_url(entry.url, app_id),
        choices=tuple(choices),
        facts=facts,
    )


def skipped(subject: str, because: str) -> Finding:
    """What stands for a subject that could not be asked because of an earlier finding's id."""
    return replace(
        new_finding(f"{subject}.skipped", f"Skipped because of {because}"), blocked_by=because
    )


def said_to_people(finding: Finding) -> str:
    """The evidence as a person reads it: of what was skipped, what it waits for by its name."""
    if finding.blocked_by is None:
        return finding.evidence
    title = catalogue()[finding.blocked_by].title
    return f"{title}." if finding.blocked_by.endswith(".missing") else f"Fix this first: {title}."


def page_url(url: str | None, app_id: str | None) -> str | None:
    """A portal link for this app, or the list of apps while the App ID is not known."""
    if url is None or "{app_id}" not in url:
        return url
    if app_id and app_id.isdigit():
        return url.replace("{app_id}", app_id)
    return url.partition("{app_id}")[0]


@dataclass(frozen=True)
class Report:
    """The findings of one run; what they amount to is computed from them."""

    profile: str
    findings: tuple[Finding, ...] = ()
    duration_ms: int = 0

    @classmethod
    def of(cls, profile: str, findings: Iterable[Finding], duration_ms: int = 0) -> Report:
        """A report with each finding once, in the order of the rungs."""
        once = {(finding.id, finding.evidence): finding for finding in findings}
        ladder = sorted(once.values(), key=lambda finding: SUBJECTS.index(finding.subject))
        return cls(profile, tuple(ladder), duration_ms)

    @property
    def ok(self) -> bool:
        return self._first(Status.FAIL) is None and self._first(Status.UNKNOWN) is None

    @property
    def primary(self) -> Finding | None:
        """The root cause: the lowest failure, or else the lowest question without an answer."""
        return self._first(Status.FAIL) or self._first(Status.UNKNOWN)

    @property
    def exit_code(self) -> int:
        if self.primary is None:
            return 0
        if self.primary.subject == "keyring":
            return 4
        return 1 if self.primary.status is Status.FAIL else 3

    def in_layout(self, layout: str | None) -> Report:
        """The same in the words of one layout of the portal."""
        return replace(self, findings=tuple(one.in_layout(layout) for one in self.findings))

    def about(self, subject: str) -> tuple[Finding, ...]:
        """What the check of this subject found."""
        return tuple(f for f in self.findings if (f.check_name or f.subject) == subject)

    def as_dict(self) -> dict[str, Any]:
        """The report of `--json`."""
        return {
            "schema": SCHEMA,
            "profile": self.profile,
            "ok": self.ok,
            "primary": self.primary.id if self.primary else None,
            "duration_ms": self.duration_ms,
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def _first(self, status: Status) -> Finding | None:
        return next((finding for finding in self.findings if finding.status is status), None)
