"""What the token leads to, in one line under the step, with the key that takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.content import Content

from wizard.journeys.discovery.discovery import Candidate
from wizard.support.texts import printable
from wizard.tui.controllers.token_offer import TokenOffer
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.widgets.cached_static import CachedStatic
from wizard.values.credentials import Value

_MOST = 40


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


async def take_offer(app: App[Any], offer: TokenOffer) -> Mapping[str, Value]:
    """What is offered; where there are several numbers, with the one that is chosen. Nothing where
    none was."""
    choices = offer.choices
    if not choices:
        return offer.take()
    answers = [(f"{at}", _line(one)) for at, one in enumerate(choices)]
    modal = ChoiceModal("Which number?", "Your token reaches several numbers.", answers)
    answer = await app.push_screen_wait(modal)
    return {} if answer is None else offer.take(choices[int(answer)])


def _line(candidate: Candidate) -> str:
    account, number = candidate
    about = printable(number.about, _MOST) if number else "no number"
    return f"{about}   {printable(account.name, _MOST) or account.waba_id}"
