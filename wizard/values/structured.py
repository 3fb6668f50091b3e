"""Names and values in a text of any common form: `.env`, shell, YAML, properties, TOML, JSON."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

_LINE = re.compile(
    r"""(?P<indent>[ \t]*)(?:(?:-|-e|--env|set|export|env|arg|const|let|var)[ \t]+|\$env:)?["']?"""
    r"""(?P<name>[A-Za-z_][\w.-]*)["']?[ \t]*(?::=|=>|[:=])(?!//)[ \t]*(?P<value>.*)""",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\[+([A-Za-z][\w.-]*)\]+")
_REFERENCE = re.compile(
    r"\$\{[^{}]*\}|\$\w+|\$\(.*\)|\{\{.*\}\}|<[^<>]*>|%\w+%|[A-Za-z_][\w.]*[\(\[].*|process\.env\..*"
)
"""What stands for a value that is somewhere else."""
_OPENERS = {"", "{", "|", ">", "{}"}
_MOST_DEEP = 20
_LONGEST_LINE = 8192


@dataclass(frozen=True)
class Pair:
    """A value, and the names that lead to it, from the outermost section to its own."""

    path: tuple[str, ...]
    raw: str = field(repr=False)

    @property
    def name(self) -> str:
        return self.path[-1]


def read_pairs(text: str) -> tuple[list[Pair], str]:
    """All values with their names, in their order, and the text that is left beside them."""
    if text.lstrip().startswith("{"):
        try:
            return list(_members(json.loads(text))), ""
        except (ValueError, RecursionError):
            pass
    pairs, prose = list[Pair](), list[str]()
    sections = _Sections()
    for line in text.lstrip("\ufeff").splitlines():
        match = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if match is None:
            if section := _SECTION.fullmatch(line.strip()):
                sections.begin(section[1])
            else:
                prose.append(line)
        elif pair := sections.read(match):
            pairs.append(pair)
    return pairs, "\n".join(prose)


class _Sections:
    """The sections that a line stands in, told by its indent or by a title before it."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def begin(self, title: str) -> None:
        self._open = [(-1, name) for name in title.split(".")]

    def read(self, match: re.Match[str]) -> Pair | None:
        """The pair of a line, or nothing where it opens a section, or has no value of its own."""
        indent = len(match["indent"].expandtabs(4))
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        own = [part for part in match["name"].split(".") if part]
        raw = match["value"].strip().removesuffix(",").removesuffix(";").rstrip()
        if raw in _OPENERS:
            self._open += [(indent, part) for part in own][: _MOST_DEEP - len(self._open)]
            return None
        value = None if _REFERENCE.fullmatch(raw) else _unquoted(raw)
        path = (*(name for _, name in self._open), *own)
        return Pair(path, value) if value and own else None


def _unquoted(raw: str) -> str | None:
    """As a shell and python-dotenv read it: without quotes, and without a comment behind it."""
    from dotenv import dotenv_values

    log = logging.getLogger("dotenv")
    if not log.handlers:
        # Without a handler of its own it warns on stderr, across the screen.
        log.addHandler(logging.NullHandler())
    # One by one, or a quote that nobody closed would swallow the lines behind it.
    return dotenv_values(stream=StringIO(f"X={raw}"), interpolate=False).get("X")


def _members(whole: object) -> Iterator[Pair]:
    """The strings and numbers in JSON, with the names of the objects around them."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), whole)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict) and len(path) < _MOST_DEEP:
            inner = [((*path, str(name)), part) for name, part in value.items()]
            waiting += reversed(inner)
        elif path and isinstance(value, str | int) and not isinstance(value, bool):
            yield Pair(path, str(value))
