"""WABA ID: does the account exist, is it one, is it in good standing?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Choice, Finding, found
from wizard.graph import GraphError, Number, Reason, Waba
from wizard.graph.errors import NO_ANSWER

_KINDS = {
    "WhatsAppBusinessPhoneNumber": "waba_id.is_phone_number_id",
    "WhatsAppPhoneNumber": "waba_id.is_phone_number_id",
    "Business": "waba_id.is_business_id",
}
_RESTRICTED = {"REJECTED", "BANNED", "RESTRICTED", "DISABLED", "SUSPENDED", "BLOCKED"}


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    try:
        numbers = await _numbers(questions)
        waba = await questions.waba()
    except GraphError as error:
        finding = await _refusal(questions, error)
        if finding is None:
            raise
        yield finding
        return
    app_id = questions.app_id
    if numbers is None and (finding := await other_object(questions)):
        yield finding
        return
    if reason := _restriction(waba):
        yield found("waba_id.restricted", reason, app_id=app_id)
        return
    numbers = numbers or ()
    count = f"{len(numbers)} number{'' if len(numbers) == 1 else 's'}"
    yield found("waba_id.valid", f'"{waba.name}", {count}', app_id=app_id)


async def other_object(questions: Questions) -> Finding | None:
    """What stands in the WABA's place, where Graph shows it and yet no numbers of it."""
    app_id, value = questions.app_id, questions.values.waba_id
    if value == app_id:
        return found("waba_id.is_other_object", "It is your App ID", app_id=app_id)
    owned = await questions.portfolio()
    if owned is None and value not in (await questions.token()).portfolios:
        return None
    choices = [Choice("waba_id", waba.id, waba.name) for waba in owned or ()]
    return found(
        "waba_id.is_business_id",
        "Graph lists its WhatsApp accounts" if owned else "The token names it as a portfolio",
        app_id=app_id,
        choices=choices or await _granted(questions),
    )


async def _numbers(questions: Questions) -> tuple[Number, ...] | None:
    """Its numbers, `None` where Graph denies that it has any; an object of another kind is often
    told from this question alone."""
    try:
        return await questions.numbers()
    except GraphError as error:
        if error.reason is Reason.WRONG_KIND or error.reason in NO_ANSWER:
            raise
        return None


async def _refusal(questions: Questions, error: GraphError) -> Finding | None:
    app_id = questions.app_id
    if error.reason is Reason.WRONG_KIND:
        id_ = _KINDS.get(error.kind or "", "waba_id.is_other_object")
        return found(id_, error.evidence, app_id=app_id, choices=await _granted(questions))
    if error.reason in {Reason.NOT_FOUND, Reason.NO_PERMISSION}:
        if finding := await other_object(questions):
            return finding
        choices = await _granted(questions)
        return found("waba_id.not_found", error.evidence, app_id=app_id, choices=choices)
    if error.reason is Reason.RESTRICTED:
        return found("waba_id.restricted", error.evidence, app_id=app_id)
    return None


async def _granted(questions: Questions) -> list[Choice]:
    info = await questions.token()
    return [Choice("waba_id", id_, "granted to this token") for id_ in sorted(info.granted)]


def _restriction(waba: Waba) -> str | None:
    if waba.review in _RESTRICTED:
        return f"Graph: its review says {waba.review}"
    if waba.status in _RESTRICTED:
        return f"Graph: its status is {waba.status}"
    return f"Graph: {waba.blocked}" if waba.blocked else None


CHECK = Check("waba_id", judge, asks=(Questions.waba, Questions.numbers), needs=("access_token",))
