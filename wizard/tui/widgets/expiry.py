"""How long the access token has to live: its kind, the time in words, and a bar."""

from __future__ import annotations

from textual.content import Content

from wizard.findings import SIGNS, Status
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import Expiry, expiry_in
from wizard.support.times import bar
from wizard.tui.widgets.once import Static

_DIM = "$foreground 60%"
_WIDTH, _NARROW = 10, 3


def lifetime(life: Expiry, key: str = "", *, short: bool = False) -> Content:
    """One line; with a sign, and what to press, where the end is near or past."""
    kind = f"{life.kind}, " if life.kind and not short else ""
    words = f"{kind}{life.words}"
    renew = Content.assemble("  ", (key, "bold $accent"), " replace it") if key else Content()
    if life.ended:
        return Content.assemble((f"{SIGNS[Status.FAIL]} {words}", "$error"), renew)
    if life.seconds is None:
        return Content(words)
    gap = " " if short else "  "
    drawn = bar(life.share, _NARROW if short else _WIDTH, "▰▱")
    if life.soon:
        warned = f"{SIGNS[Status.WARN]} {words}{gap}{drawn}"
        return Content.assemble((warned, "$warning"), renew)
    return Content.assemble(f"{words}{gap}", (drawn, "$accent"))


def standing(onboarding: Onboarding) -> Content:
    """What is stored, and how long it has to live."""
    if (life := expiry_in(onboarding)) is not None:
        said = lifetime(life)
    elif onboarding.world.values.access_token is None:
        said = Content.styled("none yet" if onboarding.loaded else "…", _DIM)
    elif onboarding.chip("access_token") is Chip.FAILED:
        said = Content.styled("one that no longer works", "$error")
    else:
        said = Content.styled("one that is not tested yet", _DIM)
    return Content.assemble(("Stored ", _DIM), said)


class ExpiryLine(Static):
    """Nothing where nothing is known. The time stands still until it is shown again. One that is
    `brief` has little room on a narrow screen; one for `wide` screens is left out there."""

    def __init__(self, *, brief: bool = False, wide: bool = False) -> None:
        super().__init__()
        self._brief = brief
        self._wide = wide

    def show(self, life: Expiry | None, key: str = "") -> None:
        """`key` is what to press for a new token."""
        is_narrow = self.screen.has_class("-narrow")
        self.display = life is not None and not (self._wide and is_narrow)
        if life is not None:
            short = self._brief and is_narrow
            self.update(lifetime(life, "" if short else key, short=short))
