"""What the token leads to, in one line under the step, with the key that takes it."""

from __future__ import annotations

from textual.content import Content

from wizard.tui.controllers.token_offer import TokenOffer
from wizard.tui.widgets.cached_static import CachedStatic


class OfferLine(CachedStatic):
    """Shown while something is offered."""

    def show(self, offer: TokenOffer) -> None:
        self.display = offer.is_open
        if offer.is_open:
            self.update(
                Content.assemble(
                    ("✓  ", "$success"),
                    offer.words,
                    ("  enter", "bold $accent"),
                    " takes them, ",
                    ("n", "bold $accent"),
                    " not now",
                )
            )
