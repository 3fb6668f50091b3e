"""What a person does on the short way, and the worlds that a token leads to."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Wizard
from wizard.simulator import Meta
from wizard.simulator.world.objects import Phone, Waba
from wizard.tui.screens.quick_setup.screen import QuickSetupScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.values.credentials import Values, plain

WRONG = "0123456789abcdef" * 2


def alone(meta: Meta) -> Meta:
    """One account with one number."""
    meta.waba.phones.remove(meta.own_number)
    return meta


def many(meta: Meta) -> Meta:
    """Fifty accounts, almost all of twenty numbers."""
    for n in range(49):
        phones = [
            Phone(f"8{n:02}{i:012}", f"+62 812-{n:04}-{i:04}", f"Stall {n} {i}") for i in range(20)
        ]
        waba = Waba(f"9{n:014}", f"Market {n}", meta.business, "", phones)
        meta.wabas.append(waba)
        meta.token.wabas.append(waba)
    return meta


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def visit(w: Wizard) -> None:
    """Goes there from the walk, as a person does."""
    await w.until(lambda: isinstance(w.app.screen, WalkScreen))
    await w.press("escape", "i")
    await w.until(lambda: isinstance(w.app.screen, QuickSetupScreen))


async def looked(w: Wizard, text: str, shows: str) -> None:
    """Goes there, pastes a token, and waits for what it led to."""
    await visit(w)
    await paste(w, text)
    await w.until(lambda: shows in w.text())


def token(values: Values) -> str:
    return plain(values.access_token or "")


def secret(values: Values) -> str:
    return plain(values.app_secret or "")


def stored(w: Wizard) -> dict[str, object]:
    return dict(w.onboarding.world.values.present())


def both(values: Values) -> str:
    """Token and secret with their names."""
    return f"WHATSAPP_APP_SECRET={secret(values)}\nWHATSAPP_ACCESS_TOKEN='{token(values)}'\n"
