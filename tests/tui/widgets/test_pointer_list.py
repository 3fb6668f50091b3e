"""In every list a sign shows which line enter takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.quick_setup.tokens import looked, token
from tests.tui.screens.webhook.playing import opened
from wizard.simulator import Meta, demo_values
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.jump import JumpModal
from wizard.tui.widgets.pointer_list import PointerList
from wizard.values.credentials import Values


def pointed(w: Wizard) -> str:
    """The text of the only line that is pointed at."""
    at = w.app.screen.query_one(PointerList).region
    lines = [line[at.x : at.right] for line in w.text().splitlines()[at.y : at.bottom]]
    return " and ".join(line.strip(" ▸") for line in lines if line.startswith("▸ "))


async def moves(w: Wizard, *begins: str, through: Sequence[str] = ("down",)) -> None:
    """The sign stands on the first of these, and goes to the next with each key."""
    await w.until(lambda: pointed(w).startswith(begins[0]))
    for text in begins[1:]:
        await w.press(*through)
        await w.until(lambda text=text: pointed(w).startswith(text))  # type: ignore[misc]


@pytest.mark.parametrize("size", [(80, 24), (60, 30)])
async def test_the_welcome(wizard: Start, size: tuple[int, int]) -> None:
    async with wizard(size=size, welcome=True) as w:
        await moves(w, "Set up the WhatsApp Cloud API", "I have a token", "Replace an expired")
        assert "See what I have" in w.text()


async def test_a_dialog(wizard: Start) -> None:
    async with wizard(size=(80, 24)) as w:
        w.app.push_screen(ChoiceModal("Leave?", "It runs.", [("end", "Leave"), ("no", "Cancel")]))
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await moves(w, "Leave", "Cancel", "Leave")


async def test_the_steps_that_one_may_go_to(wizard: Start) -> None:
    async with wizard(size=(80, 24)) as w:
        await w.press("escape", "slash", *"secret")
        await w.until(lambda: isinstance(w.app.screen, JumpModal))
        first = pointed(w)
        await w.press("down")
        await w.until(lambda: pointed(w) not in {"", first})


async def test_the_numbers_of_a_token(wizard: Start) -> None:
    meta = Meta()
    async with wizard(meta=meta, size=(80, 24)) as w:
        await looked(w, token(demo_values(meta)), "Which number?")
        await moves(w, "+1 555-014-2233", "+62 812-3456-7890")
        await w.until(lambda: f"ID {meta.own_number.id}" in w.text())


async def test_what_came_in(wizard: Start) -> None:
    meta = Meta()
    async with wizard(meta=meta, values=demo_values(meta), size=(80, 24)) as w:
        await w.until(lambda: w.onboarding.loaded and not w.onboarding.testing)
        await opened(w)
        await w.press("r")
        await w.until(lambda: w.webhook.hears_meta and w.webhook.job is None)
        await w.until(lambda: "handshake" in pointed(w))


async def test_the_rungs_of_the_doctor(wizard: Start) -> None:
    async with wizard(size=(80, 24), values=Values(app_id="1234567890123456")) as w:
        await w.press("escape", "d")
        await w.until(lambda: "checked ·" in w.text())
        first = pointed(w)
        assert first.startswith("✗")
        await w.press("down")
        await w.until(lambda: pointed(w) not in {"", first})
