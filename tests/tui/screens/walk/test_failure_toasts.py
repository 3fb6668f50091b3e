"""What is told in passing hides no verdict, and does not outlive its truth."""

from __future__ import annotations

import pytest
from textual.widgets._toast import Toast

from tests.tui.conftest import Start
from tests.tui.screens.rotation.rotating import STORED, ended, newer, paste, rotation
from wizard.simulator import Meta, demo_values
from wizard.simulator.world.state import HOUR
from wizard.tui.widgets.outcome import OutcomeView


async def test_a_replaced_token_is_no_longer_said_to_have_ended(wizard: Start) -> None:
    meta = Meta()
    meta.token.expires_at = meta.now() - HOUR
    async with wizard(meta=meta, values=demo_values(meta), size=(80, 24)) as w:
        await w.until(lambda: "expired. Press r to fix it." in w.text())
        await rotation(w)
        paste(w, newer(meta))
        await ended(w, STORED)
        await w.until(lambda: "to fix it" not in w.text(), seconds=2)
        await w.press("enter")
        await w.until(lambda: w.app.screen is w.walk)
        assert "The access token has expired" not in w.text()


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_what_is_told_covers_no_verdict(wizard: Start, size: tuple[int, int]) -> None:
    meta = Meta()
    meta.token.expires_at = meta.now() - HOUR
    async with wizard(meta=meta, values=demo_values(meta), size=size) as w:
        await w.until(lambda: "expired. Press r to fix it." in w.text())
        await w.go("7.5")
        await w.until(lambda: bool(w.app.screen.query(".finding")))
        toasts = [toast.region for toast in w.app.screen.query(Toast)]
        verdicts = [view.region for view in w.app.screen.query(OutcomeView)]
        assert toasts
        assert not any(t.intersection(v) for t in toasts for v in verdicts)
