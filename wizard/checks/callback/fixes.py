"""Which lines of a finding's fix are for the framework at hand, and which come first."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.findings import Finding, catalogue

_NAME = r"[A-Za-z][\w.+-]*(?: [\w.+-]+)?"
_NAMED = re.compile(f"({_NAME}(?:, {_NAME})*): ")
"""A line for some frameworks alone begins with their names."""
PROXY = "Your proxy"
_NOT_A_NAME = re.compile(r"^(If|In|For|Behind|Or|Where|Use|On)\b")


def with_fix_of(finding: Finding, framework: str) -> Finding:
    """The finding without the lines that are for other frameworks than this one; with all of them
    where none is for it."""
    named = {line: _names_in(line) for line in finding.fix}
    if not any(framework in names for names in named.values()):
        return finding
    lines = [line for line, names in named.items() if not names or framework in names]
    own = [line for line in lines if framework in named[line]]
    return replace(finding, fix=(*own, *(line for line in lines if line not in own)))


def without_fix_of(finding: Finding, framework: str) -> Finding:
    """The finding without the lines that are for this framework alone."""
    lines = [line for line in finding.fix if _names_in(line) != {framework}]
    return replace(finding, fix=tuple(lines))


def with_first(finding: Finding, word: str) -> Finding:
    """The finding with the lines that bear this word before all others."""
    lines = [line for line in finding.fix if word in line]
    return replace(finding, fix=(*lines, *(line for line in finding.fix if line not in lines)))


def with_token_named(finding: Finding, *, first: bool = True) -> Finding:
    """The finding with another verify token as the first, or the second, thing to look at."""
    line = catalogue()["webhook.token_mismatch"].fix[0]
    others = tuple(one for one in finding.fix if one != line)
    at = 0 if first else 1
    return replace(finding, fix=(*others[:at], line, *others[at:]))


def names_token(finding: Finding) -> bool:
    """Whether the finding names another verify token as a thing to look at."""
    return catalogue()["webhook.token_mismatch"].fix[0] in finding.fix


def _names_in(line: str) -> set[str]:
    match = _NAMED.match(line)
    if match is None or _NOT_A_NAME.match(line):
        return set()
    return set(match[1].split(", "))
