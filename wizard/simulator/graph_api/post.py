"""Changing an object, or one of its lists, by its id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from wizard.simulator import errors
from wizard.simulator.graph_api import (
    account,
    blocking,
    business_profile,
    calls,
    described,
    flows,
    get,
    media,
    messages,
    number_settings,
    qr_codes,
    subscriptions,
    templates,
    uploads,
)
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import (
    MANAGEMENT,
    MESSAGING,
    App,
    Flow,
    Media,
    Node,
    Phone,
    Template,
    Waba,
)

Handler: TypeAlias = Callable[[Call, Any], Awaitable[dict[str, object]]]

_HANDLERS: Mapping[tuple[str, type[Node], str], tuple[Handler, str]] = {
    ("POST", App, "subscriptions"): (subscriptions.set_app, MANAGEMENT),
    ("DELETE", App, "subscriptions"): (subscriptions.remove_app, MANAGEMENT),
    ("POST", App, "uploads"): (uploads.begin, MANAGEMENT),
    ("POST", Waba, ""): (account.update, MANAGEMENT),
    ("POST", Waba, "subscribed_apps"): (subscriptions.subscribe, MANAGEMENT),
    ("DELETE", Waba, "subscribed_apps"): (subscriptions.unsubscribe, MANAGEMENT),
    ("POST", Waba, "message_templates"): (templates.create, MANAGEMENT),
    ("DELETE", Waba, "message_templates"): (templates.delete, MANAGEMENT),
    ("POST", Waba, "upsert_message_templates"): (templates.upsert, MANAGEMENT),
    ("POST", Waba, "flows"): (flows.create, MANAGEMENT),
    ("POST", Waba, "migrate_flows"): (flows.migrate, MANAGEMENT),
    ("POST", Template, ""): (templates.edit, MANAGEMENT),
    ("POST", Flow, ""): (flows.update, MANAGEMENT),
    ("DELETE", Flow, ""): (flows.delete, MANAGEMENT),
    ("POST", Flow, "assets"): (flows.set_asset, MANAGEMENT),
    ("POST", Flow, "publish"): (flows.publish, MANAGEMENT),
    ("POST", Flow, "deprecate"): (flows.deprecate, MANAGEMENT),
    ("DELETE", Media, ""): (media.delete, MESSAGING),
    ("POST", Phone, ""): (account.set_phone, MANAGEMENT),
    ("POST", Phone, "messages"): (messages.send, MESSAGING),
    ("POST", Phone, "marketing_messages"): (messages.send_marketing, MESSAGING),
    ("POST", Phone, "media"): (media.upload, MESSAGING),
    ("POST", Phone, "register"): (messages.register, MANAGEMENT),
    ("POST", Phone, "deregister"): (number_settings.deregister, MANAGEMENT),
    ("POST", Phone, "request_code"): (number_settings.request_code, MANAGEMENT),
    ("POST", Phone, "verify_code"): (number_settings.verify_code, MANAGEMENT),
    ("POST", Phone, "settings"): (number_settings.set_settings, MANAGEMENT),
    ("POST", Phone, "conversational_automation"): (number_settings.set_automation, MANAGEMENT),
    ("POST", Phone, "whatsapp_commerce_settings"): (number_settings.set_commerce, MANAGEMENT),
    ("POST", Phone, "whatsapp_business_encryption"): (number_settings.set_encryption, MANAGEMENT),
    ("POST", Phone, "whatsapp_business_profile"): (business_profile.update, MANAGEMENT),
    ("POST", Phone, "calls"): (calls.manage, MESSAGING),
    ("POST", Phone, "block_users"): (blocking.block, MESSAGING),
    ("DELETE", Phone, "block_users"): (blocking.unblock, MESSAGING),
    ("POST", Phone, "message_qrdls"): (qr_codes.write, MANAGEMENT),
}
"""By method, kind of object and list: who does it, and the permission it asks for."""


async def write(call: Call) -> dict[str, object]:
    """`POST` and `DELETE` on `/{id}` and `/{id}/{list}`."""
    thing = call.meta.find_node(call.parts[0])
    found = _HANDLERS.get((call.method, type(thing), "/".join(call.parts[1:]))) if thing else None
    if found:
        handler, scope = found
        object_ = get.find_object(call, scope)
        get.check_open(object_, "/".join(call.parts[1:]), scope)
        if isinstance(object_, Waba) and object_.messaging is not None:
            raise errors.whatsapp_account()
        return await handler(call, object_)
    if call.method == "POST" and len(call.parts) == 1 and (phone := get.profiled(call)):
        return await business_profile.update(call, phone)
    if answer := described.of_stranger(call):
        return answer
    if thing is None:
        call.token()
        names_object = call.parts[0].isdigit()
        raise errors.unsupported(call.method, call.parts[0] if names_object else None)
    return await _other(call, thing)


async def _other(call: Call, thing: Node) -> dict[str, object]:
    """What has no handler of its own for a thing that is known."""
    scope = MESSAGING if isinstance(thing, Media) else MANAGEMENT
    get.find_object(call, scope)
    if isinstance(thing, Phone) and len(call.parts) == 3 and call.parts[1] == "message_qrdls":
        if call.method == "DELETE":
            return await qr_codes.delete(call, thing, call.parts[2])
        if call.method == "POST":
            return await qr_codes.write(call, thing, call.parts[2])
    if answer := described.of_thing(call, thing):
        return answer
    if _is_known_elsewhere(call):
        raise errors.unsupported(call.method, call.parts[0])
    raise described.unknown(call)


def _is_known_elsewhere(call: Call) -> bool:
    """Whether another kind of object can do this, so that the ID is the fault."""
    rest = "/".join(call.parts[1:])
    handled = any((method, name) == (call.method, rest) for method, _, name in _HANDLERS)
    return bool(rest) and (handled or described.is_known(call))
