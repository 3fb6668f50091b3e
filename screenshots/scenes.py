"""What is played for each picture."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from stage import Stage, own_app

from wizard.simulator.world.objects import Subscription, Waba
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret, plain

OLD = "https://old-otter.ngrok-free.app/webhook"


async def welcome(_stage: Stage) -> None:
    """The first screen."""


async def step(stage: Stage) -> None:
    """A step to read."""
    await stage.press("enter")
    for _ in range(8):
        await stage.press("enter")


async def walk(stage: Stage) -> None:
    """A token just pasted, tested and stored."""
    await stage.press("enter")
    for number in ("9.3", "9.5", "6.6"):
        await stage.give(number)
    for _ in range(30):
        await stage.press("escape", "left")
    for _ in range(26):
        await stage.press("escape", "enter")
    await stage.give("7.5")


async def offer(stage: Stage) -> None:
    """A token just passed, and what it leads to is offered."""
    stage.meta.waba.phones.remove(stage.meta.own_number)
    await stage.press("enter")
    await stage.go("7.5")
    await stage.paste(plain(stage.offers.access_token or ""))
    await stage.shows("Meta says")


async def failed(stage: Stage) -> None:
    """A value in the wrong field, and what Meta offers in its place."""
    await stage.press("enter")
    await stage.give("7.5")
    await stage.go("6.6")
    await stage.paste(stage.offers.waba_id or "")


async def paste(stage: Stage) -> None:
    """One paste that fills three fields."""
    await stage.press("enter")
    await stage.go("6.6")
    values = stage.offers
    await stage.paste(
        f"Phone number ID: {values.phone_number_id}\n"
        f"WhatsApp Business Account ID: {values.waba_id}\n"
        f"Access token\n{plain(values.access_token or '')}"
    )


async def summary(stage: Stage) -> None:
    """All six."""
    await stage.press("enter")
    for number in ("6.6", "7.5", "8.3", "9.3", "9.5"):
        await stage.give(number)
    await stage.go("10")
    await stage.quiet()


async def jump(stage: Stage) -> None:
    """Going to a step by words."""
    await stage.press("enter", "slash", *"secret")


def in_layout(number: str, layout: str) -> Callable[[Stage], Awaitable[None]]:
    """A step as it is in one layout of the portal."""

    async def play(stage: Stage) -> None:
        await stage.press("enter")
        await stage.go("6.1")
        await stage.press({"classic": "1", "new": "2"}[layout])
        await stage.go(number)

    return play


async def layout_question(stage: Stage) -> None:
    """Which layout of the portal it is."""
    await stage.press("enter")
    await stage.go("6.1")


async def code(stage: Stage) -> None:
    """A page as a QR code."""
    await stage.press("enter", "enter", "o")
    await stage.pilot.pause(0.3)


async def help_(stage: Stage) -> None:
    """Every key."""
    await stage.press("enter", "question_mark")


async def keyring(stage: Stage) -> None:
    """A keyring that is locked."""
    await stage.press("enter")
    await stage.pilot.pause(0.3)


async def webhook(stage: Stage) -> None:
    """Endpoint and tunnel are open; the two values are to be entered in the portal."""
    await stage.press("enter")
    for number in ("9.3", "6.6", "7.5", "8.3"):
        await stage.give(number)
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.webhook.is_open and stage.webhook.job is None)
    await stage.quiet()


async def webhook_live(stage: Stage) -> None:
    """Registered, written to, and passed on to an app of one's own."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.webhook.verified is not None and stage.webhook.job is None)
    async with own_app() as url:
        stage.webhook.forward_to_url(url)
        for text in ("halo", "Apakah masih buka?"):
            await stage.deliver(_message(text))
        await stage.deliver(_status("delivered"))
        await stage.deliver(_status("read"))
        await stage.deliver(_message("I am Meta, trust me"), Secret("of another app"))
        await stage.until(lambda: len(stage.webhook.traffic) == 6)
        stage.webhook.forward_to_url("http://localhost:8000/webhook")
        await stage.quiet()


async def webhook_failed(stage: Stage) -> None:
    """A tunnel that can't be had, and what to do."""
    await stage.press("enter")
    await stage.give("8.3")
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.webhook.job is None)
    await stage.quiet()


async def doctor(stage: Stage) -> None:
    """Meta still calls an address of an earlier run."""
    await webhook_ready(stage)
    stage.meta.app.subscriptions.append(Subscription(OLD, ("messages",)))
    await stage.press("d")
    await stage.shows("✗  Meta calls a different URL")
    await stage.quiet()


async def doctor_well(stage: Stage) -> None:
    """The same after the key that mends it."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.webhook.verified is not None and stage.webhook.job is None)
    await stage.deliver(_message("halo"))
    await stage.press("d")
    await stage.shows("No problems found")
    await stage.quiet()


async def token(stage: Stage) -> None:
    """Two pastes, and all that was found with them, said back before it is stored."""
    stage.meta.waba.phones.remove(stage.meta.own_number)
    await short_way(stage)
    await stage.paste(plain(stage.offers.app_secret or ""))
    await stage.quiet()


async def discovery(stage: Stage) -> None:
    """Several accounts, one of which can't be read, and the number to be chosen."""
    meta = stage.meta
    meta.own_number.quality_rating = "YELLOW"
    meta.token.wabas += [meta.other_waba, Waba("999120034005600", "", meta.business, "")]
    await short_way(stage)
    await stage.press("down", "down")


async def short_way(stage: Stage) -> None:
    """A token is pasted."""
    await stage.press("down", "enter")
    await stage.quiet()
    await stage.paste(plain(stage.offers.access_token or ""))
    await stage.quiet()


async def rotation(stage: Stage) -> None:
    """A token that ends soon, and the page of the next one."""
    await ending_soon(stage)
    await stage.press("escape", "r")
    await stage.quiet()


async def rotation_done(stage: Stage) -> None:
    """The next one, tested and swapped in."""
    await rotation(stage)
    await stage.paste(plain(stage.meta.issue(stage.meta.app, lifetime=DAY).text))
    await stage.until(lambda: stage.webhook.rotation.result is not None)


async def rotation_failed(stage: Stage) -> None:
    """One of another app, which leaves the stored one alone."""
    await rotation(stage)
    await stage.paste(plain(stage.meta.other_token.text))
    await stage.until(lambda: stage.webhook.rotation.result is not None)


async def expiry(stage: Stage) -> None:
    """All six, of which the token ends soon."""
    await ending_soon(stage)
    await stage.go("10")
    await stage.quiet()


async def expiry_at_step(stage: Stage) -> None:
    """The step of a token that ends soon."""
    await ending_soon(stage)
    await stage.go("7.5")
    await stage.quiet()


async def ending_soon(stage: Stage) -> None:
    """All six are at hand, and the token has one hour and some to live."""
    stage.meta.token.expires_at = time.time() + 4321
    await stage.press("enter")
    for number in ("6.6", "7.5", "8.3", "9.3", "9.5"):
        await stage.give(number)


async def webhook_ready(stage: Stage) -> None:
    """All six are at hand, and the way is open."""
    await stage.press("enter")
    for number in ("9.3", "9.5", "6.6", "7.5", "8.3"):
        await stage.give(number)
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.webhook.is_open and stage.webhook.job is None)


async def message(stage: Stage) -> None:
    """An answer to somebody who wrote, followed until it was read."""
    await message_new(stage)
    begun, seconds = time.time(), count(1)
    stage.meta.now = lambda: begun + next(seconds)
    await stage.press("enter", "enter")
    await stage.until(
        lambda: bool(stage.webhook.message.tracker and stage.webhook.message.tracker.is_over)
    )
    await stage.quiet()


async def message_new(stage: Stage) -> None:
    """The same while it is written."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.webhook.hears_meta and stage.webhook.job is None)
    ayu = "6281234567890"
    stage.meta.dispatcher.sending_rules.allowed_recipients.append(ayu)
    stage.meta.dispatcher.inbound_text("Apakah masih buka?", sender=ayu, name="Ayu")
    await stage.press("escape", "m")
    await stage.until(lambda: stage.webhook.message.suggested_recipient is not None)
    await stage.press("ctrl+g", "tab", *"Ya, sampai jam 21.")
    await stage.quiet()


async def profiles(stage: Stage) -> None:
    await stage.press("enter")
    await stage.press("p")
    await stage.until(lambda: "bakery" in stage.app.export_screenshot())


def _message(text: str) -> dict[str, Any]:
    contact = {"profile": {"name": "Ayu"}, "wa_id": "6281234567890"}
    message = {"from": "6281234567890", "id": f"wamid.HBgN{text}", "type": "text"}
    return {"contacts": [contact], "messages": [{**message, "text": {"body": text}}]}


def _status(word: str) -> dict[str, Any]:
    status = {"id": "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABEYEkQ0RG", "status": word}
    return {"statuses": [{**status, "recipient_id": "6281234567890"}]}
