"""Whether the token is exchanged for a long-lived one first, and the way to a permanent one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from wizard.tui.widgets.once import Static
from wizard.values.credentials import CREDENTIALS


@dataclass(frozen=True)
class ExchangeState:
    """Whether an exchange is `offered` and `wanted`, and what it needs and is not stored; `alone`
    says that there is nothing but the stored token, `permanent` whether a token that never expires
    is offered."""

    offered: bool
    wanted: bool
    missing: Sequence[str]
    alone: bool
    permanent: bool


class ExchangeLine(Static):
    """Two lines at most."""

    def __init__(self) -> None:
        super().__init__(id="exchange", markup=False)

    def show(self, longer: ExchangeState, *, typing: bool) -> None:
        """While somebody is `typing`, letters go into the field."""
        lines = list(_exchange(longer, "^l" if typing else "l")) if longer.offered else []
        if longer.permanent and len(lines) < 2:
            does = "get a permanent token (chapter 12)"
            lines.append(_key("esc p" if typing else "p", does))
        self.update(Content("\n").join(lines))
        self.display = bool(lines)


def _exchange(longer: ExchangeState, key: str) -> Iterator[Content]:
    if not longer.wanted:
        yield _key(key, "exchange it for a long-lived token (60 days) first")
    elif longer.missing:
        yield Content.styled(f"✗ A long-lived token needs {_named(longer.missing)}.", "$error")
        yield Content("Without it, a pasted token is stored unchanged.")
    else:
        said = (
            "Press enter without a paste to exchange the stored one."
            if longer.alone
            else "It is exchanged for a long-lived token (60 days) first."
        )
        yield Content.assemble(("✓ ", "$success"), said)
        yield _key(key, "store it without an exchange")


def _named(missing: Sequence[str]) -> str:
    credentials = [CREDENTIALS[name] for name in missing]
    return " and ".join(f"the {one.label} (step {one.step})" for one in credentials)


def _key(key: str, does: str) -> Content:
    return Content.assemble((key, "bold $accent"), f"  {does}")
