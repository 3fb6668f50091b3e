"""Names and values in a text of any common form: `.env`, shell, YAML, properties, TOML, JSON."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import StringIO

_BEFORE = r"(?:(?:-|-e|--env|set|export|env|arg|const|let|var)[ \t]+|\$env:|\$)?"
# A colon belongs to a name where an equals sign comes later, as .NET writes its sections.
_NAME = r"[A-Za-z_][\w.-]*(?::\w[\w.-]*(?=[\w.:-]*[ \t]*=)){0,6}"
_LINE = re.compile(
    rf"""(?P<indent>[ \t]*){_BEFORE}["']?(?P<name>{_NAME})["']?[ \t]*"""
    r"""(?::=|=>|[:=])(?!//)[ \t]*(?P<value>.*)""",
    re.IGNORECASE,
)
_WORD = re.compile(r"""(?<!\S)([A-Z][A-Z0-9_]+)=("[^"]*"|'[^']*'|[^\s"']+)(?!\S)""")
"""An assignment among others on a line, as `docker run -e` and `export` take them."""
_CALLS = (
    re.compile(r"""\s*define\(\s*["'](\w+)["']\s*,\s*["']?([^"']*?)["']?\s*\);?\s*"""),
    re.compile(r"""\s*<\w+\s+(?:key|name)=["']([\w.:-]+)["']\s+value=["']([^"']*)["']\s*/?>\s*"""),
)
"""A name and its value in PHP, and in .NET's older XML."""
_SECTION = re.compile(r"\[+([A-Za-z][\w.-]*)\]+")
_REFERENCE = re.compile(
    r"\$\{[^{}]*\}|\$\w+|\$\(.*\)|\{\{.*\}\}|<[^<>]*>|%\w+%|[A-Za-z_][\w.]*[\(\[].*|process\.env\..*"
)
"""What stands for a value that is somewhere else."""
_NAME_KEYS, _VALUE_KEYS = ("name", "key"), ("value",)
"""Members of a list's entry that hold a name and its value."""
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
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return _unsealed(_members(json.loads(text))), ""
        except (ValueError, RecursionError):
            pass
    pairs, prose = list[Pair](), list[str]()
    sections = _Sections()
    for line in text.lstrip("\ufeff").splitlines():
        if len(line) > _LONGEST_LINE:
            prose.append(line)
        elif several := _several(line):
            pairs += several
        elif match := _LINE.fullmatch(line):
            pairs += [pair] if (pair := sections.read(match)) else []
        elif section := _SECTION.fullmatch(line.strip()):
            sections.begin(section[1])
        else:
            prose.append(line)
    return _unsealed(pairs), "\n".join(prose)


def _several(line: str) -> list[Pair]:
    """The pairs of a line that has more than one, or one in a form of its own."""
    for form in _CALLS:
        if match := form.fullmatch(line):
            return [Pair(_parts(match[1]), match[2])]
    words = _WORD.findall(line)
    own = _LINE.fullmatch(line)
    if not words or (own is not None and len(words) == 1):
        return []
    return [
        Pair((name,), value.strip("\"'"))
        for name, value in words
        if not _REFERENCE.fullmatch(value)
    ]


def _unsealed(pairs: Iterable[Pair]) -> list[Pair]:
    """With the data of a Kubernetes Secret as they are, and not in base64."""
    found = list(pairs)
    if not any(pair.path == ("kind",) and pair.raw == "Secret" for pair in found):
        return found
    return [replace(one, raw=_decoded(one.raw)) if one.path[0] == "data" else one for one in found]


def _decoded(raw: str) -> str:
    try:
        text = base64.b64decode(raw, validate=True).decode()
    except ValueError:
        return raw
    return text if text.strip().isprintable() else raw


def _parts(name: str) -> tuple[str, ...]:
    """A name and those of the sections before it, where it is written as one."""
    return tuple(part for part in re.split("[.:]", name) if part)


class _Sections:
    """The sections that a line stands in, told by its indent or by a title before it."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self._entry: tuple[int, str] = (0, "")
        """Where the name stands that a list's entry begins with, and what it is."""

    def begin(self, title: str) -> None:
        self._open = [(-1, name) for name in title.split(".")]

    def read(self, match: re.Match[str]) -> Pair | None:
        """The pair of a line, or nothing where it opens a section, or has no value of its own."""
        indent = len(match["indent"].expandtabs(4))
        while self._open and self._open[-1][0] >= indent:
            self._open.pop()
        own = list(_parts(match["name"]))
        raw = match["value"].strip().removesuffix(",").removesuffix(";").rstrip()
        column, named = self._entry
        self._entry = (0, "")
        if match["name"] in _VALUE_KEYS and named and column == match.start("name"):
            own = list(_parts(named))
        if raw in _OPENERS:
            self._open += [(indent, part) for part in own][: _MOST_DEEP - len(self._open)]
            return None
        value = None if _REFERENCE.fullmatch(raw) else _unquoted(raw)
        if value and match["name"] in _NAME_KEYS:
            self._entry = (match.start("name"), value)
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
        if isinstance(value, list) and (len(value) == 1 or all(map(_entry, value))):
            waiting += [(path, part) for part in reversed(value)]
        elif (entry := _entry(value)) is not None:
            waiting.append(((*path, *_parts(entry[0])), entry[1]))
        elif isinstance(value, dict) and len(path) < _MOST_DEEP:
            inner = [((*path, *_parts(str(name))), part) for name, part in value.items()]
            waiting += reversed(inner)
        elif path and isinstance(value, str | int) and not isinstance(value, bool):
            yield Pair(path, str(value))


def _entry(value: object) -> tuple[str, object] | None:
    """The name and the value of an entry that has both as members of their own."""
    if not isinstance(value, dict):
        return None
    members = {str(name).lower(): part for name, part in value.items()}
    name = next((members[key] for key in _NAME_KEYS if isinstance(members.get(key), str)), None)
    held = next((members[key] for key in _VALUE_KEYS if key in members), None)
    return (name, held) if name and isinstance(held, str | int) else None
