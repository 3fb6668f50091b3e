"""WABA ID: does the account exist, is it one, is it in good standing?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from wizard.checks.context import CheckContext
from wizard.checks.graph_errors import explain, finding_for_error, is_whatsapp_account
from wizard.checks.health import health_findings, is_of_account
from wizard.findings import Choice, Finding, new_finding
from wizard.graph import GraphError, Number, Reason, Waba
from wizard.graph.errors import NO_ANSWER
from wizard.graph.health import HealthProblem
from wizard.support.texts import counted

_KINDS = {
    "WhatsAppBusinessPhoneNumber": "waba_id.is_phone_number_id",
    "WhatsAppPhoneNumber": "waba_id.is_phone_number_id",
    "Business": "waba_id.is_business_id",
}
_RESTRICTED = {"REJECTED", "BANNED", "RESTRICTED", "DISABLED", "SUSPENDED", "BLOCKED"}


_TELLING = {Reason.WRONG_KIND, Reason.WHATSAPP_ACCOUNT}
"""What is told of an object by the question for its numbers alone."""


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    try:
        numbers, refused = await _numbers(context)
        waba = await context.waba()
    except GraphError as error:
        finding = await _refusal(context, error)
        if finding is None:
            raise
        yield finding
        return
    finding = (
        (await other_object(context) if numbers is None else None)
        or await _other_account(context, numbers)
        or _limited(refused, context.app_id)
    )
    if finding is None and (told := await context.told_of_account()):
        finding = await explain(context, told, "waba_id")
    if finding is not None:
        yield finding
        return
    problems = await _problems(context, waba, numbers)
    for finding in _standing(waba, problems, numbers, context.app_id):
        context.told.add(finding.id)
        yield finding


async def other_object(context: CheckContext) -> Finding | None:
    """What stands in the WABA's place, where Graph shows it and yet no numbers of it."""
    app_id, value = context.app_id, context.values.waba_id
    if value == app_id:
        return new_finding("waba_id.is_other_object", "It is your App ID", app_id=app_id)
    owned = await context.portfolio()
    if owned is None and value not in (await context.token()).portfolios:
        return None
    choices = [Choice("waba_id", waba.id, waba.name) for waba in owned or ()]
    return new_finding(
        "waba_id.is_business_id",
        "Graph lists its WABAs" if owned else "The token names it as a portfolio",
        app_id=app_id,
        choices=choices or await _granted(context),
    )


async def _numbers(
    context: CheckContext,
) -> tuple[tuple[Number, ...] | None, GraphError | None]:
    """Its numbers, or why Graph does not list them; an object of another kind is often told from
    this question alone."""
    try:
        return await context.numbers(), None
    except GraphError as error:
        if error.reason in _TELLING or error.reason in NO_ANSWER:
            raise
        return None, error


def _limited(refused: GraphError | None, app_id: str | None) -> Finding | None:
    """An account that is shown, and whose numbers Meta says the token may not list."""
    if refused is None or refused.reason not in {Reason.NO_PERMISSION, Reason.NO_GRANT}:
        return None
    return finding_for_error(refused, "waba_id", app_id, was_read=True)


async def _refusal(context: CheckContext, error: GraphError) -> Finding | None:
    app_id = context.app_id
    if error.reason is Reason.WRONG_KIND:
        id_ = _KINDS.get(error.kind or "", "waba_id.is_other_object")
        return new_finding(id_, error.evidence, app_id=app_id, choices=await _granted(context))
    if error.reason in {Reason.NOT_FOUND, Reason.NO_PERMISSION}:
        if await context.has_read("waba_id"):
            return None
        if finding := await other_object(context):
            return finding
        choices = await _granted(context)
        return new_finding("waba_id.not_found", error.evidence, app_id=app_id, choices=choices)
    if error.reason is Reason.RESTRICTED:
        return new_finding("waba_id.restricted", error.evidence, app_id=app_id)
    return None


async def _granted(context: CheckContext) -> list[Choice]:
    """The accounts that the token names, that of the number first."""
    own, granted = await context.messaging_account(), (await context.token()).granted
    others = sorted(granted - {own.id} if own else granted)
    choices = [Choice("waba_id", id_, "granted to this token") for id_ in others]
    return [Choice("waba_id", own.id, "the number's own"), *choices] if own else choices


async def _other_account(
    context: CheckContext, numbers: tuple[Number, ...] | None
) -> Finding | None:
    """A WhatsApp account in the WABA's place: it reads just like one and has the number too, but
    the number names another account, the one that sends and is called."""
    stored, own = context.values.waba_id, await context.messaging_account()
    listed = numbers is None or context.values.phone_number_id in {one.id for one in numbers}
    if own is None or own.id == stored or not listed:
        return None
    said = f"The number's {own.named_by} names account {own.id}, not {stored}"
    return await is_whatsapp_account(context, said)


async def _problems(
    context: CheckContext, waba: Waba, numbers: tuple[Number, ...] | None
) -> tuple[HealthProblem, ...]:
    """What keeps it from sending, by its own health status and by that of its number."""
    number = await context.own_number()
    is_its = number is not None and number.id in {one.id for one in numbers or ()}
    told = number.health.problems if number is not None and is_its else ()
    return (*waba.health.problems, *filter(is_of_account, told))


def _standing(
    waba: Waba,
    problems: tuple[HealthProblem, ...],
    numbers: tuple[Number, ...] | None,
    app_id: str | None,
) -> Iterator[Finding]:
    """Whether it is in good standing, and what keeps it from sending."""
    health = tuple(health_findings(problems, app_id))
    restricted = [one for one in health if one.id == "waba_id.restricted"]
    if reason := _restriction(waba):
        advice = "".join(f"; {one.evidence}" for one in restricted)
        yield new_finding("waba_id.restricted", f"{reason}{advice}", app_id=app_id)
    elif restricted:
        yield from restricted
    else:
        said = f'"{waba.name}", {_count(numbers)}'
        yield new_finding("waba_id.valid", said, app_id=app_id)
    yield from (one for one in health if one not in restricted)


def _count(numbers: tuple[Number, ...] | None) -> str:
    if numbers is None:
        return "whose numbers can't be listed"
    return counted(len(numbers), "number")


def _restriction(waba: Waba) -> str | None:
    if waba.review in _RESTRICTED:
        return f"Graph: its review status is {waba.review}"
    return f"Graph: its status is {waba.status}" if waba.status in _RESTRICTED else None
