"""Meta's side of the webhook, as a test plays it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import httpx

from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Received
from wizard.webhook.signature import sign

TOKEN = Secret("a-token-of-the-tests")
Wire: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SECRET = Secret("0123456789abcdef0123456789abcdef")


def change(value: object, field: str = "messages", entry: str = "102290129340398") -> bytes:
    entries = [{"id": entry, "changes": [{"field": field, "value": value}]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def value(number: str = "106540352242922", **parts: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def message(id_: str = "wamid.ONE", **parts: Any) -> dict[str, Any]:
    head = {"from": "16505551234", "id": id_, "timestamp": "1749416383"}
    return head | (parts or {"type": "text", "text": {"body": "Hello"}})


def written(id_: str = "wamid.ONE", **parts: Any) -> bytes:
    contacts = [{"profile": {"name": "Sheena Nelson"}, "wa_id": "16505551234"}]
    return change(value(contacts=contacts, messages=[message(id_, **parts)]))


def status(word: str, id_: str = "wamid.ONE", **parts: Any) -> bytes:
    head = {"id": id_, "status": word, "timestamp": "1750263773", "recipient_id": "16505551234"}
    return change(value(statuses=[head | parts]))


def headers(body: bytes, secret: Secret = SECRET) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature-256": sign(secret, body),
    }


async def post(client: httpx.AsyncClient, endpoint: Endpoint, body: bytes) -> int:
    answer = await client.post(endpoint.local_url, content=body, headers=headers(body))
    return answer.status_code


async def next_of(endpoint: Endpoint) -> Received:
    async with asyncio.timeout(5):
        return await anext(endpoint.received)


@asynccontextmanager
async def dial(endpoint: Endpoint, sent: bytes = b"") -> AsyncIterator[Wire]:
    """A bare connection, on which something has been sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    try:
        writer.write(sent)
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def raw(endpoint: Endpoint, sent: bytes) -> bytes:
    """All that comes back on a connection of its own, until the endpoint closes it."""
    async with asyncio.timeout(5), dial(endpoint, sent) as (reader, _):
        with suppress(ConnectionError):
            return await reader.read()
    return b""


def request(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "Host: x", "", ""]).encode() + body
