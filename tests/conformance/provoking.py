"""What brings out each line in the table of deviations."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import cache

from tests.conformance.driving import Ask, Driven, Side, ask, driven
from tests.conformance.operations import operations
from wizard.graph import Request
from wizard.simulator.calls_out import payloads
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.world.media import LIMITS
from wizard.simulator.world.objects import (
    APP_REMOVED,
    CHECKPOINT,
    LOGGED_OUT,
    MESSAGING,
    PASSWORD_CHANGED,
    Ended,
    Health,
)
from wizard.simulator.world.people import Customer
from wizard.simulator.world.state import Outage
from wizard.values.credentials import Secret

_ALL = (
    "account_mode,health_status,is_official_business_account,is_pin_enabled,messaging_limit_tier,"
    "is_on_biz_app,is_preverified_number,"
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
    heard = there.meta.dispatcher.inbound_text("halo")
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": heard}
    await there.elsewhere("POST", f"/{there.number}/messages", read)
    await there.elsewhere("GET", f"/{there.waba}")


async def _to_user_id(there: Side) -> None:
    there.meta.dispatcher.inbound_message(
        payloads.text("halo"), sender=Customer("", "Budi", "US.1")
    )
    text = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "halo"}}
    await there.elsewhere("POST", f"/{there.number}/messages", {**text, "recipient": "US.1"})
    await there.graph.messages.send_text(there.number, there.token, "US.1", "halo")


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


_ONLY_GOOD = {"200"}
_APART = {"getPhoneNumberSettings", "updatePhoneNumberSettings"}
_HELLO = {
    "name": "order_ready",
    "language": "id",
    "category": "UTILITY",
    "message_send_ttl_seconds": 600,
    "components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4:a"]}},
        {"type": "BODY", "text": "Ready.", "add_security_recommendation": True},
        {
            "type": "BUTTONS",
            "buttons": [{"type": "URL", "text": "See", "url": "https://a.example"}],
        },
    ],
}
_FLOW_JSON = '{"version": "7.1", "screens": [{"id": "A"}]}'


async def _refused_everywhere(there: Side) -> None:
    """What is described for good answers alone, and is refused all the same."""
    for one in operations().values():
        responses = one.source["paths"][one.path][one.method]["responses"].keys()
        told = responses == _ONLY_GOOD or one.id in _APART
        if one.described and told and one.id != "getBusinessPortfolioSpecificFields":
            path = re.sub(r"\{[^}]*\}", there.number, one.path.removeprefix("/{Version}"))
            path = _owned(there, one.path, path)
            await there.elsewhere(one.method.upper(), path)
            await there.elsewhere(one.method.upper(), path, token=Secret("not a token"))


def _owned(there: Side, template: str, path: str) -> str:
    """The path with an ID of the right kind in front."""
    owner = template.split("/")[2]
    owned = {
        "{WABA-ID}": there.waba,
        "{Business-ID}": there.meta.business.id,
        "{group_id}": "Y2FwaV9ncm91cDox",
        "{TEMPLATE_ID}": there.meta.waba.templates[0].id,
        "{Media-ID}": there.media,
        "{Flow-ID}": there.flow,
    }
    return path.replace(there.number, owned.get(owner, there.number), 1)


async def _of_templates(there: Side) -> None:
    path = f"/{there.waba}/message_templates"
    for body in (_HELLO, _HELLO, {**_HELLO, "name": "A b"}):
        await there.elsewhere("POST", path, body)
    made = there.meta.waba.templates[-1].id
    await there.elsewhere("POST", f"/{made}", {"category": "MARKETING"})
    fields = (
        "parameter_format,message_send_ttl_seconds,quality_score,rejected_reason,"
        "previous_category,components"
    )
    await there.elsewhere("GET", f"/{made}?fields={fields}", token=there.token)
    query = f"?fields={fields}&summary=total_count"
    await there.elsewhere("GET", path + query, token=there.token)
    await there.elsewhere("DELETE", f"{path}?name=none", {"name": "none"})


async def _of_settings(there: Side) -> None:
    profile = f"{there.number}/whatsapp_business_profile"
    uploads = there.meta.uploads
    uploads.handles.add("4:a")
    body = {
        "messaging_product": "whatsapp",
        "about": "Fresh",
        "address": "Jakarta",
        "description": "Daily",
        "email": "halo@hidden-market.example",
        "websites": ["https://hidden-market.example"],
        "profile_picture_handle": "4:a",
    }
    await there.elsewhere("POST", f"/{profile}", body)
    names = "id,about,address,description,email,profile_picture_url,websites,vertical"
    await there.read(profile, names)
    codes = f"{there.number}/message_qrdls"
    await there.elsewhere("POST", f"/{codes}", {"prefilled_message": "Halo"})
    there.meta.test_number.state.blocked.append("16505550149")
    await there.elsewhere("GET", f"/{there.number}/block_users", token=there.token)
    (code,) = there.meta.test_number.state.qr_codes
    fields = "code,prefilled_message,deep_link_url,creation_time,qr_image_url"
    await there.elsewhere("GET", f"/{codes}/{code}?fields={fields}", token=there.token)
    await there.elsewhere("GET", f"/{codes}?fields=code", token=there.token)
    await there.read(there.number, "conversational_automation")
    span = ".start(1700000000).end(1700100000).granularity(DAY)"
    listed = (
        "conversational_automation,health_status,is_on_biz_app,is_pin_enabled,"
        "is_preverified_number,name_status,new_name_status,quality_score,search_visibility,status,"
        "whatsapp_business_manager_messaging_limit"
    )
    await there.read(f"{there.waba}/phone_numbers", listed)
    await there.elsewhere("GET", f"/{there.number}/settings", token=there.token)
    session = {"sdp_type": "offer", "sdp": "v=0"}
    ring = {"messaging_product": "whatsapp", "action": "connect", "session": session}
    await there.elsewhere("POST", f"/{there.number}/calls", {**ring, "to": there.to})
    missing = {"name": "none", "language": {"code": "id"}}
    marketing = {"messaging_product": "whatsapp", "to": there.to, "template": missing}
    await there.elsewhere("POST", f"/{there.number}/marketing_messages", marketing)
    await there.read(there.waba, "status,whatsapp_business_manager_messaging_limit")
    for name in ("analytics", "conversation_analytics", "pricing_analytics"):
        await there.read(there.waba, name + span)


async def _of_flows(there: Side) -> None:
    flow: dict[str, object] = {"name": "sign up", "flow_json": _FLOW_JSON}
    for _ in range(2):
        await there.elsewhere("POST", f"/{there.waba}/flows", flow)
    flow["endpoint_uri"] = "https://hidden-market.example/flow"
    await there.elsewhere("POST", f"/{there.waba}/flows", {**flow, "name": "sign in"})
    made = there.meta.waba.flows[-1].id
    await there.elsewhere("GET", f"/{made}?fields=updated_at,endpoint_uri", token=there.token)
    await there.elsewhere("GET", f"/{there.waba}/flows?fields=updated_at", token=there.token)


async def _of_media(there: Side) -> None:
    await there.upload(b"x" * (LIMITS["image/webp"] + 1), "image/webp")


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
    _to_user_id,
    _unanswerable,
    _templates_refused,
    _messages_refused,
    _refused_everywhere,
    _of_templates,
    _of_settings,
    _of_flows,
    _of_media,
    _of_whatsapp_account,
)


@cache
def provoked() -> tuple[Exchange, ...]:
    """All that was exchanged, with every deviation in it."""

    async def provoke() -> list[Driven]:
        return [await ask(what) for what in PROVOKED]

    methods = [one for both in driven().values() for one in both]
    return tuple(heard for one in [*methods, *asyncio.run(provoke())] for heard in one.exchanges)
