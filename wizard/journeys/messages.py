"""One message out: what is sent, what Meta made of it, and what it says of it later."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.checks import report_of
from wizard.checks.runner import unanswered
from wizard.credentials import Secret
from wizard.findings import Finding, Status, found, skipped
from wizard.graph import GraphError, Number, Reason
from wizard.graph.errors import NO_ANSWER
from wizard.journeys.recipients import Recipient
from wizard.texts import printable
from wizard.webhook.events import StatusUpdate
from wizard.webhook.kinds import dig, word
from wizard.world import World

FINDINGS = {
    130497: "message.country_restricted",
    131030: "message.not_allowed_recipient",
    131042: "message.payment",
    131047: "message.window_closed",
    131058: "message.template_test_only",
    132001: "message.template_missing",
    133005: "message.pin_mismatch",
    133006: "phone_number_id.unverified",
    133008: "message.pin_locked",
    133009: "message.pin_locked",
    133010: "message.not_registered",
    133016: "message.pin_locked",
}
"""What Meta's codes mean, whether they come at once or in a webhook.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""
_OF_TEMPLATES = {"message.template_missing", "message.template_test_only"}
_MOST_NAMED = 5
_BLOCKING = {Status.FAIL, Status.UNKNOWN}


@dataclass(frozen=True)
class Draft:
    """A message before it is sent: the text, where there is one, or else the template."""

    to: Recipient
    text: str | None = None
    template: str = "hello_world"
    language: str = "en_US"

    @property
    def about(self) -> str:
        if self.text is not None:
            return f'text "{printable(self.text)}"'
        return f"template {self.template} ({self.language})"


@dataclass(frozen=True)
class Outcome:
    """What came of it: the findings, and the message's id where Meta took one."""

    findings: tuple[Finding, ...]
    id: str | None = None


async def sender(world: World) -> Number | Outcome:
    """The number that messages go out from; an outcome where it can't be read."""
    values = world.values
    if values.phone_number_id is None or values.access_token is None:
        return Outcome(await _explained(world, None))
    try:
        return await world.graph.number(values.phone_number_id, values.access_token)
    except GraphError as error:
        return Outcome(await _explained(world, error))


async def send(world: World, draft: Draft) -> Outcome:
    """Sends it, once. Only what Meta says at once is known then: see `heard_of`."""
    number, token = _credentials(world)
    messages, to = world.graph.messages, draft.to.digits
    try:
        if draft.text is not None:
            accepted = await messages.send_text(number, token, to, draft.text)
        else:
            accepted = await messages.send_template(
                number, token, to, draft.template, draft.language
            )
    except GraphError as error:
        return Outcome(await _refused(world, error, draft))
    return Outcome((found("message.sent", f"To {draft.to.shown}; {accepted.id}"),), accepted.id)


async def register(world: World, pin: Secret) -> Outcome:
    """Registers the number with the PIN that it has, or from now on has."""
    number, token = _credentials(world)
    try:
        await world.graph.messages.register(number, token, pin)
    except GraphError as error:
        return Outcome(await _refused(world, error))
    return Outcome((found("message.registered"),))


def heard_of(update: StatusUpdate, draft: Draft) -> Finding | None:
    """What a webhook's word on the message decides; nothing where it is on its way."""
    if update.status in {"delivered", "read"}:
        return found("message.delivered", f"To {draft.to.shown}; {update.status}")
    if update.status != "failed":
        return None
    details = word(dig(update.raw, "errors", 0, "error_data", "details"))
    said = printable(f"{update.error_code}, {update.error_title} {details}", 600)
    return _finding(update.error_code, f"Meta: {said}", draft)


def unheard(draft: Draft, seconds: float) -> Finding:
    """Nothing was heard of it in this time."""
    return found("message.pending", f"To {draft.to.shown}; nothing within {seconds:g} seconds")


def pin_of(text: str) -> Secret | None:
    """A PIN of six digits, as Meta wants it; `None` for anything else."""
    digits = text.strip()
    return Secret(digits) if len(digits) == 6 and digits.isascii() and digits.isdigit() else None


def _credentials(world: World) -> tuple[str, Secret]:
    values = world.values
    if values.phone_number_id is None or values.access_token is None:
        raise LookupError("the sender was not asked for first")
    return values.phone_number_id, values.access_token


def _finding(
    code: int | None, evidence: str, draft: Draft | None, app_id: str | None = None
) -> Finding:
    id_ = FINDINGS.get(code or 0, "message.failed")
    other = draft.to.other if draft else None
    if id_ == "message.not_allowed_recipient" and draft and other:
        evidence = f"{evidence}; sent to {draft.to.shown}; the list may hold {other}"
        id_ = "message.recipient_rewritten"
    return found(id_, evidence, app_id=app_id)


async def _refused(
    world: World, error: GraphError, draft: Draft | None = None
) -> tuple[Finding, ...]:
    """The finding of Meta's code; where the fault is a credential's or the network's, theirs."""
    app_id = world.values.app_id
    if error.code not in FINDINGS and error.reason is not Reason.REFUSED:
        # Without an answer it may have gone out all the same: nothing is said of it.
        no_answer = error.reason in NO_ANSWER
        return (unanswered(error),) if no_answer else await _explained(world, error)
    finding = _finding(error.code, error.evidence, draft, app_id)
    if finding.id in _OF_TEMPLATES and (there := await _templates(world)):
        finding = found(finding.id, f"{finding.evidence}; approved: {there}", app_id=app_id)
    return (finding,)


async def _explained(world: World, error: GraphError | None) -> tuple[Finding, ...]:
    """Why nothing can be sent: no answer, or what the check of the number comes upon."""
    if error is not None and error.reason in NO_ANSWER:
        finding = unanswered(error)
        return (finding, skipped("message", finding.id))
    report = await report_of(world, ("phone_number_id",))
    if report.primary is not None:
        blocking = [one for one in report.findings if one.status in _BLOCKING]
        return (*blocking, skipped("message", report.primary.id))
    said = error.evidence if error else ""
    return (found("message.failed", said, app_id=world.values.app_id),)


async def _templates(world: World) -> str:
    """The templates that would go out, for people; nothing where they can't be listed."""
    values = world.values
    if values.waba_id is None or values.access_token is None:
        return ""
    try:
        listed = await world.graph.messages.templates(values.waba_id, values.access_token)
    except GraphError:
        return ""
    named = [f"{one.name} ({one.language})" for one in listed if one.status == "APPROVED"]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return printable(", ".join(named[:_MOST_NAMED]), 300) + more
