"""What is played for the animated picture."""

from __future__ import annotations

from stage import Stage
from textual import events

from wizard.values.credentials import plain


async def short_way(stage: Stage) -> None:
    """From the first screen to a message, with two pastes."""
    stage.meta.waba.phones.remove(stage.meta.own_number)
    await stage.take(1.6)
    await stage.press("down")
    await stage.take(0.9)
    await stage.press("enter")
    await stage.shows("first paste")
    await stage.take(1.4)
    stage.app.post_message(events.Paste(plain(stage.offers.access_token or "")))
    await stage.shows("testing …")
    await stage.take(0.9, at_once=True)
    await stage.shows("second paste")
    await stage.take(2.0)
    stage.app.post_message(events.Paste(plain(stage.offers.app_secret or "")))
    await stage.shows("store these six values")
    await stage.take(2.4)
    await stage.press("enter")
    await stage.shows("then storing them")
    await stage.take(1.0, at_once=True)
    await stage.shows("is stored in GNOME Keyring")
    await stage.take(2.2)
    await stage.press("enter")
    await stage.shows("https://")
    await stage.until(lambda: stage.webhook.hears_meta and stage.webhook.job is None)
    await stage.take(2.4)
    stage.meta.dispatcher.inbound_text("halo", sender="6281234567890", name="Ayu")
    await stage.shows('"halo"')
    await stage.take(3.5)
