"""The layouts that Meta's developer portal comes in, read from the chapters of the guide.

Apps made since about June 2026 get other pages than older ones, and both are in use
(https://github.com/agno-agi/agno/pull/8222). A layout is data: its tables in the chapter files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from wizard.content import chapter_texts, layouts_chapter


@dataclass(frozen=True)
class Layout:
    """One way the portal looks: `sign` is what a person sees who has it, `words` are its names
    for the places that findings send people to, and `links` the pages of some of these, by key.

    `labels` gives each label of its steps the addresses where it was seen; `probable` does the
    same for those that no public page settles.
    """

    name: str
    sign: str
    words: Mapping[str, str]
    links: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]
    probable: Mapping[str, tuple[str, ...]]


@cache
def chapter_data() -> tuple[Mapping[str, Any], ...]:
    """The chapter files as TOML has them, in order."""
    return tuple(map(_parsed, chapter_texts()))


@cache
def layouts() -> Mapping[str, Layout]:
    """Every layout of the portal by its name, the oldest first, as the chapter has it in which a
    person meets them first; only that one is read."""
    return read_layouts([_parsed(layouts_chapter())])


@cache
def _parsed(text: str) -> Mapping[str, Any]:
    """Once, though the guide and the layouts both read a chapter."""
    import tomllib

    return tomllib.loads(text)


def read_layouts(chapters: Sequence[Mapping[str, Any]]) -> Mapping[str, Layout]:
    """The layouts in these chapters' data, in the order that one of them names under `layouts`.

    What several chapters say of one is merged. Raises `KeyError` where a part is missing.
    """
    merged: dict[str, dict[str, Any]] = {}
    for chapter in chapters:
        for name, spec in chapter.get("layout", {}).items():
            _merge(merged.setdefault(name, {}), spec)
    order = next(chapter["layouts"] for chapter in chapters if "layouts" in chapter)
    return {name: _layout(name, merged[name]) for name in order}


def _merge(into: dict[str, Any], spec: Mapping[str, Any]) -> None:
    for key, value in spec.items():
        if isinstance(value, Mapping):
            into.setdefault(key, {}).update(value)
        else:
            into[key] = value


def _layout(name: str, spec: Mapping[str, Any]) -> Layout:
    return Layout(
        name=name,
        sign=spec["sign"],
        words=spec["words"],
        links=spec["links"],
        labels={label: tuple(urls) for label, urls in spec.get("labels", {}).items()},
        probable={label: tuple(urls) for label, urls in spec.get("probable", {}).items()},
    )


_PLACE = re.compile(r"\{([a-z_]+)\}")


def fill_places(text: str, layout: str | None = None) -> str:
    """`text` with each `{key}` replaced by the layout's word for it.

    Where no layout is given, by the words of all, side by side: "API Setup (or Step 1. Try it
    out)". Raises `KeyError` for a key that a layout has no word for.
    """
    if "{" not in text:
        return text
    return _PLACE.sub(lambda match: _word(match[1], layout), text)


def narrow_places(text: str, layout: str | None) -> str:
    """`text` as `fill_places` gave it without a layout, in the words of one alone."""
    if layout is None or layout not in layouts():
        return text
    for both, one in _pairs(layout):
        text = text.replace(both, one)
    return text


def narrow_url(url: str, layout: str | None) -> str:
    """A page of the portal, as another layout has it; any other URL as it is."""
    known = layouts().get(layout or "") if "developers.facebook.com/apps/" in url else None
    for key, link in known.links.items() if known else ():
        for other in layouts().values():
            head, _, tail = other.links[key].partition("{app_id}")
            if url.startswith(head) and url.endswith(tail):
                return link.replace("{app_id}", url[len(head) : len(url) - len(tail)])
    return url


@cache
def _pairs(layout: str) -> tuple[tuple[str, str], ...]:
    """What stands side by side and the word in it that is this layout's, the longest first."""
    words = layouts()[layout].words.items()
    pairs = [(_word(key, None), word) for key, word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _word(key: str, layout: str | None) -> str:
    known = layouts().get(layout or "")
    if known is not None:
        return known.words[key]
    first, *others = dict.fromkeys(_words(key))
    return f"{first} (or {', or '.join(others)})" if others else first


def _words(key: str) -> Iterator[str]:
    return (layout.words[key] for layout in layouts().values())
