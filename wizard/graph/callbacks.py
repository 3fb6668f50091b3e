"""Graph's record of webhooks: who is called where, for what, and Meta's verdict on a callback."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.credentials import Secret
from wizard.graph.errors import GraphError, Reason
from wizard.graph.transport import Transport

OBJECT = "whatsapp_business_account"
FIELD = "messages"

_STATUS = re.compile(r"HTTP Status Code\s*=\s*(\d+)")
_CURL = re.compile(r"curl_errno\s*=\s*(\d+)(?:;\s*curl_error\s*=\s*([^;]+))?")
_BODIES = re.compile(r'expected value="(?P<expected>.*?)", received="(?P<received>.*)"', re.DOTALL)


@dataclass(frozen=True)
class Subscription:
    """An app's webhook for one kind of object."""

    object: str
    callback_url: str
    active: bool
    fields: frozenset[str]


@dataclass(frozen=True)
class SubscribedApp:
    """An app that a WABA sends its events to."""

    id: str
    name: str
    override: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What Meta met when it called a callback that it would not take.

    A curl error wins over a status: the status is then its egress proxy's answer to CONNECT.
    """

    status: int | None = None
    curl: int | None = None
    curl_text: str = ""
    received: str | None = None


class Callbacks:
    """Reads and writes who is called where. Every method raises `GraphError`.

    https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def of_app(self, app_id: str, secret: Secret) -> Subscription | None:
        """The app's webhook for WhatsApp, if it has one."""
        reply = await self._transport.get(
            f"{app_id}/subscriptions", token=_app_token(app_id, secret)
        )
        entries = [_subscription(entry) for entry in _data(reply)]
        return next((entry for entry in entries if entry.object == OBJECT), None)

    async def set_app(
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
        await self._transport.post(
            f"{app_id}/subscriptions",
            form,
            token=_app_token(app_id, secret),
            secrets={"verify_token": verify_token},
        )

    async def remove_app(self, app_id: str, secret: Secret) -> None:
        await self._transport.delete(
            f"{app_id}/subscriptions", {"object": OBJECT}, token=_app_token(app_id, secret)
        )

    async def apps_of(self, waba_id: str, token: Secret) -> tuple[SubscribedApp, ...]:
        """The apps that hear of this WABA's messages."""
        reply = await self._transport.get(f"{waba_id}/subscribed_apps", token=token)
        return tuple(_app(entry) for entry in _data(reply))

    async def subscribe(
        self,
        waba_id: str,
        token: Secret,
        callback_url: str | None = None,
        verify_token: Secret | None = None,
    ) -> None:
        """Subscribes the token's app to the WABA, at a callback of its own where one is given; a
        plain call takes such an override away."""
        form = {"override_callback_uri": callback_url} if callback_url else {}
        secrets = {"verify_token": verify_token} if callback_url and verify_token else {}
        await self._transport.post(f"{waba_id}/subscribed_apps", form, token=token, secrets=secrets)

    async def in_force(self, number_id: str, token: Secret) -> Mapping[str, str]:
        """The callback URLs that this number's messages meet, by level: `application`,
        `whatsapp_business_account`, `phone_number`; a lower one goes before a higher one.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
        """
        query = {"fields": "webhook_configuration"}
        reply = await self._transport.get(number_id, query, token=token)
        configured = reply.get("webhook_configuration")
        return dict(configured) if isinstance(configured, Mapping) else {}

    async def set_number(
        self, number_id: str, token: Secret, callback_url: str, verify_token: Secret
    ) -> None:
        """Sets a callback for this number alone."""
        form = {"webhook_configuration[override_callback_uri]": callback_url}
        secrets = {"webhook_configuration[verify_token]": verify_token}
        await self._transport.post(number_id, form, token=token, secrets=secrets)

    async def clear_number(self, number_id: str, token: Secret) -> None:
        """Takes the number's own callback away."""
        form = {"webhook_configuration[override_callback_uri]": ""}
        await self._transport.post(number_id, form, token=token)


def verdict(error: GraphError) -> Verdict | None:
    """What #2200 and #2201 tell of the callback; `None` for any other error."""
    if error.reason is not Reason.CALLBACK_REFUSED:
        return None
    curl, status = _CURL.search(error.message), _STATUS.search(error.message)
    bodies = _BODIES.search(error.message)
    return Verdict(
        status=int(status[1]) if status and not curl else None,
        curl=int(curl[1]) if curl else None,
        curl_text=(curl[2] or "").strip() if curl else "",
        received=bodies["received"] if bodies else None,
    )


def _app_token(app_id: str, secret: Secret) -> Secret:
    return Secret(f"{app_id}|{secret.reveal()}")


def _data(reply: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    data = reply.get("data")
    if not isinstance(data, list):
        raise GraphError(Reason.NOT_JSON, "The reply is JSON, but has no data.")
    return [entry for entry in data if isinstance(entry, Mapping)]


def _subscription(entry: Mapping[str, Any]) -> Subscription:
    fields = entry.get("fields")
    names = (
        field.get("name") if isinstance(field, Mapping) else field
        for field in (fields if isinstance(fields, list) else [])
    )
    return Subscription(
        object=str(entry.get("object", "")),
        callback_url=str(entry.get("callback_url", "")),
        active=entry.get("active") is not False,
        fields=frozenset(str(name) for name in names),
    )


def _app(entry: Mapping[str, Any]) -> SubscribedApp:
    app = entry.get("whatsapp_business_api_data")
    app = app if isinstance(app, Mapping) else entry
    override = entry.get("override_callback_uri")
    return SubscribedApp(
        str(app.get("id", "")), str(app.get("name", "")), str(override) if override else None
    )
