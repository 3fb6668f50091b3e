"""What a number key opens or copies at a step: links in its text, commands and snippets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from wizard.content.uses import uses
from wizard.guide import Step

_URL = re.compile(r"https?://[^\s`|)>\"']+")
_SAMPLES = ("yourdomain.com", "example.com", "ngrok-free")
"""Hosts that stand for somebody's own: nobody opens these."""
_ROW = re.compile(r"^\|(.+)\|\s*$")
_LONG_NAME = re.compile(r"`[^`]{20,}`")
_MOST = 9


@dataclass(frozen=True)
class Numbered:
    """A line with a number key: a URL to open, or a text to copy."""

    title: str
    url: str = ""
    text: str = ""


def numbered(step: Step, app_id: str | None, layout: str | None = None) -> tuple[Numbered, ...]:
    """What the number keys do at this step, in their order."""
    if step.summary:
        return tuple(Numbered(use.title, text=use.code) for use in uses())
    return tuple(_links(step.text(app_id, layout)))[:_MOST]


def _links(body: str) -> Iterator[Numbered]:
    seen = set[str]()
    fences = body.split("```")
    for line in "".join(fences[::2]).splitlines():
        for url in (found.rstrip(".,;") for found in _URL.findall(line)):
            if url not in seen and not any(sample in url for sample in _SAMPLES):
                seen.add(url)
                row = _ROW.match(line)
                title = row[1].split("|")[0].strip(" *`") if row else ""
                yield Numbered(title, url=url)


def readable(body: str) -> str:
    """The text with those tables as lists whose cells are names or URLs too long for a column:
    what is to be matched is never cut. Rows that only lead to a URL have a number key instead."""
    blocks = body.split("\n\n")
    return "\n\n".join(_as_list(block) if _is_tight(block) else block for block in blocks)


def _is_tight(block: str) -> bool:
    lines = block.splitlines()
    table = len(lines) > 2 and all(_ROW.match(line) for line in lines)
    return table and (_LONG_NAME.search(block) is not None)


def _as_list(block: str) -> str:
    lines = []
    for line in block.splitlines()[2:]:
        name, *rest = (cell.strip() for cell in line.strip().strip("|").split("|"))
        if not _URL.search(line):
            lines.append(f"- {name}: {'. '.join(filter(None, rest))}")
    return "\n".join(lines)


def links_shown(links: tuple[Numbered, ...]) -> Content:
    """A line for each link, whole, with its key before it."""
    lines = []
    for number, link in enumerate(links, 1):
        title = f"{link.title}\n   " if link.title else ""
        lines.append(
            Content.assemble(
                (f"{number}", "bold $accent"), f"  {title}", (link.url, "underline $accent")
            )
        )
    return Content("\n").join(lines)


def uses_shown() -> Iterator[tuple[Content, int]]:
    """What comes next, once all six are there, each on a key: lines, and by how many columns each
    is set in, also where it takes several rows."""
    yield Content.styled("Now use it", "bold $accent"), 0
    yield Content.assemble(("m", "bold $accent"), "  send a message"), 0
    for number, use in enumerate(uses(), 1):
        shown = use.code if use.is_command else f"a snippet for {use.title}"
        yield Content.assemble((f"{number}", "bold $accent"), "  copy ", (shown, "bold")), 0
        if use.is_command:
            yield Content.styled(use.title, "$foreground 60%"), 3
