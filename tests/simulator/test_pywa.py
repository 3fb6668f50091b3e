"""A WhatsApp library that is not ours, pywa, takes the simulator for Meta."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pywa import errors, utils
from pywa.client import WhatsApp
from pywa.handlers import MessageHandler, MessageStatusHandler
from pywa.types.message import Message
from pywa.types.message_status import MessageStatus

from tests.loopback import Request
from tests.simulator.conftest import Graph
from tests.simulator.deliveries import listening, quick
from wizard.simulator.courier import Courier
from wizard.simulator.events import Customer, Trouble

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO = Customer().wa_id


class Bot:
    """pywa's client, and what its handlers were given."""

    def __init__(self, graph: Graph) -> None:
        meta = graph.meta
        self.session = httpx.Client(trust_env=False, timeout=5)
        self.client = WhatsApp(
            meta.test_number.id,
            meta.token.text.reveal(),
            session=self.session,
            verify_token="any",
            app_secret=meta.app.secret.reveal(),
            waba_id=meta.waba.id,
            handlers_modules=[],
        )
        # Its constructor points the session at graph.facebook.com.
        self.session.base_url = graph.stage.client.base_url.join("/v25.0")
        self.messages: list[Message] = []
        self.statuses: list[MessageStatus[Any]] = []
        self.client.add_handlers(
            MessageHandler(lambda _, message: self.messages.append(message)),
            MessageStatusHandler(lambda _, status: self.statuses.append(status)),
        )

    def hear(self, request: Request) -> int:
        """What pywa would answer to this delivery."""
        header = request.headers.get("x-hub-signature-256")
        if refused := self.client.webhook_update_validator(request.body, header):
            return refused[1]
        return self.client.webhook_update_handler(request.body)[1]


@pytest_asyncio.fixture(loop_scope="session")
async def courier(graph: Graph) -> AsyncIterator[Courier]:
    async with quick(graph) as found:
        yield found


@pytest.fixture
def bot(graph: Graph) -> Iterator[Bot]:
    found = Bot(graph)
    yield found
    found.session.close()


async def test_pywa_takes_our_signature_and_refuses_a_changed_byte(
    graph: Graph, courier: Courier
) -> None:
    async with listening(graph) as server:
        courier.say("halo 🌶 é/b")
        await courier.idle()
    (request,) = server.requests
    secret, header = graph.meta.app.secret.reveal(), request.headers["x-hub-signature-256"]
    assert utils.webhook_updates_validator(secret, request.body, header)
    for place in (0, len(request.body) // 2, len(request.body) - 1):
        changed = bytearray(request.body)
        changed[place] ^= 1
        assert not utils.webhook_updates_validator(secret, bytes(changed), header)
    other = graph.meta.other_app.secret.reveal()
    assert not utils.webhook_updates_validator(other, request.body, header)


async def test_pywa_reads_what_a_customer_wrote(graph: Graph, courier: Courier, bot: Bot) -> None:
    async with listening(graph) as server:
        message_id = courier.say("halo 🌶 é/b", sender="6281255501234", name="Budi")
        await courier.idle()
    assert bot.hear(server.requests[0]) == 200
    (message,) = bot.messages
    assert (message.id, message.text) == (message_id, "halo 🌶 é/b")
    assert (message.from_user.wa_id, message.from_user.name) == ("6281255501234", "Budi")
    assert message.metadata.phone_number_id == graph.meta.test_number.id


async def test_pywa_is_not_fooled_by_an_unsigned_delivery(
    graph: Graph, courier: Courier, bot: Bot
) -> None:
    async with listening(graph) as server:
        courier.say("halo")
        await courier.idle()
    (request,) = server.requests
    assert bot.hear(Request(request.line, {}, request.body)) == 401
    assert bot.messages == []


async def test_pywa_sends_and_follows_its_message_to_read(
    graph: Graph, courier: Courier, bot: Bot
) -> None:
    async with listening(graph) as server:
        courier.say("halo")
        await courier.idle()
        server.requests.clear()
        sent = await asyncio.to_thread(bot.client.send_message, TO, "halo juga")
        await courier.idle()
    assert [bot.hear(request) for request in server.requests] == [200, 200, 200]
    assert [str(status.status) for status in bot.statuses] == ["sent", "delivered", "read"]
    assert {status.id for status in bot.statuses} == {sent.id}
    assert bot.statuses[0].pricing is not None
    assert bot.statuses[0].pricing.billable is False


async def test_pywa_knows_why_a_message_failed(graph: Graph, courier: Courier, bot: Bot) -> None:
    trouble = Trouble(131026, "Message undeliverable", "Message Undeliverable.")
    courier.mailroom.trouble = trouble
    courier.say("halo")
    await courier.idle()
    async with listening(graph) as server:
        await asyncio.to_thread(bot.client.send_message, TO, "halo juga")
        await courier.idle()
    assert bot.hear(server.requests[0]) == 200
    (status,) = bot.statuses
    assert isinstance(status.error, errors.MessageUndeliverable)


async def test_pywa_knows_our_refusals(courier: Courier, bot: Bot) -> None:
    with pytest.raises(errors.RecipientNotInAllowedList) as caught:
        await asyncio.to_thread(bot.client.send_message, "6281255501234", "halo")
    assert caught.value.details == (
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list"
        " and try again."
    )
