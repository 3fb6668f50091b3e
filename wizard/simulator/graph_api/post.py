"""Changing an object, or one of its lists, by its id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import get, messages, subscriptions
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import MANAGEMENT, MESSAGING, App, Node, Phone, Waba

Handler: TypeAlias = Callable[[Call, Any], Awaitable[dict[str, object]]]

_HANDLERS: Mapping[tuple[str, type[Node], str], tuple[Handler, str]] = {
    ("POST", App, "subscriptions"): (subscriptions.set_app, MANAGEMENT),
    ("DELETE", App, "subscriptions"): (subscriptions.remove_app, MANAGEMENT),
    ("POST", Waba, "subscribed_apps"): (subscriptions.subscribe, MANAGEMENT),
    ("DELETE", Waba, "subscribed_apps"): (subscriptions.unsubscribe, MANAGEMENT),
    ("POST", Phone, ""): (subscriptions.set_phone, MANAGEMENT),
    ("POST", Phone, "messages"): (messages.send, MESSAGING),
    ("POST", Phone, "register"): (messages.register, MANAGEMENT),
}
"""By method, kind of object and list: who does it, and the permission it asks for."""


async def write(call: Call) -> dict[str, object]:
    """`POST` and `DELETE` on `/{id}` and `/{id}/{list}`."""
    thing = call.meta.find_node(call.parts[0]) if call.parts else None
    found = _HANDLERS.get((call.method, type(thing), "/".join(call.parts[1:]))) if thing else None
    if found is None:
        raise _not_offered(call)
    handler, scope = found
    object_ = get.find_object(call, scope)
    get.check_open(object_, "/".join(call.parts[1:]), scope)
    if isinstance(object_, Waba) and object_.messaging is not None:
        raise errors.whatsapp_account()
    return await handler(call, object_)


def _not_offered(call: Call) -> GraphError:
    call.token()
    names_object = bool(call.parts) and call.parts[0].isdigit()
    return errors.unsupported(call.method, call.parts[0] if names_object else None)
