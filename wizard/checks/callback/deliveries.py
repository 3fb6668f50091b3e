"""What signed, unsigned and wrongly signed deliveries meet at a callback."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass

from wizard.checks.callback.handshake import SLOW
from wizard.checks.callback.limits import Tried, recognize_limit
from wizard.checks.callback.probes import CallbackProbes, random_token
from wizard.checks.callback.refusals import are_alike
from wizard.support.patterns import LatePattern
from wizard.values.credentials import Secret
from wizard.webhook.probe import ProbeError, ProbeResponse
from wizard.webhook.sample import escaped_message, padded_status, plain_message

_QUICK = 0.25
"""Seconds of an answer from a server that is asked several things at once."""
SIGNATURE = LatePattern(r"signature|hmac|sha-?256|digest", re.IGNORECASE)
DENIALS = LatePattern(
    r"signature|hmac|invalid|unauthori[sz]ed|forbidden|not verified|rejected|denied|mismatch",
    re.IGNORECASE,
)


@dataclass
class Delivered:
    """What each delivery met; `None` where it was not sent.

    `signed` is in plain ASCII, `escaped` has what Meta escapes in it, `again` is a second plain
    one where that failed, `large` is of 1.5 MB and `small` as that one without its padding.
    `beside` is a signed one at a path that nobody has, `beside_get` a right handshake there.
    `is_rewritten` says that one is taken, or stays the same, where the body is written anew before
    its signature is checked. `after` is a handshake made after a delivery met a limit.
    """

    signed: Tried | None = None
    escaped: Tried | None = None
    again: Tried | None = None
    forged: Tried | None = None
    unsigned: Tried | None = None
    large: Tried | None = None
    small: Tried | None = None
    beside: Tried | None = None
    beside_get: Tried | None = None
    after: Tried | None = None
    is_rewritten: bool = False


def took(tried: Tried | None) -> bool:
    """Whether a delivery was answered well."""
    return isinstance(tried, ProbeResponse) and 200 <= tried.status < 300


def takes_anything(told: Delivered, tried: Tried | None) -> bool:
    """Whether a delivery that Meta did not sign was taken: by its status, and by its words where
    a rightly signed one is answered in others."""
    if not isinstance(tried, ProbeResponse) or not took(tried):
        return False
    if not isinstance(told.signed, ProbeResponse) or are_alike(told.signed, tried):
        return True
    # Words that hang on the signature alone: two that are signed get the same.
    is_told_apart = are_alike(told.signed, told.escaped) or are_alike(told.escaped, tried)
    return not (is_told_apart or DENIALS.search(tried.words))


def refuses(tried: Tried | None) -> bool:
    return isinstance(tried, ProbeResponse) and 400 <= tried.status < 500


def answers(told: Delivered) -> bool:
    """Whether an endpoint for messages is there: one was taken, or refused for its signature."""
    first = told.signed or told.unsigned
    return took(first) or (isinstance(first, ProbeResponse) and first.status in {400, 401, 403})


async def deliver_first(calls: CallbackProbes) -> Delivered:
    """The first one, alone: signed where the App Secret is known."""
    if not calls.may_deliver:
        return Delivered()
    if calls.secret is None:
        return Delivered(unsigned=await calls.post(None))
    return Delivered(signed=await calls.post(calls.secret))


async def deliver_rest(calls: CallbackProbes, told: Delivered) -> Delivered:
    """What else is to be known once the first was answered, each a message of its own: one after
    another, and the last few at once where the server is quick."""
    if not calls.may_deliver:
        return told
    if calls.secret is None:
        told.forged = await calls.post(random_token())
    elif took(told.signed):
        await _after_a_success(calls, calls.secret, told)
    elif isinstance(told.signed, ProbeResponse) and recognize_limit(told.signed):
        told.after = await calls.handshake()
    elif refuses(told.signed):
        await _after_a_refusal(calls, calls.secret, told)
    return told


async def _after_a_success(calls: CallbackProbes, secret: Secret, told: Delivered) -> None:
    told.escaped = await calls.post(secret, escaped_message())
    if isinstance(told.escaped, ProbeError):
        return
    if told.escaped is not None and not took(told.escaped) and not refuses(told.escaped):
        told.again = await calls.post(secret)
    seconds = told.signed.seconds if isinstance(told.signed, ProbeResponse) else calls.limit
    if seconds <= _QUICK:
        # Also where they are done one at a time, none waits long for the others.
        told.forged, told.unsigned, told.large = await asyncio.gather(
            calls.post(random_token()), calls.post(None), _large(calls, secret)
        )
    else:
        told.forged = await calls.post(random_token())
        # What hangs on a wrong signature hangs on none: each takes the whole of the limit.
        told.unsigned = await calls.post(None) if isinstance(told.forged, ProbeResponse) else None
        told.large = await _large(calls, secret) if seconds <= SLOW else None
    if told.large is not None and not took(told.large):
        told.small = await calls.post(secret, padded_status(0))


async def _large(calls: CallbackProbes, secret: Secret) -> Tried | None:
    return None if calls.pace.was_limited else await calls.post(secret, padded_status())


async def _after_a_refusal(calls: CallbackProbes, secret: Secret, told: Delivered) -> None:
    told.forged = await calls.post(random_token())
    told.unsigned = await calls.post(None)
    told.beside = await calls.post(secret, url=(beside := calls.beside))
    if isinstance(told.beside, ProbeResponse) and told.beside.status not in {404, 405}:
        told.beside_get = await calls.handshake(url=beside)
    if same_status(told.signed, told.forged):
        told.is_rewritten = await _is_rewritten(calls, secret, told)


async def _is_rewritten(calls: CallbackProbes, secret: Secret, told: Delivered) -> bool:
    """Whether the body is parsed and written anew before its signature is checked.

    An empty object stays the same however it is written: its signature then counts. And a message
    in the form that a writer of JSON gives it is taken.
    """
    empty = await calls.post(secret, b"{}")
    forged = await calls.post(random_token(), b"{}")
    counts = (
        isinstance(empty, ProbeResponse)
        and not recognize_limit(empty)
        and not same_status(empty, forged)
    )
    if counts and same_status(forged, told.forged):
        return True
    message = json.loads(plain_message())
    for form in (json.dumps(message), json.dumps(message, sort_keys=True, separators=(",", ":"))):
        if took(await calls.post(secret, form.encode())):
            return True
    return False


def same_status(one: Tried | None, other: Tried | None) -> bool:
    return (
        isinstance(one, ProbeResponse)
        and isinstance(other, ProbeResponse)
        and one.status == other.status
    )
