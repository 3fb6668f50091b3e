"""Writing, sending, and what then stands on the screen."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Wizard
from wizard.tui.screens.send.screen import SendScreen
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import StatusUpdate

TO = "+16505550148"
SHOWN = "+1 650-555-0148"
WAY = ("sent", "delivered", "read")


async def followed(w: Wizard) -> None:
    """Opens the webhook, and has Meta call it, without the screen in which a person does it."""
    await w.until(lambda: w.onboarding.loaded)
    w.app.call_later(w.webhook.open_and_register)
    await w.until(lambda: w.webhook.hears_meta and w.webhook.job is None)


async def writing(w: Wizard) -> None:
    """Goes to the screen, and waits until it knows which number sends."""
    await w.press("escape", "m")
    await w.until(lambda: isinstance(w.app.screen, SendScreen))
    await w.until(lambda: w.webhook.message.job is None)
    await w.pilot.pause()


async def paste_to(w: Wizard, number: str) -> None:
    w.app.post_message(events.Paste(number))
    await w.until(lambda: w.webhook.message.job is None)


async def looked_over(w: Wizard, to: str = TO, text: str = "") -> None:
    """Writes it, and has it shown."""
    await writing(w)
    await paste_to(w, to)
    if text:
        await w.press("tab", *text)
    await w.press("enter")
    await w.until(lambda: "enter  send it" in w.text())


async def sent(w: Wizard, to: str = TO, text: str = "") -> None:
    """Writes and sends it, and waits for Meta's answer."""
    await looked_over(w, to, text)
    await w.press("enter")
    await answered(w)


async def answered(w: Wizard) -> None:
    await w.until(lambda: w.webhook.message.job is None and w.webhook.message.tracker is not None)
    await w.pilot.pause()


def told(w: Wizard, *words: str) -> bool:
    """Whether these words stand on the screen, each on a line with a sign that it was reached."""
    lines = [line.strip() for line in w.text().splitlines()]
    return all(any(line.startswith(f"✓  {word}") for line in lines) for word in words)


def messages(w: Wizard) -> set[str]:
    """The ids of all messages that webhooks told of."""
    deliveries = [one.event for one in w.webhook.traffic if isinstance(one.event, Delivery)]
    return {
        event.id for one in deliveries for event in one.events if isinstance(event, StatusUpdate)
    }
