"""What people read and what is said of others, as data: edit these files, not the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_LAYOUTS = r"(?m)^layouts = (\[.*\])$"


def chapter_texts() -> Iterator[str]:
    """The chapters of the guide as they are written, in order."""
    for path in sorted((FOLDER / "guide").glob("*.toml")):
        yield path.read_text("utf-8")


@cache
def layout_names() -> tuple[str, ...]:
    """The names of the portal's layouts, of which nothing else is read: every help names them."""
    found = (re.search(_LAYOUTS, text) for text in chapter_texts())
    return next(tuple(ast.literal_eval(match[1])) for match in found if match)
