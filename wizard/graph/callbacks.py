"""Graph's record of webhooks: who is called where, for what, and Meta's verdict on a callback."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from wizard.graph.errors import GraphError, Reason, without_access_token
from wizard.graph.replies import entries
from wizard.graph.request import app_token
from wizard.graph.transport import Transport
from wizard.support.patterns import LatePattern
from wizard.support.texts import visible
from wizard.values.credentials import Secret

OBJECT = "whatsapp_business_account"
FIELD = "messages"
LEVELS = ("phone_number", "whatsapp_business_account", "application")
"""Of a callback, the one that goes before the others first."""
OVERRIDES = (("phone_number", "the number"), ("whatsapp_business_account", "the WABA"))
"""Of the levels those that override the app's callback, and whose they are, in words."""

_STATUS = LatePattern(r"status code\W*([0-9]{3})", re.IGNORECASE)
_CURL = LatePattern(
    r"errno\W*(?P<number>[1-9][0-9]{0,8})(?:;[^;=]*error\W*(?P<text>.*?)\s*(?:;\s*HTTP Status|$))?",
    re.IGNORECASE,
)
_CHALLENGE = LatePattern(r"match\w* challenge|received\s*=", re.IGNORECASE)
# Reports show the body both ways: written as in JSON, and as it is with its quotes bare.
_RECEIVED = LatePattern(
    r'received\s*=\s*"(?:(?P<quoted>(?:[^"\\]|\\.)*)(?:"(?=\s|$)|$)|(?P<raw>.*?)"?\s*$)',
    re.IGNORECASE,
)


class Subscription(NamedTuple):
    """An app's webhook for one kind of object."""

    object: str
    callback_url: str
    active: bool
    fields: frozenset[str]


class SubscribedApp(NamedTuple):
    """An app that a WABA sends its events to."""

    id: str
    name: str
    override: str | None = None


@dataclass(frozen=True)
class CallbackFailure:
    """What Meta met when it called a callback that it would not take.

    A curl error wins over a status: the status is then its egress proxy's answer to CONNECT.
    `received` is the beginning of a body that is not the challenge; `said` Meta's whole sentence.
    """

    status: int | None = None
    curl: int | None = None
    curl_text: str = ""
    received: str | None = None
    said: str = ""


class Callbacks:
    """Reads and writes who is called where. Every method raises `GraphError`.

    https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def get_app_subscription(self, app_id: str, secret: Secret) -> Subscription | None:
        """The app's webhook for WhatsApp, if it has one."""
        hooks = await self.list_app_subscriptions(app_id, secret)
        return next((hook for hook in hooks if hook.object == OBJECT), None)

    async def list_app_subscriptions(self, app_id: str, secret: Secret) -> tuple[Subscription, ...]:
        """The app's webhooks, one for each kind of object that it has one for."""
        with without_access_token():
            reply = await self._transport.get(
                f"{app_id}/subscriptions", token=app_token(app_id, secret)
            )
        return tuple(_subscription(entry) for entry in entries(reply))

    async def set_app_subscription(
        self,
        app_id: str,
        secret: Secret,
        callback_url: str,
        verify_token: Secret,
        fields: Sequence[str] = (FIELD,),
    ) -> None:
        """Registers a callback for these fields, in place of the one before; Meta calls it
        meanwhile, and what it thinks of the answer is raised."""
        form = {"object": OBJECT, "callback_url": callback_url, "fields": ",".join(fields)}
        with without_access_token():
            await self._transport.post(
                f"{app_id}/subscriptions",
                form,
                token=app_token(app_id, secret),
                secrets={"verify_token": verify_token},
            )

    async def delete_app_subscription(self, app_id: str, secret: Secret) -> None:
        with without_access_token():
            await self._transport.delete(
                f"{app_id}/subscriptions", {"object": OBJECT}, token=app_token(app_id, secret)
            )

    async def list_subscribed_apps(self, waba_id: str, token: Secret) -> tuple[SubscribedApp, ...]:
        """The apps that hear of this WABA's messages."""
        reply = await self._transport.get(f"{waba_id}/subscribed_apps", token=token)
        return tuple(_app(entry) for entry in entries(reply))

    async def subscribe(
        self,
        waba_id: str,
        token: Secret,
        callback_url: str | None = None,
        verify_token: Secret | None = None,
    ) -> None:
        """Subscribes the token's app to the WABA, at a callback of its own where one is given; a
        plain call takes such an override away."""
        override: dict[str, str | Secret] = {}
        if callback_url:
            override["override_callback_uri"] = callback_url
        if callback_url and verify_token:
            override["verify_token"] = verify_token
        await self._transport.post(f"{waba_id}/subscribed_apps", token=token, json=override)

    async def get_webhook_configuration(self, number_id: str, token: Secret) -> Mapping[str, str]:
        """The callback URLs that this number's messages meet, by level: `application`,
        `whatsapp_business_account`, `phone_number`; a lower one goes before a higher one.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
        """
        query = {"fields": "webhook_configuration"}
        reply = await self._transport.get(number_id, query, token=token)
        configured = reply.get("webhook_configuration")
        levels = configured.items() if isinstance(configured, Mapping) else ()
        return {level: url for level, url in levels if url and isinstance(url, str)}

    async def set_phone_override(
        self, number_id: str, token: Secret, callback_url: str, verify_token: Secret
    ) -> None:
        """Sets a callback for this number alone."""
        hook = {"override_callback_uri": callback_url, "verify_token": verify_token}
        await self._transport.post(number_id, token=token, json={"webhook_configuration": hook})

    async def clear_phone_override(self, number_id: str, token: Secret) -> None:
        """Takes the number's own callback away."""
        hook = {"override_callback_uri": ""}
        await self._transport.post(number_id, token=token, json={"webhook_configuration": hook})


def parse_callback_failure(error: GraphError) -> CallbackFailure | None:
    """What #2200 and #2201 tell of the callback; `None` for any other error. Of a sentence that
    is new, `said` is all there is."""
    if error.reason is not Reason.CALLBACK_REFUSED:
        return None
    said = error.message
    # What follows is the server's own, as is a body: whatever it likes.
    metas, _, _ = said.partition("HTTP Message")
    if _CHALLENGE.search(metas):
        return CallbackFailure(received=_received(said), said=said)
    if curl := _CURL.search(metas):
        return CallbackFailure(curl=int(curl["number"]), curl_text=curl["text"] or "", said=said)
    status = _STATUS.search(metas)
    return CallbackFailure(status=int(status[1]) if status else None, said=said)


def _received(said: str) -> str | None:
    body = _RECEIVED.search(said)
    if body is None:
        return None
    text = body["raw"] if body["quoted"] is None else _unescaped(body["quoted"])
    return visible(text)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _subscription(entry: Mapping[str, Any]) -> Subscription:
    fields = entry.get("fields")
    names = (
        field.get("name") if isinstance(field, Mapping) else field
        for field in (fields if isinstance(fields, list) else [])
    )
    return Subscription(
        object=str(entry.get("object") or ""),
        callback_url=str(entry.get("callback_url") or ""),
        active=entry.get("active") is not False,
        fields=frozenset(str(name) for name in names),
    )


def _app(entry: Mapping[str, Any]) -> SubscribedApp:
    app = entry.get("whatsapp_business_api_data")
    app = app if isinstance(app, Mapping) else entry
    override = entry.get("override_callback_uri")
    return SubscribedApp(
        str(app.get("id") or ""), str(app.get("name") or ""), str(override) if override else None
    )
