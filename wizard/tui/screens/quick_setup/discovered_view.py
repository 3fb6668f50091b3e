"""What a token leads to, a line each: app, lifetime, business, number, and the two that go with
them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from textual.content import Content

from wizard.findings import SIGNS, Status
from wizard.graph import Number
from wizard.journeys.discovery.discovery import Candidate, Discovered
from wizard.journeys.discovery.quick_setup import QuickSetup
from wizard.journeys.onboarding.token_expiry import expiry_at
from wizard.support.texts import printable
from wizard.tui.theme import FINDING_STYLES
from wizard.tui.widgets.expiry import lifetime
from wizard.tui.widgets.once import Static
from wizard.world import World

_DIM = "$foreground 60%"
_LABEL = 16
_LONG = 60

Lead: TypeAlias = tuple[str, str, Status, Content]
"""A credential's name, what it is called here, how it stands, and what was found."""


class DiscoveredView(Static):
    """A line for each thing that is known."""

    def __init__(self) -> None:
        super().__init__(id="leads", markup=False)

    def show(self, way: QuickSetup, world: World) -> None:
        """Nothing where the token led nowhere."""
        found = way.discovered
        lines = list(_lines(way, found, world)) if found and found.app_id else []
        self.update(Content("\n").join(lines))
        self.display = bool(lines)


def _lines(way: QuickSetup, found: Discovered, world: World) -> Iterator[Content]:
    failed = {finding.subject for finding in way.problems}
    for name, label, status, words in _leads(way, found, world):
        shown = Status.FAIL if name in failed else status
        sign = (f"{SIGNS[shown]}  ", FINDING_STYLES[shown])
        yield Content.assemble(sign, (f"{label:<{_LABEL}}", _DIM), words)


def _leads(way: QuickSetup, found: Discovered, world: World) -> Iterator[Lead]:
    app = (printable(found.app_name, _LONG), (f"  App ID {found.app_id}", _DIM))
    yield "app_id", "App", Status.PASS, Content.assemble(*app)
    yield _lifetime(found, world)
    if (chosen := way.chosen) is not None and not way.choosing:
        yield from _number(chosen)
        if way.has_secret:
            yield "app_secret", "App Secret", Status.PASS, Content("belongs to this app")
        made = "generated for you" if way.is_verify_token_new else "your stored one"
        yield "verify_token", "Verify token", Status.PASS, Content(made)


def _lifetime(found: Discovered, world: World) -> Lead:
    life = expiry_at(found.kind, found.expires_at, world)
    soon = life is not None and life.soon
    words = lifetime(life._replace(soon=False)) if life else Content(found.kind or "valid")
    return "access_token", "Access token", Status.WARN if soon else Status.PASS, words


def _number(chosen: Candidate) -> Iterator[Lead]:
    account, number = chosen
    business = printable(account.name, _LONG) or "A WABA"
    named = Content.assemble((business, "bold"), (f"  WABA ID {account.waba_id}", _DIM))
    yield "waba_id", "Business", Status.PASS, named
    if number is None:
        none = Content("This WABA has no number yet (page 11.5).")
        yield "phone_number_id", "Number", Status.WARN, none
        return
    about = Content.assemble(
        (printable(number.about, _LONG), "bold"),
        (f"  ID {number.id}", _DIM),
        ("  test number" if number.is_test and not _says_so(number) else "", "$warning"),
    )
    yield "phone_number_id", "Number", Status.PASS, about


def _says_so(number: Number) -> bool:
    """Whether its name is Meta's own for a test number."""
    return number.name.strip().casefold() == "test number"
