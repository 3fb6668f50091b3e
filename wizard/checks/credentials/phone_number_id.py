"""Phone number ID: does it exist, in this WABA, registered, verified; test number or own?"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext, UnusableInput
from wizard.checks.credentials.number_state import number_findings
from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Choice, Finding, new_finding
from wizard.graph import GraphError, Number, Reason
from wizard.graph.errors import NO_ANSWER
from wizard.support.texts import counted

_WABA_KIND = "WhatsAppBusinessAccount"
_LACKING = 1349176
"""The subcode with which Meta says that a permission is missing, and not that an ID is wrong."""


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    app_id = context.app_id
    try:
        number = await context.number()
    except GraphError as error:
        finding = await _refusal(context, error)
        if finding is None:
            raise
        yield finding
        return
    listed = await _listed(context)
    if listed is not None and number.id not in {other.id for other in listed}:
        has = counted(len(listed), "number")
        evidence = f"{number.about} is not in your WABA, which has {has}"
        own = number.health.waba_id
        yield new_finding(
            "phone_number_id.other_waba",
            f"{evidence}; Graph: its WABA is {own}" if own else evidence,
            app_id=app_id,
            choices=[*_choices(listed), *([Choice("waba_id", own, "its WABA")] if own else [])],
        )
        return
    for finding in number_findings(number, app_id):
        if finding.id not in context.told:
            yield finding


async def _refusal(context: CheckContext, error: GraphError) -> Finding | None:
    app_id, value = context.app_id, context.values.phone_number_id or ""
    if error.reason is Reason.WRONG_KIND:
        is_waba = error.kind == _WABA_KIND
        return await _swapped(context, error) if is_waba else _other_object(context, error)
    if error.reason is Reason.NOT_FOUND and error.code is None:
        return await _unnamed(context, error)
    if error.reason in {Reason.RESTRICTED, Reason.BLOCKED}:
        return new_finding("phone_number_id.restricted", error.evidence, app_id=app_id)
    if error.reason not in {Reason.NOT_FOUND, Reason.NO_PERMISSION} or error.subcode == _LACKING:
        return None
    if value in (await context.token()).granted or value == context.values.waba_id:
        return await _swapped(context, error)
    listed = await _listed(context) or ()
    if value in {number.id for number in listed}:
        return finding_for_error(error, "phone_number_id", app_id, was_read=True)
    same = [number for number in listed if re.sub(r"\D", "", number.display).endswith(value)]
    if same or len(value) <= 13:
        evidence = f"{error.evidence}; {same[0].about} has ID {same[0].id}" if same else ""
        return new_finding(
            "phone_number_id.is_phone_number",
            evidence or error.evidence,
            app_id=app_id,
            choices=_choices(same or listed),
        )
    return new_finding(
        "phone_number_id.not_found", error.evidence, app_id=app_id, choices=_choices(listed)
    )


async def _unnamed(context: CheckContext, error: GraphError) -> Finding:
    """An object that Graph shows, without a word on its kind: only a WABA has numbers."""
    value = context.values.phone_number_id
    if value == context.values.waba_id or await _numbers_of(context, value) is not None:
        return await _swapped(context, error)
    return _other_object(context, error)


async def _numbers_of(context: CheckContext, id_: str | None) -> tuple[Number, ...] | None:
    try:
        return await context.numbers(id_)
    except GraphError:
        return None


async def _swapped(context: CheckContext, error: GraphError) -> Finding:
    numbers = await _numbers_of(context, context.values.phone_number_id) or ()
    has = ", ".join(number.about for number in numbers)
    evidence = f"{error.evidence}; that account has {has}" if has else error.evidence
    return new_finding(
        "phone_number_id.is_waba_id",
        evidence,
        app_id=context.app_id,
        choices=_choices(numbers),
    )


def _other_object(context: CheckContext, error: GraphError) -> Finding:
    app_id = context.app_id
    return new_finding("phone_number_id.is_other_object", error.evidence, app_id=app_id)


async def _listed(context: CheckContext) -> tuple[Number, ...] | None:
    """The numbers of the WABA; `None` where that can't be asked, which is the WABA's finding."""
    try:
        return await context.numbers()
    except UnusableInput:
        return None
    except GraphError as error:
        if error.reason in NO_ANSWER:
            raise
        return None


def _choices(numbers: tuple[Number, ...] | list[Number]) -> list[Choice]:
    return [Choice("phone_number_id", number.id, number.about) for number in numbers]
