"""The demo's webhook: verified by the pretended portal, then written to by a pretended customer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from wizard.checks.graph_errors import finding_for_error
from wizard.cli.output.events import event_lines
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import finding_lines
from wizard.graph import GraphError
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.webhook.event_queue import Delivery, Handshake

_LIMIT = 15.0
_TEXT = "halo"


class DemoWebhook:
    """Endpoint and pretended tunnel for the rest of the demo, once the step is reached."""

    STEP: ClassVar[str] = "8.4"

    def __init__(self, onboarding: Onboarding) -> None:
        self._onboarding = onboarding
        self._connection: WebhookConnection | None = None

    async def __aenter__(self) -> DemoWebhook:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def verify(self) -> None:
        """Brings the endpoint up and presses "Verify and save"; prints what then happens."""
        portal, token = self._onboarding.portal, self._onboarding.values.verify_token
        if portal is None or token is None:
            return
        connection = self._connection = self._onboarding.connect()
        if not await connection.open() or connection.callback_url is None:
            await connection.close()
            await self._tell(lambda _: False)
            return
        try:
            await portal.verify_and_save(connection.callback_url, token)
        except GraphError as error:
            say_all(finding_lines(finding_for_error(error), indent=" " * 9))
            return
        await self._tell(lambda event: isinstance(event, Handshake) and not event.own)

    async def receive(self) -> None:
        """A customer writes, and the message arrives; nothing where no webhook is up."""
        portal, connection = self._onboarding.portal, self._connection
        if portal is None or connection is None or not connection.is_open:
            return
        await connection.update_values(self._onboarding.values)
        say("\nA customer writes to the business number:")
        await portal.write_to_us(_TEXT)
        await self._tell(lambda event: isinstance(event, Delivery))

    async def _tell(self, is_last: Callable[[Event], bool]) -> None:
        """Prints events up to this one."""
        if self._connection is None:
            return
        try:
            async with asyncio.timeout(_LIMIT):
                async for event in self._connection.events:
                    say_all(f"      {line}" for line in event_lines(event) if line)
                    if is_last(event):
                        break
        except TimeoutError:
            say("         Nothing arrived.")
