"""What brings out each line in the table of deviations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache

from tests.conformance.driving import Ask, Driven, Side, ask, driven
from wizard.graph import Request
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.world.objects import (
    APP_REMOVED,
    CHECKPOINT,
    LOGGED_OUT,
    MESSAGING,
    PASSWORD_CHANGED,
    Ended,
    Health,
)
from wizard.simulator.world.state import Outage
from wizard.values.credentials import Secret

_ALL = (
    "account_mode,health_status,is_official_business_account,is_pin_enabled,messaging_limit_tier,"
    "new_name_status,quality_score,search_visibility,status,webhook_configuration,"
    "whatsapp_business_manager_messaging_limit"
)


def _ended(how: Ended) -> Ask:
    async def do(there: Side) -> None:
        there.meta.token.ended = how
        await there.read(there.waba, token=there.meta.token.text)

    return do


def _out(how: Outage, path: Callable[[Side], str] = lambda there: there.waba) -> Ask:
    async def do(there: Side) -> None:
        there.meta.outage = how
        await there.read(path(there))

    return do


async def _of_number(there: Side) -> None:
    there.meta.test_number.override_callback_uri = there.callback_url
    there.meta.waba.subscribed[0].override_callback_uri = there.callback_url
    there.meta.business.health = Health("BLOCKED", 141006, "No payment method.", "Add one.")
    there.meta.own_number.platform_type = "NOT_APPLICABLE"
    for path in (there.number, there.meta.own_number.id, f"{there.waba}/phone_numbers"):
        await there.read(path)
    await there.read(there.number, _ALL)
    await there.read(there.meta.own_number.id, "account_mode")
    there.meta.business.health = Health("LIMITED", description="Fewer conversations a day.")
    await there.read(there.number, "health_status")
    await there.read(f"{there.waba}/phone_numbers", "id")
    await there.read(f"{there.waba}/subscribed_apps")


async def _of_waba(there: Side) -> None:
    fields = "business_verification_status,owner_business_info,subscribed_apps,phone_numbers"
    await there.read(there.waba)
    await there.read(there.waba, fields)
    await there.read(f"{there.meta.business.id}/owned_whatsapp_business_accounts")
    for field in ("verification_status", "display_phone_number"):
        await there.read(there.meta.business.id, field)


async def _by_others(there: Side) -> None:
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"}
    await there.elsewhere("POST", f"/{there.number}/messages", read)
    await there.elsewhere("GET", f"/{there.waba}")


async def _unanswerable(there: Side) -> None:
    await there.read(there.waba, token=Secret("EAA!"))
    await there.read("+15550142233")
    bare = {"recipient_type": "individual", "to": there.to, "type": "text", "text": {"body": "x"}}
    await there.graph.request_raw(
        Request("POST", f"{there.number}/messages", {}, there.token, json=bare)
    )
    there.meta.token.blocked = True
    await there.read(there.waba, token=there.meta.token.text)


async def _templates_refused(there: Side) -> None:
    path = f"{there.waba}/message_templates"
    messaging = there.meta.issue(there.meta.app, scopes=(MESSAGING,)).text
    for token in (messaging, Secret("not a token")):
        await there.read(path, token=token)
    await _out(Outage.JSON_ERROR, lambda _: path)(there)


async def _messages_refused(there: Side) -> None:
    who = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": there.to}
    text = {**who, "type": "text", "text": {"body": "halo"}}
    path, meta = f"{there.number}/messages", there.meta
    send = Request("POST", path, {}, Secret("not a token"), json=text)
    await there.graph.request_raw(send)
    meta.dispatcher.sending_rules.restricted = (there.to,)
    await there.elsewhere("POST", f"/{path}", text)
    meta.outage = Outage.JSON_ERROR
    await there.elsewhere("POST", f"/{path}", text)


async def _of_whatsapp_account(there: Side) -> None:
    account = there.meta.add_whatsapp_account(there.meta.test_number, *there.meta.tokens)
    request = Request("POST", f"{account.id}/subscribed_apps", {}, there.token)
    await there.graph.request_raw(request)


PROVOKED: tuple[Ask, ...] = (
    *(_ended(how) for how in (APP_REMOVED, CHECKPOINT, PASSWORD_CHANGED, LOGGED_OUT)),
    *(_out(how) for how in (Outage.APP_LIMIT, Outage.WABA_LIMIT)),
    _of_number,
    _of_waba,
    _by_others,
    _unanswerable,
    _templates_refused,
    _messages_refused,
    _of_whatsapp_account,
)


@cache
def provoked() -> tuple[Exchange, ...]:
    """All that was exchanged, with every deviation in it."""

    async def provoke() -> list[Driven]:
        return [await ask(what) for what in PROVOKED]

    methods = [one for both in driven().values() for one in both]
    return tuple(heard for one in [*methods, *asyncio.run(provoke())] for heard in one.exchanges)
