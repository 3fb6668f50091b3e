"""What stands where on the guide's screen, whichever step is open."""

from __future__ import annotations

from textual.app import ComposeResult

from wizard.tui.screens.walk.offer_line import OfferLine
from wizard.tui.screens.walk.rail import Rail
from wizard.tui.screens.walk.step import StepView
from wizard.tui.screens.walk.webhook_line import WebhookLine
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Horizontal, Static, Vertical


def walk_frame(profile: str, expiry: ExpiryLine, webhook: WebhookLine) -> ComposeResult:
    """Chips, notice, rail, the place of the step, and the lines around it."""
    yield Chips(profile)
    yield Static(id="notice", markup=False)
    with Horizontal(id="body"):
        yield Rail()
        with Vertical(id="main"):
            with Horizontal(id="strip"):
                yield Static(id="short-rail", markup=False)
                yield expiry
            yield StepView()
            yield OfferLine()
            yield webhook
    yield KeyLine()
