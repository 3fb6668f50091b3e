"""How much was sent and delivered, as the fields and lists of an account tell.

https://developers.facebook.com/documentation/business-messaging/whatsapp/analytics
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.simulator import errors
from wizard.simulator.calls_out import payloads
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import Waba
from wizard.simulator.world.outbox import Sent

Row = dict[str, object]

HALF_HOUR, DAY, MONTH = 1800, 86400, 30 * 86400
_LENGTHS = {"HALF_HOUR": HALF_HOUR, "HALF_HOURLY": HALF_HOUR, "DAY": DAY, "DAILY": DAY}
_LENGTHS |= {"MONTH": MONTH, "MONTHLY": MONTH}
_MAX_POINTS = 10_000
FIELDS = ("analytics", "conversation_analytics", "pricing_analytics", "call_analytics")


def field(call: Call, waba: Waba, name: str, given: Mapping[str, str]) -> Row:
    """A field such as `analytics.start(…).end(…).granularity(DAY)`."""
    start, end, length = _span(given)
    sent = [one for one in call.meta.outbox.sent if one.phone in waba.phones]
    if name == "analytics":
        points: list[Row] = [
            _messages(sent, begin, begin + length) for begin in _begins(start, end, length)
        ]
        numbers = [payloads.digits(phone.display_phone_number) for phone in waba.phones]
        granularity = given.get("granularity", "DAY")
        return {"phone_numbers": numbers, "granularity": granularity, "data_points": points}
    priced = [
        row
        for begin in _begins(start, end, length)
        for row in _priced(sent, begin, begin + length, name)
    ]
    return {"data": [{"data_points": priced}]}


def templates(call: Call, waba: Waba, params: Mapping[str, str]) -> list[Row]:
    """`GET /{waba-id}/template_analytics`, a point a day and template."""
    start, end, length = _span(params)
    wanted = arguments.read(params.get("template_ids"))
    ids = wanted if isinstance(wanted, list) else str(wanted or "").split(",")
    if not any(ids):
        raise errors.parameter_missing("template_ids")
    known = {one.id for one in waba.templates}
    points = [
        _of_template(call, str(one), begin, begin + length)
        for begin in _begins(start, end, length)
        for one in ids
        if str(one) in known
    ]
    return [{"granularity": "DAILY", "product_type": "cloud_api", "data_points": points}]


def _span(given: Mapping[str, str]) -> tuple[int, int, int]:
    granularity = given.get("granularity", "DAY")
    if granularity not in _LENGTHS:
        raise errors.not_among("granularity", granularity, [*_LENGTHS])
    for name in ("start", "end"):
        if not given.get(name, "").isdecimal():
            raise GraphError(400, f"(#100) The parameter {name} is required", 100)
    start, end, length = int(given["start"]), int(given["end"]), _LENGTHS[granularity]
    if start >= end or (end - start) / length > _MAX_POINTS:
        raise errors.bad_parameter("Param start must be before end.")
    return start, end, length


def _begins(start: int, end: int, length: int) -> Iterator[int]:
    yield from range(start - start % min(length, DAY), end, length)


def _count(times: list[float | None], begin: int, end: int) -> int:
    return sum(at is not None and begin <= at < end for at in times)


def _messages(sent: list[Sent], begin: int, end: int) -> Row:
    return {
        "start": begin,
        "end": end,
        "sent": _count([one.at for one in sent], begin, end),
        "delivered": _count([one.delivered_at for one in sent], begin, end),
    }


def _priced(sent: list[Sent], begin: int, end: int, name: str) -> Iterator[Row]:
    kinds = sorted({(one.phone.display_phone_number, one.category) for one in sent})
    for number, category in kinds:
        mine = [
            one.delivered_at
            for one in sent
            if (one.phone.display_phone_number, one.category) == (number, category)
        ]
        if not (count := _count(list(mine), begin, end)):
            continue
        told = "conversation" if name == "conversation_analytics" else "volume"
        yield {
            "start": begin,
            "end": end,
            told: count,
            "phone_number": payloads.digits(number),
            "country": "ID",
            f"{'conversation' if told == 'conversation' else 'pricing'}_category": category.upper(),
            "cost": 0,
        }


def _of_template(call: Call, template_id: str, begin: int, end: int) -> Row:
    mine = [one for one in call.meta.outbox.sent if one.template_id == template_id]
    return {
        "template_id": template_id,
        "start": begin,
        "end": end,
        "sent": _count([one.at for one in mine], begin, end),
        "delivered": _count([one.delivered_at for one in mine], begin, end),
        "read": _count([one.read_at for one in mine], begin, end),
    }
