"""The simulator's own paths, beside Meta's: what a test makes customers do, and what it reads.

They answer on loopback alone, and not through a tunnel or to a page of another origin.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wizard.simulator.calls_out.inbound import InboundError, read
from wizard.simulator.graph_api.http import Answer, Request, json_answer, parsed
from wizard.simulator.meta import Meta
from wizard.simulator.world.outbox import Failure, Sent
from wizard.support.addresses import is_loopback

_FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "cf-connecting-ip")


def answer(meta: Meta, request: Request) -> Answer:
    """`POST` and `GET /_simulator/messages`, `POST /_simulator/failures`."""
    if not _is_local(request):
        return _refusal(403, "This path answers on the machine of the simulator alone.")
    what = "/".join(request.parts[1:])
    if what == "messages" and request.method == "POST":
        return _write(meta, request)
    if what == "messages" and request.method == "GET":
        return _json({"messages": [told(sent) for sent in meta.outbox.sent]})
    if what == "failures" and request.method == "POST":
        return _fail(meta, request)
    if what in {"messages", "failures"}:
        return _refusal(405, f"{request.method} is not for this path.")
    return _refusal(404, "There are /_simulator/messages and /_simulator/failures.")


def told(sent: Sent) -> dict[str, object]:
    """A message of the business, as a test reads it."""
    return {
        "id": sent.id,
        "from": sent.phone.id,
        "to": sent.to,
        "type": sent.type,
        "status": sent.status,
        "timestamp": int(sent.at),
        "request": dict(sent.request),
    }


def _write(meta: Meta, request: Request) -> Answer:
    given = parsed(request.body)
    if not isinstance(given, dict):
        return _refusal(400, 'The body is a JSON object, such as {"type": "text", "text": "halo"}.')
    meta.origin = meta.origin or request.origin
    try:
        found = read(meta, given)
    except InboundError as error:
        return _refusal(400, str(error))
    heard = meta.dispatcher.is_heard(found.phone, found.field)
    message_id = meta.dispatcher.inbound_message(
        found.part, sender=found.sender, to=found.phone, field=found.field, holds=True
    )
    return _json(
        {
            "messages": [{"id": message_id}],
            "from": found.sender.key,
            "to": found.phone.id,
            "held": not heard,
        }
    )


def _fail(meta: Meta, request: Request) -> Answer:
    given = parsed(request.body)
    if not isinstance(given, dict) or not isinstance(code := given.get("code"), int):
        return _refusal(400, 'The body is a JSON object with a "code", such as 131026.')
    count = given.get("count", 1)
    if not isinstance(count, int) or not 1 <= count <= 1000:
        return _refusal(400, '"count" is a number from 1 to 1000.')
    meta.outbox.failures.extend([failure(code, given)] * count)
    return _json({"success": True})


def failure(code: int, given: Mapping[str, Any]) -> Failure:
    """What the next message meets; Meta's own title stands in for one that is not given."""
    title = str(given.get("title") or TITLES.get(code, "Something went wrong"))
    details = str(given.get("details") or "")
    status = given.get("status")
    later = given.get("later")
    is_later = code in _LATER if later is None else bool(later)
    return Failure(code, title, details, status if isinstance(status, int) else 400, is_later)


TITLES: Mapping[int, str] = {
    100: "Invalid parameter",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    130497: "Business account is restricted from messaging users in this country.",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Business Account locked",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131051: "Unsupported message type",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132015: "Template is Paused",
    133010: "Account not registered",
}
"""https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"""
_LATER = {130472, 131026, 131042, 131047, 131049, 131053}
"""What Meta tells by webhook, after it has taken the message."""


def _is_local(request: Request) -> bool:
    host = request.headers.get("host", "")
    if any(name in request.headers for name in _FORWARDED) or not is_loopback(f"http://{host}/"):
        return False
    origin = request.headers.get("origin")
    return is_loopback(f"http://{request.client}/") and (origin is None or is_loopback(origin))


def _json(content: object) -> Answer:
    return json_answer(content, 200, {"cache-control": "no-store"})


def _refusal(status: int, sentence: str) -> Answer:
    error = {"message": sentence, "type": "SimulatorError", "code": status}
    return Answer(
        status, {"content-type": "application/json"}, json.dumps({"error": error}).encode()
    )
