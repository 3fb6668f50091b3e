"""A payload of every kind that Meta posts, with invented people, and what its line has to hold.

The shapes are those of Meta's reference and of what people have logged:
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

USER_ID = "US.13491208655302741918"
PARENT_ID = "US.ENT.11815799212886844830"
CONTACT: Json = {"profile": {"name": "Rosa Lind"}, "wa_id": "16505551234", "user_id": USER_ID}
HIDDEN: Json = {
    "profile": {"name": "Noor", "username": "@noor.k"},
    "user_id": USER_ID,
    "parent_user_id": PARENT_ID,
}
METADATA = {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"}
MEDIA = {
    "id": "77",
    "mime_type": "image/jpeg",
    "sha256": "aGFzaA==",
    "url": "https://cdn.example/77",
}


@dataclass(frozen=True)
class Kind:
    """A payload's field and value, what the JSON line holds, and words of the line for people."""

    name: str
    value: Json
    line: Json
    words: str = ""
    field: str = "messages"
    event: str = "message"
    absent: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        change = {"field": self.field, "value": self.value}
        entry = {"id": "102290129340398", "time": 1749416383, "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _value(**parts: Any) -> Json:
    return {"messaging_product": "whatsapp", "metadata": METADATA, **parts}


def _message(kind: str, content: Any = None, **parts: Any) -> Json:
    head = {"from": "16505551234", "id": f"wamid.{kind}", "timestamp": "1749416383", "type": kind}
    message = head | ({} if content is None else {kind: content}) | parts
    return _value(contacts=[CONTACT], messages=[message])


def _status(word: str = "delivered", **parts: Any) -> Json:
    head = {"id": "wamid.OUT", "status": word, "timestamp": "1750263773"}
    return _value(statuses=[head | parts])


def _change(name: str, value: Json, summary: str) -> Kind:
    return Kind(name, value, {"field": name}, summary, name, "change")


def _interactive(kind: str, content: Json) -> Json:
    return _message("interactive", {"type": kind, kind: content})


def kinds() -> Iterator[Kind]:
    yield from _people()
    yield from _contents()
    yield from _statuses()
    yield from _agents()
    yield from _errors()
    yield from _account()
    yield from _others()


def _people() -> Iterator[Kind]:
    known = {"from": "16505551234", "user_id": USER_ID, "name": "Rosa Lind", "text": "Halo"}
    yield Kind("text", _message("text", {"body": "Halo"}), known, "Rosa Lind  +16505551234")
    hidden = {
        "id": "wamid.H",
        "timestamp": "1749416383",
        "type": "text",
        "text": {"body": "Halo"},
        "from_user_id": USER_ID,
        "from_parent_user_id": PARENT_ID,
    }
    line = {"user_id": USER_ID, "username": "@noor.k", "parent_user_id": PARENT_ID, "name": "Noor"}
    yield Kind(
        "text of somebody without a number",
        _value(contacts=[HIDDEN], messages=[hidden]),
        line,
        f"Noor  {USER_ID}",
        absent=("from", "group_id"),
    )
    yield Kind(
        "text in a group",
        _message("text", {"body": "Halo"}, group_id="Y2FwaV9ncm91cDox"),
        {"group_id": "Y2FwaV9ncm91cDox"},
        "in group Y2FwaV9ncm91cDox",
    )
    number = {"type": "user_changed_number", "wa_id": "12195555358", "user_id": "US.2"}
    yield Kind(
        "system, a new number",
        _value(messages=_message("system", number, from_user_id="US.1")["messages"]),
        {
            "from": "16505551234",
            "user_id": "US.1",
            "new_wa_id": "12195555358",
            "new_user_id": "US.2",
        },
        "[system] now 12195555358 US.2",
    )
    ids = {"type": "user_changed_user_id", "previous_user_id": "US.1", "user_id": "US.2"}
    system = {"id": "wamid.S", "timestamp": "1749416383", "type": "system", "system": ids}
    yield Kind(
        "system, a new user ID",
        _value(messages=[system]),
        {"user_id": "US.2", "previous_user_id": "US.1", "system_type": "user_changed_user_id"},
        "US.1 is now US.2",
        absent=("from", "name", "text"),
    )


def _contents() -> Iterator[Kind]:
    for kind in ("image", "video", "sticker"):
        facts = {"media_id": "77", "url": "https://cdn.example/77", "type": kind}
        yield Kind(kind, _message(kind, MEDIA), facts, f"[{kind}]", absent=("text", "voice"))
    yield Kind(
        "document",
        _message("document", MEDIA | {"filename": "bill.pdf"}),
        {"filename": "bill.pdf", "text": "bill.pdf", "url": "https://cdn.example/77"},
        '[document] "bill.pdf"',
    )
    yield Kind(
        "audio, a voice note",
        _message("audio", MEDIA | {"voice": True}),
        {"voice": True, "url": "https://cdn.example/77"},
        "[audio] voice note",
    )
    place = {"latitude": 52.5, "longitude": 13.4, "name": "Home"}
    yield Kind("location", _message("location", place), {"text": "Home"}, '[location] "Home"')
    card: Json = {"phones": [{"phone": "+1 555"}], "vcard": "BEGIN:VCARD\nFN:Li\nEND:VCARD"}
    yield Kind(
        "contacts, a card without a name",
        _message("contacts", [card, {"vcard": "BEGIN:VCARD\nFN:Li\nEND:VCARD"}]),
        {"text": "Li +1 555, Li"},
        '[contacts] "Li +1 555, Li"',
    )
    for kind, content, text in (
        ("button_reply", {"id": "yes", "title": "Yes"}, "Yes"),
        ("list_reply", {"id": "two", "title": "Two", "description": "of three"}, "Two"),
    ):
        line = {"text": text, "interactive_type": kind, "payload": content["id"]}
        yield Kind(f"interactive, {kind}", _interactive(kind, content), line, f'"{text}"')
    reply = {"name": "flow", "body": "Sent", "response_json": '{"size":"XL"}'}
    yield Kind(
        "interactive, nfm_reply",
        _interactive("nfm_reply", reply),
        {"text": 'Sent: {"size":"XL"}', "interactive_type": "nfm_reply"},
        '{"size":"XL"}',
    )
    consent = {"response": "accept", "expiration_timestamp": 1753186982}
    yield Kind(
        "interactive, call_permission_reply",
        _interactive("call_permission_reply", consent),
        {"interactive_type": "call_permission_reply"},
        "call permission: accept until 2025-07-22 12:23 UTC",
        absent=("text",),
    )
    product = {"catalog_id": "9", "product_retailer_id": "sku-1"}
    yield Kind(
        "interactive, product",
        _interactive("product", product),
        {"text": "sku-1", "interactive_type": "product"},
        'product of catalog 9 "sku-1"',
    )
    yield Kind(
        "interactive of tomorrow",
        _message("interactive", {"type": "poll_reply", "poll_reply": {"choice": "B"}}),
        {"interactive_type": "poll_reply"},
        "type poll_reply",
    )
    yield Kind(
        "button",
        _message("button", {"text": "Unsubscribe", "payload": "STOP"}),
        {"text": "Unsubscribe", "payload": "STOP"},
        '[button] "Unsubscribe"',
    )
    items = [{"product_retailer_id": "a", "quantity": 2, "item_price": 3.5, "currency": "EUR"}]
    yield Kind(
        "order",
        _message("order", {"catalog_id": "9", "text": "", "product_items": items}),
        {"type": "order"},
        "[order] 1 item of catalog 9: 2 × a at 3.5 EUR",
        absent=("text",),
    )
    yield Kind(
        "reaction",
        _message("reaction", {"message_id": "wamid.ABCDEFGH", "emoji": "👍"}),
        {"text": "👍", "reaction_to": "wamid.ABCDEFGH"},
        '[reaction] "👍"',
    )
    for name, emoji in (("taken back", {}), ("taken back, empty", {"emoji": ""})):
        yield Kind(
            f"reaction, {name}",
            _message("reaction", {"message_id": "wamid.ABCDEFGH", **emoji}),
            {"reaction_to": "wamid.ABCDEFGH"},
            "[reaction] taken back to …ABCDEFGH",
            absent=("text",),
        )
    new = {"type": "image", "image": MEDIA | {"caption": "Better"}}
    yield Kind(
        "edit",
        _message("edit", {"original_message_id": "wamid.ORIGINAL", "message": new}),
        {
            "original_message_id": "wamid.ORIGINAL",
            "text": "Better",
            "url": "https://cdn.example/77",
        },
        '[edit] of …ORIGINAL, image "Better"',
    )
    yield Kind(
        "revoke",
        _message("revoke", {"original_message_id": "wamid.ORIGINAL"}),
        {"original_message_id": "wamid.ORIGINAL"},
        "[revoke] of …ORIGINAL",
        absent=("text",),
    )
    error = {"code": 131051, "title": "Message type unknown"}
    yield Kind(
        "unsupported",
        _message("unsupported", {"type": "poll_update"}, errors=[error]),
        {"unsupported_type": "poll_update", "text": "Message type unknown"},
        "[unsupported] poll update",
    )
    yield Kind(
        "a message of tomorrow",
        _message("hologram", {"title": "Me", "depth": 3}),
        {"type": "hologram"},
        "[hologram] title Me, depth 3",
    )


def _statuses() -> Iterator[Kind]:
    line = {"status": "read", "recipient": "16505551234", "recipient_user_id": USER_ID}
    value = _status("read", recipient_id="16505551234", recipient_user_id=USER_ID)
    absent = ("participant", "error_code", "recipient_type")
    yield Kind("status", value, line, "read  wamid…amid.OUT", event="status", absent=absent)
    yield Kind(
        "status of somebody without a number",
        _status(recipient_user_id=USER_ID),
        {"recipient_user_id": USER_ID},
        "delivered",
        event="status",
        absent=("recipient",),
    )
    group = {
        "recipient_id": "Y2FwaQ",
        "recipient_type": "group",
        "recipient_participant_id": "16505551234",
        "recipient_participant_user_id": USER_ID,
    }
    yield Kind(
        "status of a group's participant",
        _status(**group),
        {
            "recipient": "Y2FwaQ",
            "recipient_type": "group",
            "participant": "16505551234",
            "participant_user_id": USER_ID,
        },
        "by participant +16505551234",
        event="status",
    )
    error = {"code": 131047, "title": "Re-engagement message"}
    yield Kind(
        "status, failed",
        _status("failed", recipient_id="16505551234", errors=[error]),
        {"error_code": 131047, "error_title": "Re-engagement message"},
        "131047: Re-engagement message",
        event="status",
    )


def _agents() -> Iterator[Kind]:
    message = _message("text", {"body": "Anybody?"})
    line = {"field": "standby", "from": "16505551234", "name": "Rosa Lind", "text": "Anybody?"}
    yield Kind("standby", message, line, "on standby: Rosa Lind", "standby")
    nested = _value(standby={name: message[name] for name in ("contacts", "messages")})
    yield Kind("standby, nested", nested, line, "on standby: Rosa Lind", "standby")
    answer = {"to": "16505551234", "type": "text", "text": {"body": "It ships today"}}
    sent = {"id": "wamid.E", "timestamp": "1", "message": answer}
    yield Kind(
        "standby, the agent's answer",
        _value(standby={"message_echoes": [sent]}),
        {"field": "standby"},
        'Meta Business Agent to 16505551234: "It ships today"',
        "standby",
        "change",
    )
    passed = {"previous_owner_role": "ai_agent", "new_owner_role": "escalation"}
    yield _change(
        "messaging_handovers",
        {
            "messaging_product": "whatsapp",
            "recipient": METADATA,
            "sender": {"phone_number": "16505551234"},
            "timestamp": "1749416383",
            "type": "control_passed",
            "control_passed": passed,
        },
        "control passed, ai agent → escalation, +16505551234",
    )


def _errors() -> Iterator[Kind]:
    error = {
        "code": 130429,
        "title": "Rate limit hit",
        "error_data": {"details": "Too many messages"},
        "href": "https://developers.facebook.com/docs/",
    }
    yield Kind(
        "errors",
        _value(errors=[error]),
        {
            "code": 130429,
            "title": "Rate limit hit",
            "details": "Too many messages",
            "href": "https://developers.facebook.com/docs/",
        },
        "130429: Rate limit hit (Too many messages)",
        event="error",
    )


def _account() -> Iterator[Kind]:
    yield _change("account_update", {"event": "ACCOUNT_OFFBOARDED"}, "ACCOUNT_OFFBOARDED")
    yield _change("account_review_update", {"decision": "APPROVED"}, "APPROVED")
    alert = {"alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "LIMIT_DENIED"}
    yield _change("account_alerts", {"entity_type": "WABA", "alert_info": alert}, "LIMIT_DENIED")
    yield _change("account_settings_update", {"type": "phone_number_settings"}, "phone number")
    limits = {"max_daily_conversations_per_business": 2000}
    yield _change("business_capability_update", limits, "2000 conversations a day")
    template = {
        "message_template_id": 12,
        "message_template_name": "cart",
        "message_template_language": "en",
    }
    why = {"reason": "Parameters stand side by side.", "recommendation": "Part them."}
    rejected = {"event": "REJECTED", "reason": "INVALID_FORMAT", "rejection_info": why}
    yield _change(
        "message_template_status_update",
        template | rejected,
        "cart (en), REJECTED, INVALID_FORMAT, Parameters stand side by side., Part them.",
    )
    scores = {"previous_quality_score": "GREEN", "new_quality_score": "RED"}
    yield _change("message_template_quality_update", template | scores, "GREEN → RED")
    element = {"message_template_element": "Hi {{1}}"}
    yield _change("message_template_components_update", template | element, 'cart (en), "Hi {{1}}"')
    categories = {"previous_category": "UTILITY", "new_category": "MARKETING"}
    yield _change("template_category_update", template | categories, "UTILITY → MARKETING")
    name = {"requested_verified_name": "Shrub", "decision": "REJECTED", "rejection_reason": None}
    yield _change("phone_number_name_update", name, '"Shrub", REJECTED')
    tier = {"event": "UPGRADE", "old_limit": "TIER_250", "current_limit": "TIER_2K"}
    yield _change("phone_number_quality_update", tier, "UPGRADE, TIER_250 → TIER_2K")
    pin = {"event": "PIN_CHANGED", "requester": "615"}
    yield _change("security", pin, "PIN_CHANGED: the two-step PIN was changed, by 615")
    payment = {"configuration_name": "shop", "status": "Needs Testing", "provider_name": "pay"}
    yield _change("payment_configuration_update", payment, "shop, Needs Testing")
    flow = {"event": "FLOW_STATUS_CHANGE", "flow_id": "66", "old_status": "DRAFT"}
    published = flow | {"new_status": "PUBLISHED"}
    yield _change("flows", published, "flow 66, FLOW_STATUS_CHANGE, DRAFT → PUBLISHED")
    solution = {"event": "SOLUTION_CREATED", "solution_id": "7", "solution_status": "INITIATED"}
    yield _change("partner_solutions", solution, "SOLUTION_CREATED, INITIATED")


def _others() -> Iterator[Kind]:
    call = {"id": "wacid.1", "from": "16505551234", "to": "15550783881", "event": "connect"}
    calls = _value(contacts=[CONTACT], calls=[call | {"direction": "USER_INITIATED"}])
    yield _change("calls", calls, "Rosa Lind (+16505551234) calls +15550783881, connect")
    hidden = {"id": "wacid.2", "from_user_id": USER_ID, "event": "connect"}
    calls = _value(contacts=[HIDDEN], calls=[hidden])
    yield _change("calls", calls, f"Noor ({USER_ID}) calls, connect")
    stopped = {"category": "marketing_messages", "value": "stop", "wa_id": "16505551234"}
    preferences = _value(contacts=[CONTACT], user_preferences=[stopped])
    stop = "Rosa Lind (+16505551234) stopped marketing messages"
    yield _change("user_preferences", preferences, stop)
    echo = {"from": "15550783881", "to": "16505551234", "id": "wamid.E", "timestamp": "1"}
    echoes = _value(message_echoes=[echo | {"type": "text", "text": {"body": "We do"}}])
    yield _change("smb_message_echoes", echoes, 'to +16505551234: "We do"')
    yield _change("message_echoes", echoes, 'to +16505551234: "We do"')
    threads = [{"id": "16505551234", "messages": [{}, {}]}, {"id": "1", "messages": [{}]}]
    chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": threads}
    yield _change(
        "history", _value(history=[chunk]), "2 chats with 3 messages, phase 0, part 1, 55 %"
    )
    contact = {"full_name": "Pablo Mora", "phone_number": "16505551234"}
    synced = _value(state_sync=[{"type": "contact", "action": "add", "contact": contact}])
    yield _change("smb_app_state_sync", synced, "contact add, Pablo Mora, 16505551234")
    group = {"group_id": "Y2Fw", "timestamp": "1", "request_id": "r"}
    for name, parts, said in (
        ("group_lifecycle_update", {"type": "group_create", "subject": "Run"}, '"Run", Y2Fw'),
        (
            "group_participants_update",
            {"type": "group_participants_add", "added_participants": [{"wa_id": "165"}]},
            "group participants add, 165, Y2Fw",
        ),
        (
            "group_settings_update",
            {"type": "group_settings_update", "group_subject": {"text": "Walk"}},
            'subject "Walk"',
        ),
        ("group_status_update", {"type": "group_suspend"}, "group suspend, Y2Fw"),
    ):
        yield _change(name, _value(groups=[group | parts]), said)
    yield from _rare()
    landed = {"event": "LANDED", "place": "Moon"}
    yield _change("field_of_tomorrow", landed, "event LANDED, place Moon")
    yield _change("field_of_the_day_after", {"crew": {"seats": [7, {"row": 2}]}}, "seats 7")


def _rare() -> Iterator[Kind]:
    bought = {"id": "wamid.BOUGHTIT", "event_name": "Purchase", "timestamp": 1}
    paid = {"currency": "USD", "value": 25.5}
    yield _change(
        "automatic_events",
        _value(automatic_events=[{**bought, "custom_data": paid}]),
        "Purchase, message …BOUGHTIT, 25.5 USD",
    )
    yield _change("business_status_update", {"event": "DISABLED_UPDATE"}, "DISABLED_UPDATE")
    name = {"display_phone_number": "15550783881", "username": "shrub", "status": "approved"}
    yield _change("business_username_update", name, "shrub, approved, 15550783881")
    detected = {
        "message_template_id": 12,
        "message_template_name": "cart",
        "message_template_language": "en",
        "current_category": "UTILITY",
        "suggested_category": "MARKETING",
    }
    yield _change("template_correct_category_detection", detected, "UTILITY → MARKETING")
    clicked = {"event_name": "link_click", "tracking_data": {"click_id": "c1"}}
    yield _change("tracking_events", _value(events=[clicked]), "link_click, c1")
    actions = _value(user_actions=[{"action_type": "marketing_messages_link_click"}])
    yield _change("messages", actions, "marketing_messages_link_click")
