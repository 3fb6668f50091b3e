"""Writing down who is called where: for an app, for a WABA, for a number.

https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from wizard.simulator import errors
from wizard.simulator.graph_api import operations
from wizard.simulator.graph_api.call import Call
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import App, Kind, Phone, SubscribedApp, Subscription, Waba
from wizard.support.addresses import is_loopback
from wizard.values.credentials import Secret

OBJECTS = operations.words("Subscription", "object")
FIELDS = operations.subscribable()
_LONGEST = 200
"""Characters of a callback that goes before the app's."""
_DONE: Mapping[str, object] = {"success": True}


async def register(meta: Meta, url: str, verify_token: Secret) -> None:
    """What the dashboard does: the handshake, then the first app's callback for every field.
    Raises `GraphError` where the callback did not take the handshake."""
    await meta.client.verify(url, verify_token.reveal())
    meta.app.subscriptions[:] = [Subscription(url, FIELDS)]
    meta.dispatcher.release()


async def set_app(call: Call, app: App) -> dict[str, object]:
    """Puts a callback in the place of the one that the app has for this kind of object."""
    _need_app_token(call)
    asked = {name: call.required(name) for name in operations.required("setAppSubscription")}
    name, url, fields = asked["object"], asked["callback_url"], _fields(asked["fields"])
    if name not in OBJECTS:
        raise errors.not_among("object", name, OBJECTS)
    await _verify(call, "callback_url", url, asked["verify_token"])
    others = [hook for hook in app.subscriptions if hook.object != name]
    app.subscriptions[:] = [*others, Subscription(url, fields, name)]
    call.meta.dispatcher.release()
    return {**_DONE}


async def remove_app(call: Call, app: App) -> dict[str, object]:
    """Removes what the app is subscribed to, or `object` alone, or `fields` of it."""
    _need_app_token(call)
    name, names = call.params.get("object"), call.params.get("fields")
    gone = _fields(names) if names else None
    app.subscriptions[:] = [
        left for hook in app.subscriptions if (left := _without(hook, name, gone)).fields
    ]
    return {**_DONE}


async def subscribe(call: Call, waba: Waba) -> dict[str, object]:
    """Subscribes the token's app, at a callback for this WABA alone where one is given."""
    app, url = call.token().app, call.params.get("override_callback_uri")
    if url:
        if _entry(waba, app) is None:
            raise errors.not_subscribed_before()
        await _verify_override(call, url, call.required("verify_token"))
    entry = _entry(waba, app)
    if entry is None:
        entry = SubscribedApp(app)
        waba.subscribed.append(entry)
    entry.override_callback_uri = url or None
    call.meta.dispatcher.release()
    return {**_DONE}


async def unsubscribe(call: Call, waba: Waba) -> dict[str, object]:
    app = call.token().app
    waba.subscribed[:] = [entry for entry in waba.subscribed if entry.app is not app]
    return {**_DONE}


async def set_phone(call: Call, phone: Phone) -> dict[str, object]:
    """Sets a callback for this number alone; an empty one removes it."""
    asked = _configuration(call.params)
    url = asked.get("override_callback_uri")
    if url is None:
        raise errors.parameter_missing("webhook_configuration")
    if url:
        if not asked.get("verify_token"):
            raise errors.parameter_missing("verify_token")
        await _verify_override(call, url, asked["verify_token"])
    phone.override_callback_uri = url or None
    call.meta.dispatcher.release()
    return {**_DONE}


def names_callback(call: Call) -> bool:
    """Whether a call is about a callback at all."""
    return any(name.startswith("webhook_configuration") for name in call.params)


def _need_app_token(call: Call) -> None:
    if call.token().kind is not Kind.APP:
        raise errors.needs_app_token()


def _fields(text: str) -> tuple[str, ...]:
    """The names in `a,b`, which may also be written as a JSON list."""
    names = dict.fromkeys(name.strip(' "') for name in text.strip("[] ").split(","))
    for place, name in enumerate(names):
        if name not in FIELDS:
            raise errors.not_among(f"fields[{place}]", name, FIELDS)
    return tuple(names)


def _without(hook: Subscription, name: str | None, gone: tuple[str, ...] | None) -> Subscription:
    if name not in {None, hook.object}:
        return hook
    left = () if gone is None else tuple(field for field in hook.fields if field not in gone)
    return replace(hook, fields=left)


def _entry(waba: Waba, app: App) -> SubscribedApp | None:
    return next((entry for entry in waba.subscribed if entry.app is app), None)


def _configuration(params: Mapping[str, str]) -> dict[str, str]:
    """`webhook_configuration` as one JSON text, or a parameter for each of its two parts."""
    try:
        found = json.loads(params.get("webhook_configuration", "{}"))
    except ValueError:
        raise errors.bad_parameter("Param webhook_configuration must be an object.") from None
    if not isinstance(found, dict):
        raise errors.bad_parameter("Param webhook_configuration must be an object.")
    parts = {name: str(value) for name, value in found.items() if value is not None}
    for name in ("override_callback_uri", "verify_token"):
        if (text := params.get(f"webhook_configuration[{name}]")) is not None:
            parts[name] = text
    return parts


async def _verify_override(call: Call, url: str, verify_token: str) -> None:
    name = "override_callback_uri"
    if len(url) > _LONGEST:
        raise errors.bad_parameter(f"Param {name} must be at most {_LONGEST} characters long.")
    await _verify(call, name, url, verify_token)


async def _verify(call: Call, name: str, url: str, verify_token: str) -> None:
    scheme = _scheme(url)
    if scheme not in {"http", "https"}:
        raise errors.bad_parameter(f"Param {name} must be a valid URL.")
    # On loopback, plain HTTP is how a callback is served without the Internet.
    if scheme == "http" and not is_loopback(url):
        raise errors.bad_parameter(f"Param {name} must be a secure (https) URL.")
    await call.meta.client.verify(url, verify_token)


def _scheme(url: str) -> str | None:
    """`None` where there is no host behind it."""
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.hostname else None
    except ValueError:
        return None
