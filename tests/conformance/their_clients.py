"""Other people's clients, unmodified, behind the verbs that they have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pywa import errors
from pywa.client import WhatsApp as Pywa
from pywa.handlers import MessageHandler, MessageStatusHandler
from pywa.types.message import Message
from pywa.types.message_status import MessageStatus
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from waba_sdk import WhatsApp as WabaSdk
from waba_sdk.errors import WhatsAppError as WabaSdkError
from waba_sdk.webhook import MessageEvent, WebhookHandler
from whatsloon import WhatsApp as Whatsloon
from whatsloon.exceptions import APIError as WhatsloonError
from whatsloon.exceptions import InvalidPayloadError, InvalidSignatureError
from whatsloon.webhooks.events import WebhookMessageReceived
from whatsloon.webhooks.parser import parse_body
from whatsloon.webhooks.verifier import verify_handshake, verify_signature

from tests.conformance.clients import PATH, VERIFY_TOKEN, VERSION, Client, session_towards
from wizard.simulator import Meta


class OfPywa(Client):
    """`others` go to its constructor as they are."""

    def __init__(
        self, meta: Meta, base: str, server: Starlette | None = None, **others: Any
    ) -> None:
        super().__init__(meta, base)
        self.messages: list[Message] = []
        self.statuses: asyncio.Queue[MessageStatus[Any]] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._session = session_towards(base)
        self._server = server or Starlette()
        self.client = Pywa(
            meta.test_number.id,
            self.token,
            session=self._session,
            server=self._server,  # type: ignore[arg-type]
            webhook_endpoint=PATH,
            verify_token=VERIFY_TOKEN,
            app_id=meta.app.id,
            app_secret=meta.app.secret.reveal(),
            waba_id=meta.waba.id,
            webhook_challenge_delay=0,
            api_version=VERSION.removeprefix("v"),
            handlers_modules=[],
            **others,
        )
        self.client.add_handlers(
            MessageHandler(lambda _, message: self._hear(message)),
            MessageStatusHandler(lambda _, status: self._tell(self.statuses, status)),
        )

    async def send(self, to: str, text: str) -> str:
        return (await asyncio.to_thread(self.client.send_message, to, text)).id

    async def number(self) -> str:
        read = await asyncio.to_thread(self.client.get_business_phone_number)
        return str(read.display_phone_number)

    async def account(self) -> str:
        return str((await asyncio.to_thread(self.client.get_business_account)).name)

    async def register(self, callback_url: str, verify_token: str = VERIFY_TOKEN) -> None:
        override = self.client.override_waba_callback_url
        assert (await asyncio.to_thread(override, callback_url, verify_token)).success

    def app(self) -> ASGIApp:
        return self._server

    async def close(self) -> None:
        self._session.close()

    def _hear(self, message: Message) -> None:
        self.messages.append(message)
        self._tell(self.heard, str(message.text))

    def _tell(self, queue: asyncio.Queue[Any], said: object) -> None:
        # Its handlers run on a thread, after the answer has gone.
        self._loop.call_soon_threadsafe(queue.put_nowait, said)


class OfWhatsloon(Client):
    def __init__(self, meta: Meta, base: str) -> None:
        super().__init__(meta, base)
        self._client = Whatsloon(self.token, meta.test_number.id, base_url=base)

    async def send(self, to: str, text: str) -> str:
        sent = await asyncio.to_thread(self._client.send_text, to=to, body=text)
        return str(sent.message_id)

    async def number(self) -> str:
        read = self._client.business.get_phone_number
        return (await asyncio.to_thread(read, self.meta.test_number.id)).display_phone_number

    async def account(self) -> str:
        read = self._client.business.get_account
        return str((await asyncio.to_thread(read, self.meta.waba.id)).name)

    async def register(self, callback_url: str, verify_token: str = VERIFY_TOKEN) -> None:
        override = {"override_callback_uri": callback_url, "verify_token": verify_token}
        path = f"/{self.meta.waba.id}/subscribed_apps"
        said = await asyncio.to_thread(self._client.graph.post, path=path, json=override)
        assert said.data == {"success": True}

    def app(self) -> ASGIApp:
        return _routes(self._shake, self._take)

    async def close(self) -> None:
        self._client.close()

    async def _shake(self, request: Request) -> Response:
        query = request.query_params
        try:
            challenge = verify_handshake(
                mode=query.get("hub.mode"),
                verify_token_expected=VERIFY_TOKEN,
                verify_token_received=query.get("hub.verify_token"),
                challenge=query.get("hub.challenge"),
            )
        except InvalidPayloadError:
            return Response(status_code=403)
        return PlainTextResponse(challenge)

    async def _take(self, request: Request) -> Response:
        body, signature = await request.body(), request.headers.get("x-hub-signature-256")
        try:
            verify_signature(self.meta.app.secret.reveal(), body, signature)
        except InvalidSignatureError:
            return Response(status_code=403)
        events = parse_body(body, api_version=VERSION)
        for event in events:
            if isinstance(event, WebhookMessageReceived):
                self.heard.put_nowait(str(event.text_body))
        return Response()


class OfWabaSdk(Client):
    def __init__(self, meta: Meta, base: str) -> None:
        super().__init__(meta, base)
        self._client = WabaSdk(
            self.token,
            meta.test_number.id,
            waba_id=meta.waba.id,
            api_version=VERSION,
            base_url=base,
        )
        self._handler = WebhookHandler(verify_token=VERIFY_TOKEN, on_message=self._hear)

    async def send(self, to: str, text: str) -> str:
        sent = await self._client.send_text(to, text)
        return str(sent["messages"][0]["id"])

    async def account(self) -> str:
        return str((await self._client.templates.list()).data[0].name)

    async def register(self, callback_url: str, verify_token: str = VERIFY_TOKEN) -> None:
        said = await self._client.webhook_override.set(callback_url, verify_token)
        assert said == {"success": True}
        (read,) = (await self._client.webhook_override.get()).data
        assert read.override_callback_uri == callback_url

    def app(self) -> ASGIApp:
        return _routes(self._shake, self._take)

    async def close(self) -> None:
        await self._client.close()

    async def _shake(self, request: Request) -> Response:
        challenge = self._handler.verify(request.query_params)
        return Response(status_code=403) if challenge is None else PlainTextResponse(challenge)

    async def _take(self, request: Request) -> Response:
        await self._handler.handle(await request.json())
        return Response()

    async def _hear(self, event: MessageEvent) -> None:
        self.heard.put_nowait(event.message.text.body)


CLIENTS: Mapping[str, type[Client]] = {
    "pywa": OfPywa,
    "whatsloon": OfWhatsloon,
    "waba-sdk": OfWabaSdk,
}
REFUSED: Mapping[str, type[Exception]] = {
    "pywa": errors.RecipientNotInAllowedList,
    "whatsloon": WhatsloonError,
    "waba-sdk": WabaSdkError,
}
"""What each raises for a recipient who is not allowed."""


def _routes(shake: Any, take: Any) -> Starlette:
    return Starlette(
        routes=[Route(PATH, shake, methods=["GET"]), Route(PATH, take, methods=["POST"])]
    )
