"""One message out: what is sent, what Meta made of it, and what it says of it later."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.checks import collect_report
from wizard.checks.context import CheckContext
from wizard.checks.graph_errors import finding_for_error, is_whatsapp_account
from wizard.findings import Finding, Status, new_finding, skipped
from wizard.graph import GraphError, Number, Reason, Template
from wizard.graph.errors import NO_ANSWER, SILENT, error_from
from wizard.journeys.messages.recipients import Recipient
from wizard.support.texts import printable
from wizard.values.credentials import Secret
from wizard.webhook.events import StatusUpdate
from wizard.webhook.json_values import dig, word
from wizard.world import World

_LOST = {Reason.CONNECT, Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.NOT_JSON}
"""What came in an answer's place says nothing of what became of the request."""

FINDINGS = {
    130403: "message.recipient_blocked",
    130472: "message.marketing_withheld",
    130497: "message.country_restricted",
    131021: "message.to_itself",
    131026: "message.undeliverable",
    131030: "message.not_allowed_recipient",
    131037: "message.name_unapproved",
    131042: "message.payment",
    131045: "message.not_registered",
    131047: "message.window_closed",
    131048: "message.quality_limited",
    131049: "message.marketing_withheld",
    131050: "message.marketing_withheld",
    131056: "message.too_many",
    131058: "message.template_test_only",
    131059: "message.cursor_invalid",
    131060: "message.unavailable",
    131062: "message.user_id_unsupported",
    131063: "message.marketing_disabled",
    131064: "message.templates_miscategorized",
    132000: "message.template_values",
    132001: "message.template_missing",
    132008: "message.template_values",
    132012: "message.template_values",
    132015: "message.template_paused",
    132016: "message.template_paused",
    132018: "message.template_values",
    133000: "message.registered_before",
    133005: "message.pin_mismatch",
    133006: "phone_number_id.unverified",
    133008: "message.pin_locked",
    133009: "message.pin_locked",
    133010: "message.not_registered",
    133015: "message.pin_locked",
    133016: "message.pin_locked",
    134100: "message.marketing_only",
    134101: "message.template_syncing",
    134102: "message.marketing_unavailable",
    134103: "message.marketing_unavailable",
    1752041: "message.onboarding_duplicate",
    2593107: "message.sync_too_often",
    2593108: "message.sync_too_late",
}
"""What Meta's codes mean, whether they come at once or in a webhook.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""
_HELD = {"held_for_quality_assessment": "message.held", "paused": "message.paused"}
"""What Meta says of a template that it took and does not send yet:
https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-pacing"""
_SAID = {"pin format": "message.pin_malformed", "already registered": "message.registered_before"}
"""What 100 means when a number is registered: two sentences of Meta's description, which gives
them no code of their own."""
_REFUSED = {Reason.REFUSED, Reason.PARAMETER_REFUSED}
LONGEST = 4096
"""Characters of a text."""
_OF_TEMPLATES = {
    "message.template_missing",
    "message.template_paused",
    "message.template_test_only",
    "message.template_values",
}
_MOST_NAMED = 5
_BLOCKING = {Status.FAIL, Status.UNKNOWN}


@dataclass(frozen=True)
class MessageDraft:
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
class SendResult:
    """What came of it: the findings, and the message's id where Meta took one.

    Where a template was refused, `others` are the approved ones beside it; `None` where that is
    not the matter, or they can't be listed.
    """

    findings: tuple[Finding, ...]
    id: str | None = None
    others: tuple[Template, ...] | None = None


async def get_sender(world: World) -> Number | SendResult:
    """The number that messages go out from; an outcome where it can't be read."""
    values = world.values
    if values.phone_number_id is None or values.access_token is None:
        return SendResult(await _explained(world, None))
    try:
        return await world.graph.number(values.phone_number_id, values.access_token)
    except GraphError as error:
        return SendResult(await _explained(world, error))


async def send(world: World, draft: MessageDraft) -> SendResult:
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
        return await _of_templates(world, await _refused(world, error, draft), draft)
    said = [new_finding("message.sent", f"To {draft.to.shown}; {accepted.id}")]
    if (held := _HELD.get(accepted.status.lower())) is not None:
        said.append(new_finding(held, f"message_status: {accepted.status}"))
    return SendResult(tuple(said), accepted.id)


async def register(world: World, pin: Secret) -> SendResult:
    """Registers the number with the PIN that it has, or from now on has."""
    number, token = _credentials(world)
    try:
        await world.graph.messages.register(number, token, pin)
    except GraphError as error:
        return SendResult(await _refused(world, error))
    return SendResult((new_finding("message.registered"),))


def heard_of(
    update: StatusUpdate, draft: MessageDraft, app_id: str | None = None
) -> Finding | None:
    """What a webhook's word on the message decides; nothing where it is on its way."""
    if update.status in {"delivered", "read", "played"}:
        return new_finding("message.delivered", f"To {draft.to.shown}; {update.status}")
    if update.status != "failed":
        return None
    details = word(dig(update.raw, "errors", 0, "error_data", "details"))
    said = printable(f"{update.error_code}, {update.error_title} {details}", 600)
    id_ = FINDINGS.get(update.error_code or 0) or _by_reason(update)
    return _finding(id_, f"Meta: {said}", draft, app_id)


def unheard(draft: MessageDraft, seconds: float) -> Finding:
    """Nothing was heard of it in this time."""
    return new_finding(
        "message.pending", f"To {draft.to.shown}; no status within {seconds:g} seconds"
    )


def unfollowed(world: World, draft: MessageDraft) -> Finding:
    """Another run of ours hears what becomes of it."""
    where = world.webhook.local_url or "another URL"
    return new_finding("message.unfollowed", f"To {draft.to.shown}; the status goes to {where}")


def pin_of(text: str) -> Secret | None:
    """A PIN of six digits, as Meta wants it; `None` for anything else."""
    digits = text.strip()
    return Secret(digits) if len(digits) == 6 and digits.isascii() and digits.isdigit() else None


def _credentials(world: World) -> tuple[str, Secret]:
    values = world.values
    if values.phone_number_id is None or values.access_token is None:
        raise LookupError("sending needs a Phone number ID and an access token")
    return values.phone_number_id, values.access_token


def _by_reason(update: StatusUpdate) -> str:
    """For a code that means to a message what it means to any call. An outage or a limit leaves
    nothing open here, as it does there: this message failed."""
    error = error_from(200, {"code": update.error_code})
    if error.reason in SILENT:
        return "message.try_later"
    if error.reason in _REFUSED:
        return "message.failed"
    return finding_for_error(error, "phone_number_id", was_read=True).id


def _finding(
    id_: str, evidence: str, draft: MessageDraft | None, app_id: str | None = None
) -> Finding:
    other = draft.to.other if draft else None
    if id_ == "message.not_allowed_recipient" and draft and other:
        evidence = f"{evidence}; sent to {draft.to.shown}; the list may have {other.shown}"
        id_ = "message.recipient_rewritten"
    return new_finding(id_, evidence, app_id=app_id)


async def _refused(
    world: World, error: GraphError, draft: MessageDraft | None = None
) -> tuple[Finding, ...]:
    """The finding of Meta's code; where the fault is a credential's or the network's, theirs."""
    app_id = world.values.app_id
    if told := next((id_ for mark, id_ in _SAID.items() if mark in error.message.lower()), None):
        return (new_finding(told, error.evidence, app_id=app_id),)
    if error.code not in FINDINGS and error.reason not in _REFUSED:
        if error.reason not in NO_ANSWER:
            return await _explained(world, error)
        finding = finding_for_error(error)
        if draft is None or error.reason not in _LOST:
            return (finding,)
        return (replace(finding, evidence=f"{finding.evidence}; the message may have been sent"),)
    id_ = FINDINGS.get(error.code or 0, "message.failed")
    return (_finding(id_, error.evidence, draft, app_id),)


async def _of_templates(
    world: World, findings: tuple[Finding, ...], refused: MessageDraft
) -> SendResult:
    """With the templates that would go out beside them, where it was one that was refused."""
    if not any(finding.id in _OF_TEMPLATES for finding in findings):
        return SendResult(findings)
    others = await _listed(world, refused)
    if others is None:
        return SendResult(findings)
    there = f"approved: {_named(others)}" if others else "no other template is approved"
    said = (replace(one, evidence=f"{one.evidence}; {there}") for one in findings)
    return SendResult(tuple(_offering(one, refused, others) for one in said), others=others)


def _offering(finding: Finding, refused: MessageDraft, others: tuple[Template, ...]) -> Finding:
    """With the command first that sends a template which is there and needs no values."""
    there = next((one for one in others if not one.values), None)
    if there is None or finding.id not in _OF_TEMPLATES:
        return finding
    to = refused.to.digits if refused.to.is_user_id else f"+{refused.to.digits}"
    command = f"whatsapp-wizard send {to} --template {there.name} --language {there.language}"
    return replace(finding, fix=(command, *finding.fix))


async def _explained(world: World, error: GraphError | None) -> tuple[Finding, ...]:
    """Why nothing can be sent: no answer, or what the check of the number comes upon."""
    if error is not None and error.reason in NO_ANSWER:
        finding = finding_for_error(error)
        return (finding, skipped("message", finding.id))
    report = await collect_report(world, ("phone_number_id",))
    if report.primary is not None:
        blocking = [one for one in report.findings if one.status in _BLOCKING]
        return (*blocking, skipped("message", report.primary.id))
    app_id = world.values.app_id
    if error is None or error.reason in _REFUSED:
        return (new_finding("message.failed", error.evidence if error else "", app_id=app_id),)
    # The check has just read the number: it is there, and more is refused of it.
    finding = finding_for_error(error, "phone_number_id", app_id, was_read=True)
    if error.reason is Reason.WHATSAPP_ACCOUNT:
        finding = await _other_account(world, error)
    return (finding, skipped("message", finding.id))


async def _other_account(world: World, error: GraphError) -> Finding:
    """The finding with the right account's ID, where the number names it."""
    context = CheckContext(world)
    try:
        return await is_whatsapp_account(context, error.evidence)
    finally:
        await context.close()


async def approved(world: World, refused: MessageDraft | None = None) -> tuple[Template, ...]:
    """The templates that would go out, without the refused one; none where they can't be listed."""
    return await _listed(world, refused) or ()


async def _listed(world: World, refused: MessageDraft | None) -> tuple[Template, ...] | None:
    values = world.values
    if values.waba_id is None or values.access_token is None:
        return None
    try:
        listed = await world.graph.messages.templates(values.waba_id, values.access_token)
    except GraphError:
        return None
    tried = None if refused is None else (refused.template, refused.language)
    there = (one for one in listed if one.status == "APPROVED")
    others = (one for one in there if (one.name, one.language) != tried)
    return tuple(sorted(others, key=lambda one: one.values))


def _named(templates: tuple[Template, ...]) -> str:
    named = [f"{one.name} ({one.language})" for one in templates]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return printable(", ".join(named[:_MOST_NAMED]), 300) + more
