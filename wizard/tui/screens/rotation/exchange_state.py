"""Whether the token is exchanged for one of 60 days first, and the way to one that never ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from wizard.tui.widgets.cached_static import CachedStatic
from wizard.values.credentials import CREDENTIALS


@dataclass(frozen=True)
class ExchangeState:
    """Whether an exchange is `offered` and `wanted`, and what it needs and is not stored; `alone`
    says that there is nothing but the stored token."""

    offered: bool
    wanted: bool
    missing: Sequence[str]
    alone: bool


class ExchangeLine(CachedStatic):
    """Two lines at most."""

    def __init__(self, *, permanent: bool) -> None:
        super().__init__(id="exchange", markup=False)
        self._permanent = permanent

    def show(self, longer: ExchangeState, *, typing: bool) -> None:
        """While somebody is `typing`, letters go into the field."""
        lines = list(_exchange(longer, "^l" if typing else "l")) if longer.offered else []
        if not self._permanent and len(lines) < 2:
            does = "leads to one that does not end (chapter 12)"
            lines.append(_key("esc p" if typing else "p", does))
        self.update(Content("\n").join(lines))
        self.display = bool(lines)


def _exchange(longer: ExchangeState, key: str) -> Iterator[Content]:
    if not longer.wanted:
        yield _key(key, "exchanges it first for one of 60 days")
    elif longer.missing:
        yield Content.styled(f"✗ For 60 days it needs {_named(longer.missing)}.", "$error")
        yield Content("Without that, a token that you paste is stored as it is.")
    else:
        stored = " Enter alone exchanges the stored one." if longer.alone else ""
        said = f"For 60 days: it is exchanged first.{stored}"
        yield Content.assemble(("✓ ", "$success"), said)
        yield _key(key, "stores it as it is, without that")


def _named(missing: Sequence[str]) -> str:
    credentials = [CREDENTIALS[name] for name in missing]
    return " and ".join(f"the {one.label} (step {one.step})" for one in credentials)


def _key(key: str, does: str) -> Content:
    return Content.assemble((key, "bold $accent"), f"  {does}")
