"""Writes what the readers of `.env` files make of values: `python docs/write_env_readers.py`.

It asks the readers that are installed; run it where all of them are.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.values.env_readers import installed  # noqa: E402
from wizard.values.credentials import CREDENTIALS, Secret  # noqa: E402
from wizard.values.formats import UnfitValueError, render  # noqa: E402
from wizard.values.presets import Variable  # noqa: E402

PAGE = Path(__file__).with_name("env-files.md")
VALUES = [
    "EAAJBshop7", "9f86d081884c7d65", "shop-7_x.y/z+w", "a=b", "a%b@c,d", "é日", "shop#7",
    "shop #7", "#7", "a b", "$HOME", "it's", '"a"', "a\\b", "`a`", "~", "a;b", "a&b", "a|b",
    "(a)", "!a", "*", "{a}",
]  # fmt: skip
_HEAD = """\
# Who reads a .env file how

`whatsapp-wizard export` writes a value without quotes, as that is what docker takes, and only where
every reader in this table reads it alike; any other it refuses, and names another format. Written
by `python docs/write_env_readers.py`, which asks the readers themselves.

It writes no `export` in front, as python-decouple 3.8, Starlette 1.10.0 and honcho 2.0.0 skip such
a line. These three, django-environ 0.14.0, uv 0.13.9, Bun 1.4.5, Deno 2.9.6, Task 3.54.0 and
dotenvx 2.38.2 are not in the table: they were asked once, and read each value here that
`export` writes.
"""


def rows() -> Iterator[tuple[str, bool, dict[str, str]]]:
    """Each value, whether `export` writes it, and what each reader makes of the bare line."""
    readers = installed()
    for value in VALUES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "read.env").write_text(f"V0={value}\n", "utf-8")
            yield value, is_written(value), {who: read(folder) for who, read in readers.items()}


def is_written(value: str) -> bool:
    """Whether `export` writes this value into a .env file."""
    try:
        render("env", [Variable("V0", CREDENTIALS["verify_token"], Secret(value))])
    except UnfitValueError:
        return False
    return True


def page() -> str:
    """The whole page."""
    table = list(rows())
    names = list(table[0][2])
    lines = [_HEAD, f"| value | export | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for value, written, read in table:
        cells = ("same" if read[name] == value else _shown(read[name]) for name in names)
        told = "writes it" if written else "refuses it"
        lines.append(f"| {_shown(value)} | {told} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(text: str) -> str:
    if not text:
        return "(empty)"
    fence = "``" if "`" in text else "`"
    return (
        f"{fence} {text} {fence}".replace("|", "\\|")
        if "`" in text
        else f"`{text}`".replace("|", "\\|")
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
