"""Access token: valid, of this app, with both permissions, granted for this WABA, until when?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from wizard.checks.check import Check
from wizard.checks.questions import Questions, Unasked
from wizard.findings import Choice, Finding, TokenFacts, found
from wizard.graph import GraphError, Reason, TokenInfo
from wizard.graph.errors import NO_ANSWER
from wizard.graph.replies import PERMISSIONS
from wizard.times import in_words

WARN_TEMPORARY = timedelta(hours=2)
WARN_LONGER = timedelta(days=7)
_MOST_ACCOUNTS = 5

_REFUSALS = {
    Reason.TOKEN_UNREADABLE: "access_token.malformed",
    Reason.TOKEN_EXPIRED: "access_token.expired",
    Reason.TOKEN_REVOKED: "access_token.revoked",
    Reason.TOKEN_OTHER_APP: "access_token.other_app",
    Reason.NO_PERMISSION: "access_token.no_permission",
    Reason.BLOCKED: "access_token.blocked",
    Reason.APP_TOKEN_REFUSED: "app_secret.app_token_refused",
    Reason.MAY_NOT_INSPECT: "app_secret.app_token_refused",
}


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    app_id = questions.values.app_id
    try:
        info = await questions.token()
        if info.trouble is not None:
            raise info.trouble
    except GraphError as error:
        if error.reason not in _REFUSALS:
            raise
        yield found(_REFUSALS[error.reason], _refusal(questions, error), app_id=app_id)
        return
    finding = _mistaken(questions, info) or await _ungranted(questions, info)
    if finding is not None:
        yield finding
        return
    for finding in _valid(questions, info):
        yield finding


def _refusal(questions: Questions, error: GraphError) -> str:
    if error.reason is not Reason.TOKEN_OTHER_APP:
        return error.evidence
    return f"{error.evidence}; your App ID is {questions.values.app_id}"


def _mistaken(questions: Questions, info: TokenInfo) -> Finding | None:
    app_id = questions.values.app_id
    if info.kind == "APP":
        return found("access_token.is_app_token", "Graph: its type is APP", app_id=app_id)
    if app_id and questions.sendable("app_id") and info.app_id != app_id:
        name = f'"{info.app_name}" ' if info.app_name else ""
        evidence = f"Graph: it was made for app {name}{info.app_id}; your App ID is {app_id}"
        return found("access_token.other_app", evidence, app_id=app_id)
    lacking = [name for name in PERMISSIONS if info.scopes is not None and name not in info.scopes]
    if lacking:
        evidence = f"It lacks {' and '.join(lacking)}"
        return found("access_token.no_permission", evidence, app_id=app_id)
    return None


async def _ungranted(questions: Questions, info: TokenInfo) -> Finding | None:
    waba_id = questions.values.waba_id
    if not waba_id or not questions.sendable("waba_id") or info.grants(waba_id):
        return None
    if await _waba_is_at_fault(questions, info):
        return None
    granted = sorted(info.granted)
    accounts = ", ".join(granted[:_MOST_ACCOUNTS]) or "no account"
    return found(
        "access_token.no_grant",
        f"Graph: it is granted for {accounts}, not for {waba_id}",
        app_id=questions.values.app_id,
        choices=[Choice("waba_id", id_, "granted to this token") for id_ in granted],
    )


async def _waba_is_at_fault(questions: Questions, info: TokenInfo) -> bool:
    """Whether the WABA ID is wrong rather than the grant.

    Meta answers alike for an account that does not exist and one that this token may not see. Two
    things tell them apart: Graph names the kind of an object that is no WABA, and a phone number
    that stands in an account the token is granted for shows which account was meant.
    """
    for question in (questions.waba, questions.numbers):
        try:
            await question()
        except GraphError as error:
            if error.reason in NO_ANSWER:
                raise
            if error.reason is Reason.WRONG_KIND:
                return True
    for account in sorted(info.granted)[:_MOST_ACCOUNTS]:
        try:
            numbers = await questions.numbers(account)
        except (GraphError, Unasked):
            continue
        if questions.values.phone_number_id in {number.id for number in numbers}:
            return True
    return False


def _valid(questions: Questions, info: TokenInfo) -> Iterator[Finding]:
    app_id = questions.values.app_id
    left = info.seconds_left(questions.world.clock())
    end = f"ends in {in_words(left)}, {info.end:%Y-%m-%d %H:%M} UTC" if left else "does not end"
    parts = [
        f'of your app "{info.app_name}"' if info.app_name else f"of app {info.app_id}",
        "may manage and send (both permissions)" if info.scopes else "",
        "granted for your WABA" if questions.values.waba_id and info.scopes else "",
        f"{info.lifetime}: {end}" if info.expires_at is not None else "",
    ]
    evidence = "; ".join(filter(None, parts))
    facts = TokenFacts(info.lifetime, info.app_name, info.expires_at)
    yield found("access_token.valid", evidence, app_id=app_id, facts=facts)
    ahead = WARN_TEMPORARY if info.lifetime == "temporary" else WARN_LONGER
    if left is not None and left < ahead.total_seconds():
        yield found("access_token.expires_soon", f"It {end}", app_id=app_id)


CHECK = Check(
    "access_token",
    judge,
    asks=(Questions.token,),
    uses=("app_id", "app_secret"),
)
