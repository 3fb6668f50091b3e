"""The guide through Meta's portal, read from one TOML file a chapter."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from wizard.findings import page_url
from wizard.portal import chapter_data, layouts

CALLBACK = "callback"
"""A callback that Meta has verified, where a chapter names what proves it."""


@dataclass(frozen=True)
class Skip:
    """What a person may already have, and the chapter that this makes needless."""

    label: str
    chapter: int


@dataclass(frozen=True)
class StepText:
    """What a step says: `where` in the portal it takes place, as a path of labels; what to do;
    what one then sees; the page's URL, with `{app_id}` in it; and the text that a copy of that
    part of the page gives, with `{phone_number_id}` and the like in place of the values.
    """

    body: str
    see: str = ""
    link: str | None = None
    where: str = ""
    copied: str = ""


@dataclass(frozen=True)
class Step:
    """One thing to do in the portal; a page (`counted` false) is only there to be read, and one
    of them shows the `summary` of the credentials.

    `texts` has one text for each layout of the portal, or a single one under "" where all of them
    are alike. What a step `yields` is captured there; what it `renews` stands already, and is
    swapped for another once that has passed.
    """

    id: str
    title: str
    short: str
    texts: Mapping[str, StepText] = field(hash=False)
    yields: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    renews: tuple[str, ...] = ()
    skip: Skip | None = None
    summary: bool = False
    counted: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The credentials that can be captured here, those not yet due among them."""
        return self.yields + self.early

    @property
    def has_layouts(self) -> bool:
        """Whether the portal's layouts differ here."""
        return "" not in self.texts

    def in_layout(self, layout: str | None) -> StepText:
        """What the step says in this layout; where it is not known, all of them together."""
        known = self.texts.get(layout) if layout else None
        return known or self._together

    @cached_property
    def _together(self) -> StepText:
        if not self.has_layouts:
            return self.texts[""]
        texts = [(layouts()[name].sign, text) for name, text in self.texts.items()]
        return StepText(
            body="\n\n".join(f'**If you see "{sign}":**\n\n{text.body}' for sign, text in texts),
            see=" Or: ".join(dict.fromkeys(text.see for _, text in texts if text.see)),
            link=texts[0][1].link,
            where=" or: ".join(dict.fromkeys(text.where for _, text in texts if text.where)),
        )

    @property
    def body(self) -> str:
        return self.in_layout(None).body

    @property
    def see(self) -> str:
        return self.in_layout(None).see

    @property
    def link(self) -> str | None:
        return self.in_layout(None).link

    def url(self, app_id: str | None, layout: str | None = None) -> str | None:
        return page_url(self.in_layout(layout).link, app_id)

    def text(self, app_id: str | None, layout: str | None = None) -> str:
        """The body, with the App ID in its addresses where it is known."""
        body = self.in_layout(layout).body
        return body.replace("{YOUR_APP_ID}", app_id) if app_id else body


@dataclass(frozen=True)
class Chapter:
    """A number, a title, and steps in order.

    `proof` names what can be there only when all that the steps do in the portal was done: values
    that passed, or `CALLBACK`.
    """

    number: int
    title: str
    short: str
    steps: tuple[Step, ...]
    proof: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guide:
    """All chapters; the 40 numbered steps among their steps are the ones that count."""

    chapters: tuple[Chapter, ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for chapter in self.chapters for step in chapter.steps)

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def counted(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.counted)

    @cached_property
    def proofs(self) -> Mapping[str, frozenset[str]]:
        """What proves each step, by its id: what proves its chapter."""
        return {
            step.id: frozenset(chapter.proof) for chapter in self.chapters for step in chapter.steps
        }

    def chapter_of(self, id_: str) -> Chapter:
        return next(
            chapter for chapter in self.chapters if any(step.id == id_ for step in chapter.steps)
        )

    def search(self, query: str) -> list[Step]:
        """The steps that a number or some words mean, best first."""
        words = query.casefold().split()
        if not words:
            return list(self.steps)
        scored = ((_score(step, query.strip(), words), step) for step in self.steps)
        return [step for score, step in sorted(scored, key=lambda pair: -pair[0]) if score]


def _score(step: Step, query: str, words: list[str]) -> int:
    if step.id == query:
        return 4
    if step.id.startswith(query):
        return 3
    title, text = step.title.casefold(), f"{step.body} {step.see}".casefold()
    if all(word in title for word in words):
        return 2
    return int(all(word in title or word in text for word in words))


@cache
def guide() -> Guide:
    """The guide that comes with the program."""
    return Guide(tuple(_chapter(data) for data in chapter_data()))


def read_chapter(path: Path) -> Chapter:
    """One chapter file.

    Raises `KeyError`, `TypeError` or `tomllib.TOMLDecodeError` where the file has a mistake.
    """
    return _chapter(tomllib.loads(path.read_text("utf-8")))


def _chapter(data: Mapping[str, Any]) -> Chapter:
    entries = [(spec, "step") for spec in data.get("step", ())]
    entries += [(spec, "page") for spec in data.get("page", ())]
    return Chapter(
        number=data["number"],
        title=data["title"],
        short=data["short"],
        steps=tuple(_step(spec, counted=kind == "step") for spec, kind in entries),
        proof=_names(data.get("proof", [])),
    )


_TEXT = ("body", "see", "link", "where", "copied")


def _step(spec: Mapping[str, Any], *, counted: bool) -> Step:
    fields = {key: value for key, value in spec.items() if key not in (*_TEXT, "layout")}
    for name in ("yields", "early", "renews"):
        fields[name] = _names(fields.get(name, []))
    if "skip" in fields:
        fields["skip"] = Skip(**fields["skip"])
    return Step(**fields, texts=_texts(spec), counted=counted)


def _texts(spec: Mapping[str, Any]) -> Mapping[str, StepText]:
    """A step's texts by layout: its own where all are alike, or those under `layout`."""
    own = {key: spec[key] for key in _TEXT if key in spec}
    if "layout" not in spec:
        return {"": _text(own)}
    if own:
        raise TypeError("a step has one text, or one for each layout")
    return {name: _text(text) for name, text in spec["layout"].items()}


def _text(spec: Mapping[str, Any]) -> StepText:
    return StepText(**{**spec, "body": spec["body"].strip()})


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("credentials are named in a list")
    return tuple(value)
