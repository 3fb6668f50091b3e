"""Access token: valid, of this app, with both permissions, granted for this WABA, until when?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

from wizard.checks.context import CheckContext, UnusableInput
from wizard.checks.credentials.waba_id import other_object
from wizard.checks.graph_errors import OF_THE_APP, OF_THE_TOKEN
from wizard.findings import Choice, Finding, TokenFacts, new_finding
from wizard.graph import GraphError, Reason, TokenInfo
from wizard.graph.errors import NO_ANSWER
from wizard.graph.replies import PERMISSIONS
from wizard.support.texts import printable
from wizard.support.times import in_words, known_end
from wizard.values.credentials import Values
from wizard.world import World

_CLOCKS_DIFFER = timedelta(hours=1)
_LONGEST_TEMPORARY = timedelta(hours=25)
_MOST_ACCOUNTS = 5

_REFUSALS = OF_THE_TOKEN | OF_THE_APP
_REFUSED_IN_USE = {
    Reason.TOKEN_UNREADABLE: "access_token.malformed",
    Reason.TOKEN_EXPIRED: "access_token.expired",
    Reason.TOKEN_REVOKED: "access_token.revoked",
    Reason.BLOCKED: "access_token.blocked",
}


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    try:
        info = await context.token()
    except GraphError as error:
        yield await _refusal(context, error)
        return
    now = context.world.now.timestamp()
    info = info._replace(expires_at=known_end(info.expires_at, now))
    finding = (
        await _dead(context, info)
        or _mistaken(context, info)
        or await _ungranted(context, info)
        or await _refused_in_use(context, info)
    )
    if finding is not None:
        yield _dated(context, info, finding)
        return
    for finding in _valid(context, info):
        yield finding


async def told_by_itself(world: World) -> TokenInfo | None:
    """What the world's token says of itself, whatever app is at hand; nothing where it can't."""
    values = Values(access_token=world.values.access_token)
    async with replace(world.with_values(values), vault=None, vault_error=None) as alone:
        context = CheckContext(alone)
        try:
            return await context.token()
        except (GraphError, UnusableInput):
            return None
        finally:
            await context.close()


async def _refusal(context: CheckContext, error: GraphError) -> Finding:
    """What a refusal says of the token, or of the app that asked; raises it where of neither."""
    if error.reason not in _REFUSALS:
        raise error
    id_, app_id, evidence = _REFUSALS[error.reason], context.app_id, error.evidence
    if error.reason is Reason.TOKEN_OTHER_APP:
        evidence = f"{evidence}; {await _own_app(context)}your App ID is {app_id}"
    if error.reason is Reason.SECRET_MISMATCH and not context.asked_by_app:
        id_ = "access_token.malformed"  # the token asked for itself
    return new_finding(id_, evidence, app_id=app_id)


async def _own_app(context: CheckContext) -> str:
    """The app that the token was made for, which Graph does not tell another app."""
    own = await told_by_itself(context.world)
    return f"the token belongs to app {_named(own)}; " if own and own.app_id else ""


async def _dead(context: CheckContext, info: TokenInfo) -> Finding | None:
    """Why a token that Graph calls invalid is so. Its own facts tell it where Graph's words are
    general ones."""
    error, left = info.error, info.seconds_left(context.world.now)
    if error is None:
        # Graph is believed before any clock, but not by hours before its own.
        own = context.world.meta_clock.is_known
        if not own or left is None or left > -_CLOCKS_DIFFER.total_seconds():
            return None
        ended = f"Graph: it expired {info.end:%Y-%m-%d %H:%M} UTC"
        return new_finding("access_token.expired", ended, app_id=context.app_id)
    if error.subcode is None and left is not None and left <= 0:
        evidence = f"{error.evidence}; it expired {info.end:%Y-%m-%d %H:%M} UTC"
        return new_finding("access_token.expired", evidence, app_id=context.app_id)
    other = _other_app(context, info) if error.reason is Reason.TOKEN_UNREADABLE else None
    return other or await _refusal(context, error)


async def _refused_in_use(context: CheckContext, info: TokenInfo) -> Finding | None:
    """What Graph holds against a token only where it is used."""
    for question in (context.waba, context.number):
        try:
            await question()
        except UnusableInput:
            continue
        except GraphError as error:
            id_ = _REFUSED_IN_USE.get(error.reason)
            if error.reason is Reason.NO_PERMISSION:
                id_ = await _unpermitted(context, info, of_waba=question == context.waba)
            if id_:
                return new_finding(id_, error.evidence, app_id=context.app_id)
    return None


async def _unpermitted(context: CheckContext, info: TokenInfo, *, of_waba: bool) -> str | None:
    """What is missing where Graph says only that something is. Where it has told which
    permissions there are and how far they reach, the ID is wrong instead; and none is missing
    where the same object was shown in answer to another question."""
    if await context.has_read("waba_id" if of_waba else "phone_number_id"):
        return None
    if info.scopes is None:
        return "access_token.no_permission"
    return "access_token.no_grant" if of_waba and info.targets is None else None


def _dated(context: CheckContext, info: TokenInfo, finding: Finding) -> Finding:
    """With its end, where the token is found to have come to it."""
    left = info.seconds_left(context.world.now)
    ended = finding.id == "access_token.expired" and left is not None and left <= 0
    return replace(finding, facts=_facts(info, left)) if ended else finding


def _mistaken(context: CheckContext, info: TokenInfo) -> Finding | None:
    app_id = context.app_id
    if info.kind == "APP":
        return new_finding("access_token.is_app_token", "Graph: its type is APP", app_id=app_id)
    if other := _other_app(context, info):
        return other
    lacking = [name for name in PERMISSIONS if info.scopes is not None and name not in info.scopes]
    if lacking:
        evidence = f"It lacks {' and '.join(lacking)}"
        return new_finding("access_token.no_permission", evidence, app_id=app_id)
    return None


def _other_app(context: CheckContext, info: TokenInfo) -> Finding | None:
    app_id = context.app_id
    if not app_id or info.app_id in {app_id, ""}:
        return None
    evidence = f"Graph: the token belongs to app {_named(info)}; your App ID is {app_id}"
    return new_finding("access_token.other_app", evidence, app_id=app_id)


def _named(info: TokenInfo) -> str:
    name = printable(info.app_name)
    return f'"{name}" {info.app_id}' if name else info.app_id


async def _ungranted(context: CheckContext, info: TokenInfo) -> Finding | None:
    waba_id = context.values.waba_id
    if not waba_id or not context.sendable("waba_id") or info.grants(waba_id):
        return None
    if await _waba_is_at_fault(context, info):
        return None
    withheld = info.withheld(waba_id)
    what = "it is" if len(withheld) > 1 else f"{withheld[0]} is"
    granted = sorted(info.granted - {waba_id})
    accounts = ", ".join(granted[:_MOST_ACCOUNTS]) or "no account"
    return new_finding(
        "access_token.no_grant",
        f"Graph: {what} granted for {accounts}, not for {waba_id}",
        app_id=context.app_id,
        choices=[Choice("waba_id", id_, "granted to this token") for id_ in granted],
    )


async def _waba_is_at_fault(context: CheckContext, info: TokenInfo) -> bool:
    """Whether the WABA ID is wrong rather than the grant.

    Meta answers alike for an account that does not exist and one that this token may not see. Two
    things tell them apart: Graph names the kind of an object that is no WABA, and a phone number
    that stands in an account the token is granted for shows which account was meant.
    """
    refused = False
    for question in (context.waba, context.numbers):
        try:
            await question()
        except GraphError as error:
            if error.reason in NO_ANSWER:
                raise
            if error.reason is Reason.WRONG_KIND:
                return True
            refused = True
    if not refused:
        return False
    return await other_object(context) is not None or await _stands_elsewhere(context, info)


async def _stands_elsewhere(context: CheckContext, info: TokenInfo) -> bool:
    for account in sorted(info.granted)[:_MOST_ACCOUNTS]:
        try:
            numbers = await context.numbers(account)
        except (GraphError, UnusableInput):
            continue
        if context.values.phone_number_id in {number.id for number in numbers}:
            return True
    return False


def _valid(context: CheckContext, info: TokenInfo) -> Iterator[Finding]:
    app_id = context.app_id
    left = info.seconds_left(context.world.now)
    end = f"expires in {in_words(left)}, {info.end:%Y-%m-%d %H:%M} UTC" if left else "never expires"
    facts = _facts(info, left)
    name = printable(info.app_name)
    parts = [
        f'your app "{name}"' if name else f"app {info.app_id}",
        "can manage and send (both permissions)" if info.scopes else "",
        "granted for your WABA" if context.values.waba_id and info.scopes else "",
        f"{facts.kind}: {end}" if info.expires_at is not None else "expiry unknown",
    ]
    evidence = "; ".join(filter(None, parts))
    yield new_finding("access_token.valid", evidence, app_id=app_id, facts=facts)
    if left is not None and left < context.world.warn_ahead.seconds(facts.kind):
        yield new_finding("access_token.expires_soon", f"It {end}", app_id=app_id)


def _facts(info: TokenInfo, left: float | None) -> TokenFacts:
    return TokenFacts(_lifetime(info, left), printable(info.app_name), info.expires_at)


def _lifetime(info: TokenInfo, left: float | None) -> str:
    """Meta does not mark every long-lived token as one, but a temporary one has a day at most."""
    long = left is not None and left > _LONGEST_TEMPORARY.total_seconds()
    return "long-lived" if long and info.lifetime == "temporary" else info.lifetime
