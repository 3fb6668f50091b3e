"""How long the token has to live, wherever its status is shown; minute by minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.app import App, ComposeResult

from tests.tui.conftest import Start, Wizard
from wizard.journeys.onboarding.token_expiry import Expiry
from wizard.simulator import Meta, demo_values
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.simulator.world.state import DAY, HOUR
from wizard.tui.widgets.expiry import ExpiryLine

MINUTE = 60.0


class Alone(App[None]):
    """The line and nothing else."""

    def __init__(self, life: Expiry | None) -> None:
        super().__init__()
        self._life = life

    def compose(self) -> ComposeResult:
        yield ExpiryLine()

    def on_mount(self) -> None:
        self.query_one(ExpiryLine).show(self._life, "r")


@pytest.mark.parametrize(
    ("life", "line"),
    [
        (Expiry("temporary", 23 * 3600 + 2460), "temporary, expires in 23 h 41 min  ▰▰▰▰▰▰▰▰▰▰"),
        (Expiry("temporary", 12 * 3600), "temporary, expires in 12 h  ▰▰▰▰▰▱▱▱▱▱"),
        (
            Expiry("temporary", 5400, soon=True),
            "! temporary, expires in 1 h 30 min  ▰▱▱▱▱▱▱▱▱▱  r replace it",
        ),
        (Expiry("long-lived", 30 * 86400), "long-lived, expires in 30 d  ▰▰▰▰▰▱▱▱▱▱"),
        (Expiry("temporary", -7500, soon=True), "✗ temporary, ended 2 h 5 min ago  r replace it"),
        (Expiry("system user", None), "system user, never expires"),
        (Expiry(None, 3600, soon=True), "! expires in 1 h  ▰▱▱▱▱▱▱▱▱▱  r replace it"),
        (None, ""),
    ],
)
async def test_a_life_is_one_line_of_words_and_a_bar(life: Expiry | None, line: str) -> None:
    app = Alone(life)
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        drawn = app.query_one(ExpiryLine)
        assert drawn.display is bool(line)
        assert str(drawn.visual if line else "") == line


def life(w: Wizard, words: str) -> bool:
    """Whether the top of the walk says this."""
    return words in "\n".join(w.text().splitlines()[1:3])


@pytest.mark.parametrize("size", [(120, 40), (100, 30), (80, 24)])
async def test_the_top_of_the_walk_counts_down_and_warns_by_sign_word_and_key(
    wizard: Start, size: tuple[int, int]
) -> None:
    meta = Meta()
    kind = "temporary, " if size[0] >= 96 else ""  # else there is no room for it
    async with wizard(meta=meta, values=demo_values(meta), size=size, minute=0.05) as w:
        await w.until(lambda: life(w, f"{kind}expires in 23 h 5"))
        late = {"by": timedelta(hours=21, minutes=53)}
        began = w.onboarding.world.clock()
        w.onboarding.world.clock = lambda: began + late["by"]
        await w.until(lambda: life(w, f"  {kind}expires in 2 h") or life(w, " 1 h 59 min"))
        late["by"] = timedelta(hours=22, minutes=53)
        await w.until(lambda: life(w, f"! {kind}expires in "))
        assert life(w, "  r replace it") is (size[0] >= 96)  # else there is no room for whole words
        late["by"] = timedelta(hours=26)
        await w.until(lambda: life(w, f"✗ {kind}ended 2 h"))


async def test_while_a_letter_would_go_into_a_field_the_key_before_it_is_named(
    wizard: Start,
) -> None:
    meta = Meta()
    meta.token.expires_at = meta.now() + HOUR
    async with wizard(meta=meta, values=demo_values(meta)) as w:
        await w.until(lambda: life(w, "! temporary, expires in"))
        assert "  r replace it" in w.text()
        await w.go("9.3")
        await w.press("tab", "e")
        await w.until(lambda: life(w, "esc r replace it"))


async def test_step_7_5_and_the_summary_show_it_too_and_tick(wizard: Start) -> None:
    meta = Meta()
    async with wizard(meta=meta, values=demo_values(meta), minute=0.05, size=(120, 50)) as w:
        await w.until(lambda: life(w, "temporary, expires in 23 h"))
        began = w.onboarding.world.clock()
        for step in ("7.5", "10"):
            w.onboarding.world.clock = lambda: began
            await w.go(step)
            await w.until(lambda: w.text().count("temporary, expires in 23 h 5") == 2)
            w.onboarding.world.clock = lambda: began + timedelta(hours=12)
            await w.until(lambda: w.text().count("temporary, expires in 11 h 5") == 2)


async def test_the_doctors_rung_of_the_token_bears_it_and_ticks(wizard: Start) -> None:
    meta = Meta()
    meta.token.expires_at = meta.now() + 30 * DAY
    async with wizard(meta=meta, values=demo_values(meta), minute=0.05) as w:
        await w.until(lambda: life(w, "long-lived, expires in"))
        await w.press("escape", "d")
        await w.until(lambda: "long-lived, expires in 29 d 23 h  ▰▰▰▰▰▱▱▱▱▱" in w.text())
        began = w.onboarding.world.clock()
        w.onboarding.world.clock = lambda: began + timedelta(days=24)
        await w.until(lambda: "! long-lived, expires in 5 d 23 h  ▰▱" in w.text())


async def test_one_that_ended_before_it_was_ever_seen_here_says_since_when(wizard: Start) -> None:
    meta = Meta()
    meta.token.expires_at = meta.now() - 2 * HOUR - 5 * MINUTE
    async with wizard(meta=meta, values=demo_values(meta)) as w:
        await w.until(lambda: life(w, "✗ temporary, ended 2 h 5 min ago"))
        await w.until(lambda: "Press r to fix it." in w.text())


async def test_one_that_was_revoked_has_no_time_left_to_show(wizard: Start) -> None:
    meta = Meta()
    async with wizard(meta=meta, values=demo_values(meta)) as w:
        await w.until(lambda: life(w, "temporary, expires in 23 h"))
        meta.token.ended = LOGGED_OUT
        w.walk.draft_tester.test()
        await w.until(lambda: not life(w, "expires in"))
        await w.press("escape", "r")
        await w.until(lambda: "one that no longer works" in w.text())
