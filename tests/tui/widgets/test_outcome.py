"""Which lines of a fix a screen shows."""

from __future__ import annotations

import pytest

from wizard.findings import catalogue
from wizard.tui.widgets.outcome import steps_on_screen


@pytest.mark.parametrize(
    ("fix", "shown"),
    [
        (["Find it: whatsapp-wizard discover", "Or copy it", "Or ask"], ["Copy it", "Or ask"]),
        (["Copy it", "whatsapp-wizard set app_id", "Or ask"], ["Copy it", "Or ask"]),
        (["Order it again"], ["Order it again"]),
        (["whatsapp-wizard rotate"], []),
        ([], []),
    ],
)
def test_where_the_command_before_it_is_left_out_a_line_is_no_alternative(
    fix: list[str], shown: list[str]
) -> None:
    assert steps_on_screen(fix) == shown


def test_no_finding_begins_with_an_alternative_on_screen() -> None:
    first = [shown[0] for one in catalogue().values() if (shown := steps_on_screen(one.fix))]
    assert [line for line in first if line.startswith("Or ")] == []
