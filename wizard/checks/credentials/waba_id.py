"""WABA ID: does the account exist, is it one, is it in good standing?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import CheckContext
from wizard.findings import Choice, Finding, new_finding
from wizard.graph import GraphError, Number, Reason, Waba
from wizard.graph.errors import NO_ANSWER
from wizard.support.texts import counted

_KINDS = {
    "WhatsAppBusinessPhoneNumber": "waba_id.is_phone_number_id",
    "WhatsAppPhoneNumber": "waba_id.is_phone_number_id",
    "Business": "waba_id.is_business_id",
}
_RESTRICTED = {"REJECTED", "BANNED", "RESTRICTED", "DISABLED", "SUSPENDED", "BLOCKED"}


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    try:
        numbers = await _numbers(context)
        waba = await context.waba()
    except GraphError as error:
        finding = await _refusal(context, error)
        if finding is None:
            raise
        yield finding
        return
    app_id = context.app_id
    if numbers is None and (finding := await other_object(context)):
        yield finding
        return
    if reason := _restriction(waba):
        yield new_finding("waba_id.restricted", reason, app_id=app_id)
        return
    numbers = numbers or ()
    count = counted(len(numbers), "number")
    yield new_finding("waba_id.valid", f'"{waba.name}", {count}', app_id=app_id)


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


async def _numbers(context: CheckContext) -> tuple[Number, ...] | None:
    """Its numbers, `None` where Graph denies that it has any; an object of another kind is often
    told from this question alone."""
    try:
        return await context.numbers()
    except GraphError as error:
        if error.reason is Reason.WRONG_KIND or error.reason in NO_ANSWER:
            raise
        return None


async def _refusal(context: CheckContext, error: GraphError) -> Finding | None:
    app_id = context.app_id
    if error.reason is Reason.WRONG_KIND:
        id_ = _KINDS.get(error.kind or "", "waba_id.is_other_object")
        return new_finding(id_, error.evidence, app_id=app_id, choices=await _granted(context))
    if error.reason in {Reason.NOT_FOUND, Reason.NO_PERMISSION}:
        if finding := await other_object(context):
            return finding
        choices = await _granted(context)
        return new_finding("waba_id.not_found", error.evidence, app_id=app_id, choices=choices)
    if error.reason is Reason.RESTRICTED:
        return new_finding("waba_id.restricted", error.evidence, app_id=app_id)
    return None


async def _granted(context: CheckContext) -> list[Choice]:
    info = await context.token()
    return [Choice("waba_id", id_, "granted to this token") for id_ in sorted(info.granted)]


def _restriction(waba: Waba) -> str | None:
    if waba.review in _RESTRICTED:
        return f"Graph: its review status is {waba.review}"
    if waba.status in _RESTRICTED:
        return f"Graph: its status is {waba.status}"
    return f"Graph: {waba.blocked}" if waba.blocked else None


CHECK = Check(
    "waba_id", run, prefetch=(CheckContext.waba, CheckContext.numbers), needs=("access_token",)
)
