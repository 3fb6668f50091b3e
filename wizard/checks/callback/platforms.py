"""What a hosting platform answers in an app's place: there is no app, it may not be called, it
does not run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from wizard import content
from wizard.support.patterns import LatePattern


@dataclass(frozen=True)
class PlatformPage:
    """The finding that a platform's answer amounts to, whose it is, and what it says."""

    finding: str
    whose: str
    meaning: str = ""

    @property
    def described(self) -> str:
        return f"{self.whose}: {self.meaning}" if self.meaning else self.whose


@dataclass(frozen=True)
class _Mark:
    """An answer fits where everything that is given does."""

    finding: str
    whose: str
    meaning: str = ""
    text: str = ""
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def fits(self, status: int, headers: Mapping[str, str], text: str) -> bool:
        return (
            (not self.statuses or status in self.statuses)
            and all(
                name in headers and re.search(mark, headers[name], re.IGNORECASE)
                for name, mark in self.headers.items()
            )
            and (not self.text or bool(re.search(self.text, text, re.IGNORECASE | re.DOTALL)))
        )


_GONE = (403, 404, 409, 410, 421, 500, 502, 503, 530)
_READ = 4000
"""Characters of a page that are looked at."""

_NO_APP = LatePattern(
    r"\bno such (app|application|site|service|deployment|project|space|tenant|host)\b"
    r"|\bno (app|application|site|service|deployment|project|web ?site)\b[^.<]{0,30}"
    r"\b(here|found|configured|exists|at this|for this|with this|deployed|attached"
    r"|for (the )?(host|domain))\b"
    r"|\b(app|application|site|web ?site|deployment|project|domain|hostname|space|sandbox"
    r"|environment|machine|function app)\b"
    r"(?:(?!\b(page|path|route|url|endpoint|resource|file|method)\b)[^.<]){0,40}"
    r"\b(not found|could ?n.t be found"
    r"|does ?n.t exist|does not exist|is ?n.t (published|deployed|configured|linked)"
    r"|(is|was|has been) (stopped|suspended|paused|disabled|asleep|not (yet )?(published|deployed|"
    r"configured|connected|linked|running|attached)))"
    r"|nothing (has been |is )?(here|deployed)( here)?,? yet|not been deployed( yet)?"
    r"|(isn.t|is not) connected to (any|an) (app|site|project)",
    re.IGNORECASE,
)
"""A page for the whole host, in the words of a platform that nobody has listed here."""


@cache
def _marks() -> tuple[_Mark, ...]:
    return tuple(
        _Mark(**spec) for spec in tomllib.loads(content.read_text("platforms.toml"))["page"]
    )


def recognize_platform(status: int, headers: Mapping[str, str], text: str) -> PlatformPage | None:
    """The platform whose own answer this is, where its headers or words tell."""
    fitting = (mark for mark in _marks() if mark.fits(status, headers, text[:_READ]))
    return next((PlatformPage(one.finding, one.whose, one.meaning) for one in fitting), None)


def speaks_of_no_app(status: int, text: str) -> bool:
    """Whether the words may be a platform's for a host without an app. An app's own page for a
    missing path may speak alike; a host without an app answers every path so."""
    return status in {200, *_GONE} and bool(_NO_APP.search(text[:_READ]))
