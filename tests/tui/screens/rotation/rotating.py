"""What a person does to replace an access token, and where it shows."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Wizard
from wizard.simulator import Meta
from wizard.simulator.world.state import DAY
from wizard.tui.screens.rotation.screen import RotationScreen
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Secret, Value, plain

STORED = "The new access token is stored"


async def rotation(w: Wizard, key: str = "r") -> None:
    """Goes there from the walk, once what is stored was tested."""
    await w.until(lambda: w.onboarding.loaded and not w.onboarding.testing)
    await w.press("escape", key)
    await w.until(lambda: isinstance(w.app.screen, RotationScreen))
    await w.until(lambda: isinstance(w.app.focused, Field))


def paste(w: Wizard, text: Value) -> None:
    w.app.post_message(events.Paste(plain(text)))


async def ended(w: Wizard, words: str) -> None:
    await w.until(lambda: w.webhook.rotation.result is not None and words in w.text())


def newer(meta: Meta, **changes: object) -> Secret:
    """A token generated just now, healthy but for these changes."""
    token = meta.issue(meta.app, lifetime=DAY)
    for name, value in changes.items():
        setattr(token, name, value)
    return token.text


def stored(w: Wizard) -> Value | None:
    return w.onboarding.world.values.access_token


def field(w: Wizard) -> Field:
    return w.app.screen.query_one(Field)


def ends_at(meta: Meta, token: Secret) -> int:
    found = meta.find_token(token.reveal())
    assert found is not None
    return int(found.expires_at)
