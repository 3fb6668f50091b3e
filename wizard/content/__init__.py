"""What people read and what is said of others, as data: edit these files, not the code."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache

_FOLDER = __path__[0]
_LAYOUTS = "\nlayouts = "


def read_text(name: str) -> str:
    """The file of this name here, as it is written."""
    # pathlib would take a seventh of the time of --help, which names the portal's layouts.
    with open(f"{_FOLDER}/{name}", encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def chapter_texts() -> Iterator[str]:
    """The chapters of the guide as they are written, in order."""
    names = os.listdir(f"{_FOLDER}/guide")  # noqa: PTH208
    for name in sorted(name for name in names if name.endswith(".toml")):
        yield read_text(f"guide/{name}")


def layouts_chapter() -> str:
    """The chapter in which a person meets the portal's layouts first, as it is written."""
    return next(text for text in chapter_texts() if _LAYOUTS in text)


@cache
def layout_names() -> tuple[str, ...]:
    """The names of the portal's layouts, of which nothing else is read: every help names them."""
    names, _, _ = layouts_chapter().partition(_LAYOUTS)[2].partition("\n")
    return tuple(ast.literal_eval(names))
