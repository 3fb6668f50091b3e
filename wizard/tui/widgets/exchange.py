"""Whether the token is exchanged for one of 60 days first, and the way to one that never ends."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from wizard.credentials import CREDENTIALS


class ExchangeLine(Static):
    """Two lines; one where one is on the way to the permanent token already."""

    def __init__(self, *, permanent: bool) -> None:
        super().__init__(id="exchange", markup=False)
        self._permanent = permanent

    def show(self, chosen: bool, missing: Sequence[str], *, alone: bool, typing: bool) -> None:
        """`missing` names what an exchange needs and is not stored; `alone` says that there is
        nothing but the stored token; while somebody is `typing`, letters go into the field."""
        if not chosen:
            line = _key("^l" if typing else "l", "exchanges it first for one of 60 days")
        elif missing:
            line = Content.styled(f"✗ For 60 days it needs {_named(missing)}.", "$error")
        else:
            stored = " Enter alone exchanges the stored one." if alone else ""
            said = f"For 60 days: it is exchanged first.{stored}"
            line = Content.assemble(("✓ ", "$success"), said)
        if not self._permanent:
            does = "leads to one that does not end (chapter 12)"
            line = Content.assemble(line, "\n", _key("esc p" if typing else "p", does))
        self.update(line)


def _named(missing: Sequence[str]) -> str:
    credentials = [CREDENTIALS[name] for name in missing]
    return " and ".join(f"the {one.label} (step {one.step})" for one in credentials)


def _key(key: str, does: str) -> Content:
    return Content.assemble((key, "bold $accent"), f"  {does}")
