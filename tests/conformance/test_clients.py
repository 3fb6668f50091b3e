"""Clients of the Cloud API that are not ours, unmodified, take the simulator for Meta; and our
probe takes theirs for a webhook."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from tests.cli.shell import Shell
from tests.conformance.clients import PATH, VERIFY_TOKEN, Client, table
from tests.conformance.counts import count
from wizard.checks.callback.diagnose import diagnose_callback
from wizard.simulator import Meta, create_app, serve
from wizard.simulator.calls_out import payloads
from wizard.simulator.world.people import Customer, SendError
from wizard.values.credentials import Secret
from wizard.webhook.probe import deliver, handshake
from wizard.webhook.sample import SAMPLE, signatures

if TYPE_CHECKING:
    from tests.conformance.their_clients import OfPywa

TO, STRANGER = Customer().wa_id, "6281255501234"
PATIENCE = 20.0
TOKEN = Secret(VERIFY_TOKEN)


def able(what: str) -> list[str]:
    """Those of the clients that can do this."""
    return [name for name, row in table().items() if what in row]


@dataclass
class Field:
    """A pretended Meta, and where it is."""

    meta: Meta
    base: str

    def letter(self, text: str) -> bytes:
        """An event: somebody wrote to the test number."""
        meta, sender = self.meta, Customer()
        id_ = meta.dispatcher.new_id(sender.wa_id, inbound=True)
        value = payloads.written(meta.test_number, sender, id_, meta.now(), payloads.text(text))
        return payloads.encode(payloads.envelope(meta.waba.id, value))

    @asynccontextmanager
    async def client(self, name: str) -> AsyncIterator[Client]:
        from tests.conformance.their_clients import CLIENTS

        client = CLIENTS[name](self.meta, self.base)
        try:
            yield client
        finally:
            await client.close()

    @asynccontextmanager
    async def pywa(self) -> AsyncIterator[tuple[OfPywa, str]]:
        """pywa, and the address of its webhook, where the app's events come."""
        from tests.conformance.their_clients import OfPywa

        async with self.client("pywa") as client, serve(client.app()) as hook:
            assert isinstance(client, OfPywa)
            await client.register(hook + PATH)
            yield client, hook + PATH


@pytest_asyncio.fixture
async def field() -> AsyncIterator[Field]:
    meta = Meta()
    meta.dispatcher.pace, meta.dispatcher.pauses = 0, ()
    async with serve(create_app(meta)) as base:
        yield Field(meta, base)
        await meta.close()


def test_the_table_tells_of_each_client_and_of_no_other() -> None:
    from tests.conformance.their_clients import CLIENTS

    assert table().keys() == CLIENTS.keys()
    for name, row in table().items():
        assert _parts(version(name)) >= _parts(row["tried"])


async def test_each_client_of_the_table_ran(field: Field) -> None:
    ran = []
    for name in table():
        async with field.client(name) as client:
            assert await client.account()
        ran.append(f"{name} {version(name)}")
    count("clients that ran", f"{len(ran)} of {len(table())} ({', '.join(ran)})")


def _parts(text: str) -> list[int]:
    return [int(part) for part in text.split(".")[:2]]


@pytest.mark.parametrize("name", able("sends"))
async def test_a_client_sends_a_message(field: Field, name: str) -> None:
    field.meta.dispatcher.inbound_text("halo")
    async with field.client(name) as client:
        assert (await client.send(TO, "halo juga")).startswith("wamid.")


@pytest.mark.parametrize("name", able("sends"))
async def test_a_client_knows_our_refusal_for_what_it_is(field: Field, name: str) -> None:
    from tests.conformance.their_clients import REFUSED

    async with field.client(name) as client:
        with pytest.raises(REFUSED[name], match="not in allowed list"):
            await client.send(STRANGER, "halo")


@pytest.mark.parametrize("name", able("number"))
async def test_a_client_reads_the_number(field: Field, name: str) -> None:
    async with field.client(name) as client:
        assert await client.number() == field.meta.test_number.display_phone_number


@pytest.mark.parametrize("name", able("account"))
async def test_a_client_reads_the_account(field: Field, name: str) -> None:
    async with field.client(name) as client:
        assert await client.account() in {field.meta.waba.name, field.meta.waba.templates[0].name}


@pytest.mark.parametrize("name", able("registers"))
async def test_a_client_has_its_own_webhook_registered_and_hears_what_is_written(
    field: Field, name: str
) -> None:
    async with field.client(name) as client, serve(client.app()) as hook:
        await client.register(hook + PATH)
        assert field.meta.waba.subscribed[0].override_callback_uri == hook + PATH
        field.meta.dispatcher.inbound_text("halo 🌶 é/b")
        assert await asyncio.wait_for(client.heard.get(), PATIENCE) == "halo 🌶 é/b"


@pytest.mark.parametrize(
    ("path", "verify_token", "status"),
    [(PATH, "another0token", "403"), ("/elsewhere", VERIFY_TOKEN, "404")],
)
@pytest.mark.parametrize("name", able("registers"))
async def test_a_client_whose_webhook_refuses_the_handshake_is_not_registered(
    field: Field, name: str, path: str, verify_token: str, status: str
) -> None:
    async with field.client(name) as client, serve(client.app()) as hook:
        with pytest.raises(Exception, match="2200") as caught:
            await client.register(hook + path, verify_token)
        assert f"HTTP Status Code = {status}" in f"{caught.value} {vars(caught.value)!r}"
    assert field.meta.waba.subscribed[0].override_callback_uri is None


@pytest.mark.parametrize("name", able("checks"))
async def test_a_client_takes_our_signature_and_refuses_a_changed_byte(
    field: Field, name: str
) -> None:
    body = field.letter("halo")
    signed = payloads.headers(field.meta.app.secret, body)
    async with field.client(name) as client, serve(client.app()) as hook:
        for place in (0, len(body) // 2, len(body) - 1):
            changed = bytearray(body)
            changed[place] ^= 1
            assert (await deliver(hook + PATH, bytes(changed), signed)).status == 403
        stranger = payloads.headers(field.meta.other_app.secret, body)
        assert (await deliver(hook + PATH, body, stranger)).status == 403
        assert (await deliver(hook + PATH, body)).status in {401, 403}
        assert (await deliver(hook + PATH, body, signed)).status == 200
        said = await asyncio.wait_for(client.heard.get(), PATIENCE)
        assert (said, client.heard.qsize()) == ("halo", 0)


@pytest.mark.parametrize("name", able("serves"))
async def test_our_probe_shakes_hands_with_their_webhook(field: Field, name: str) -> None:
    async with field.client(name) as client, serve(client.app()) as hook:
        assert (await handshake(hook + PATH, TOKEN)).echoes_challenge
        assert (await handshake(hook + PATH, Secret("another"))).status == 403


@pytest.mark.parametrize("name", able("checks"))
async def test_our_probe_delivers_to_their_webhook(field: Field, name: str) -> None:
    secret, body = field.meta.app.secret, field.letter("halo")
    async with field.client(name) as client, serve(client.app()) as hook:
        assert (await deliver(hook + PATH, SAMPLE, signatures(secret, SAMPLE))).status == 200
        assert (await deliver(hook + PATH, body, signatures(secret, body))).status == 200
        # pywa hears only what its own number was sent, and the sample is nobody's.
        told = ["halo"] if name == "pywa" else ["this is a text message", "halo"]
        said = [await asyncio.wait_for(client.heard.get(), PATIENCE) for _ in told]
        assert (said, client.heard.qsize()) == (told, 0)


@pytest.mark.parametrize(
    ("name", "warned"),
    [
        # pywa looks at the token alone, not at hub.mode.
        ("pywa", {"webhook.accepts_any_mode"}),
        # whatsloon takes 1 MB.
        ("whatsloon", {"webhook.post_too_large"}),
        ("waba-sdk", {"webhook.signature_unchecked"}),
    ],
)
async def test_our_diagnosis_verifies_their_webhook_and_sees_what_it_leaves_unchecked(
    field: Field, name: str, warned: set[str]
) -> None:
    async with field.client(name) as client, serve(client.app()) as hook:
        told = diagnose_callback(hook + PATH, TOKEN, field.meta.app.secret)
        found = {finding.id async for finding in told}
    assert found == {"webhook.verified", "webhook.local_only", *warned}


async def test_the_doctor_verifies_a_webhook_that_pywa_serves(field: Field, shell: Shell) -> None:
    async with field.client("pywa") as client, serve(client.app()) as hook:
        env = {"WHATSAPP_APP_SECRET": field.meta.app.secret.reveal()}
        asked = ("doctor", "--env", "--url", hook + PATH, "--verify-token-stdin", "--json")
        ended = await asyncio.to_thread(shell, *asked, stdin=VERIFY_TOKEN, env=env)
    assert ended.code == 0, ended.said
    assert "webhook.verified" in [finding["id"] for finding in ended.json["findings"]]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


async def test_pywa_registers_its_own_server_for_the_app_with_every_field_it_knows(
    field: Field,
) -> None:
    from tests.conformance.their_clients import OfPywa

    server, hooks = Starlette(), field.meta.app.subscriptions
    async with serve(server) as base:
        client = OfPywa(field.meta, field.base, server, callback_url=base)
        # It registers on a timer's thread, which has its answer when it has ended.
        for timer in [one for one in threading.enumerate() if isinstance(one, threading.Timer)]:
            await asyncio.to_thread(timer.join, PATIENCE)
        await client.close()
    assert hooks[0].callback_url == base + PATH
    assert {"messages", "calls", "user_preferences"} <= set(hooks[0].fields)


async def test_pywa_overrides_the_callback_of_the_number_and_takes_it_back(field: Field) -> None:
    number = field.meta.test_number
    async with field.pywa() as (client, url):
        await asyncio.to_thread(client.client.override_phone_callback_url, url, VERIFY_TOKEN)
        read = await asyncio.to_thread(client.client.get_business_phone_number)
        there = {"whatsapp_business_account": url, "phone_number": url}
        assert (number.override_callback_uri, read.webhook_configuration) == (url, there)
        await asyncio.to_thread(client.client.delete_phone_callback_url)
        assert number.override_callback_uri is None


async def test_pywa_reads_who_wrote_to_which_number(field: Field) -> None:
    async with field.pywa() as (client, _):
        id_ = field.meta.dispatcher.inbound_text("halo", sender=STRANGER, name="Budi")
        await asyncio.wait_for(client.heard.get(), PATIENCE)
    (message,) = client.messages
    assert (message.id, message.from_user.wa_id, message.from_user.name) == (id_, STRANGER, "Budi")
    assert message.metadata.phone_number_id == field.meta.test_number.id


async def test_pywa_follows_its_message_to_read(field: Field) -> None:
    async with field.pywa() as (client, _):
        field.meta.dispatcher.inbound_text("halo")
        sent = await client.send(TO, "halo juga")
        told = [await asyncio.wait_for(client.statuses.get(), PATIENCE) for _ in range(3)]
    assert {status.id for status in told} == {sent}
    assert {str(status.status) for status in told} == {"sent", "delivered", "read"}
    pricing = [status.pricing for status in told if str(status.status) == "sent"]
    assert [price.billable for price in pricing if price] == [False]


async def test_pywa_knows_why_a_message_failed(field: Field) -> None:
    from pywa import errors

    trouble = SendError(131026, "Message undeliverable", "Message Undeliverable.")
    async with field.pywa() as (client, _):
        field.meta.dispatcher.inbound_text("halo")
        field.meta.dispatcher.sending_rules.error = trouble
        await client.send(TO, "halo juga")
        status = await asyncio.wait_for(client.statuses.get(), PATIENCE)
    assert isinstance(status.error, errors.MessageUndeliverable)


async def test_pywa_reads_the_details_of_a_refusal(field: Field) -> None:
    from pywa import errors

    async with field.client("pywa") as client:
        with pytest.raises(errors.RecipientNotInAllowedList) as caught:
            await client.send(STRANGER, "halo")
    assert caught.value.details == (
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list"
        " and try again."
    )
