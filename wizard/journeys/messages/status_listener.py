"""A line of its own for one message, on which Meta tells how far it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from wizard.findings import Finding, Status
from wizard.journeys.messages.messages import MessageDraft, heard_of, unheard
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.journeys.webhook.registration import ForeignCallback, Scope
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import StatusUpdate
from wizard.webhook.headers import MARKER_HEADER
from wizard.webhook.probe import ProbeError, handshake
from wizard.world import World


async def someone_listens(world: World) -> bool:
    """Whether another run of ours listens right now for this app, and so hears what is sent."""
    kept, token = world.webhook, world.values.verify_token
    if kept.local_url is None or token is None:
        return False
    try:
        answer = await handshake(kept.local_url, token, marker=kept.marker)
    except ProbeError:
        return False
    return answer.echoes_challenge and answer.headers.get(MARKER_HEADER.lower()) == kept.marker


class StatusListener:
    """`async with Following(connection, hear) as following`; leaving the block puts Meta's record
    back as it was, and closes the connection.

    The callback is the number's own, which goes before the app's and leaves that as it is. `hear`
    is told of every event.
    """

    def __init__(self, connection: WebhookConnection, hear: Callable[[Event], None]) -> None:
        self.troubles: list[Finding] = []
        self._connection = connection
        self._hear = hear
        self._heard: list[StatusUpdate] = []
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> StatusListener:
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._connection.restore()
        finally:
            await self._connection.close()
            if self._reading is not None:
                await self._reading

    async def open(self) -> bool:
        """Whether Meta can reach this machine; if not, `troubles` say why."""
        good = await self._connection.open()
        await self._connection.events.read()
        return good

    async def register(self, *, replace_foreign: bool = False) -> ForeignCallback | None:
        """Has Meta call here; where another callback of the number's stands, it is returned."""
        register = self._connection.register
        foreign = await register(Scope.PHONE, replace_foreign=replace_foreign)
        await self._connection.events.read()
        return foreign

    @property
    def registered(self) -> bool:
        return self._connection.registered is not None

    async def outcome(self, message_id: str, draft: MessageDraft, limit: float) -> Finding:
        """Waits for the word that decides what becomes of the message, so many seconds at most."""
        try:
            async with asyncio.timeout(limit):
                return await self._decided(message_id, draft)
        except TimeoutError:
            return unheard(draft, limit)

    async def _decided(self, message_id: str, draft: MessageDraft) -> Finding:
        while True:
            self._news.clear()
            # A word may come in before the answer to the call that sent the message.
            own = (heard_of(one, draft) for one in self._heard if one.id == message_id)
            if (finding := next(filter(None, own), None)) is not None:
                return finding
            await self._news.wait()

    async def _read(self) -> None:
        async for event in self._connection.events:
            self._hear(event)
            if isinstance(event, Finding) and event.status is not Status.PASS:
                self.troubles.append(event)
            elif isinstance(event, Delivery):
                self._heard += [one for one in event.events if isinstance(one, StatusUpdate)]
                self._news.set()
