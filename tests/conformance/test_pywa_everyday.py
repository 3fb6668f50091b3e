"""pywa, unmodified, through the operations of everyday."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conformance.used import check_used
from wizard.simulator.graph_api.recorder import Exchange
from wizard.testing.running import RunningSimulator

if TYPE_CHECKING:
    # To load pywa takes half a second, and every process of a run reads this module.
    from tests.conformance.pywa_everyday import Side

PARTS = (
    "media",
    "templates",
    "profile",
    "settings",
    "qr_codes",
    "blocking",
    "flows",
    "registration",
    "messages",
    "accounts",
    "described",
)


@pytest.fixture
def side(whatsapp_simulator: RunningSimulator) -> Iterator[Side]:
    from tests.conformance.pywa_everyday import standing_before

    with standing_before(whatsapp_simulator) as found:
        yield found


@pytest.mark.parametrize("name", PARTS)
def test_pywa_goes_through(side: Side, name: str) -> None:
    from tests.conformance import pywa_everyday

    pywa_everyday.PARTS[name](side)


def test_what_pywa_uses_stands_in_the_table(side: Side, conformance: list[Exchange]) -> None:
    from tests.conformance import pywa_everyday

    assert pywa_everyday.PARTS.keys() == set(PARTS)
    for name, part in pywa_everyday.PARTS.items():
        if name != "registration":
            part(side)
    pywa_everyday.registration(side)
    check_used("pywa", conformance)
