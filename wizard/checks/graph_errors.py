"""What an error of Graph's means, wherever it is met."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.checks.context import CheckContext
from wizard.findings import Choice, Finding, new_finding
from wizard.graph import GraphError, Reason
from wizard.graph.errors import NO_ANSWER

OF_THE_TOKEN = {
    Reason.TOKEN_UNREADABLE: "access_token.malformed",
    Reason.TOKEN_EXPIRED: "access_token.expired",
    Reason.TOKEN_REVOKED: "access_token.revoked",
    Reason.TOKEN_OTHER_APP: "access_token.other_app",
    Reason.NO_PERMISSION: "access_token.no_permission",
    Reason.NO_GRANT: "access_token.no_grant",
    Reason.BLOCKED: "access_token.blocked",
}
OF_THE_APP = {
    Reason.APP_TOKEN_REFUSED: "app_secret.app_token_refused",
    Reason.MAY_NOT_INSPECT: "app_secret.app_token_refused",
    Reason.SECRET_MISMATCH: "app_secret.mismatch",
    Reason.APP_UNKNOWN: "app_id.unknown",
}
_OF_AN_OBJECT: Mapping[Reason, str] = {
    Reason.NEEDS_SUBSCRIPTION: "waba_id.app_not_subscribed",
    Reason.NOT_REGISTERED: "phone_number_id.not_registered",
    Reason.IN_REVIEW: "phone_number_id.in_review",
    Reason.ACCOUNT_LOCKED: "waba_id.restricted",
    Reason.WHATSAPP_ACCOUNT: "waba_id.is_whatsapp_account",
}
_OF_THIS_OBJECT: Mapping[Reason, str] = {
    Reason.NOT_FOUND: "not_found",
    Reason.ID_MALFORMED: "malformed",
    Reason.WRONG_KIND: "is_other_object",
    Reason.RESTRICTED: "restricted",
}
_OBJECTS = {
    "waba_id": "waba_id.limited_access",
    "phone_number_id": "phone_number_id.limited_access",
}
"""And what is said of one that the run has read, where more of it is refused."""
_UNSEEN = {Reason.NOT_FOUND, Reason.ID_MALFORMED, Reason.NO_PERMISSION, Reason.NO_GRANT}
"""With these Meta refuses what it hides, and just so what it shows and does not let one do."""


def finding_for_error(
    error: GraphError,
    about: str | None = None,
    app_id: str | None = None,
    *,
    was_read: bool = False,
) -> Finding:
    """The finding for an error where an answer was waited for: what it says of the token, of the
    app, of the object that was asked `about` (`waba_id` or `phone_number_id`), or else of Graph.

    An object that `was_read` exists and may be seen, whatever Meta says when more is asked of it.
    """
    limited = _OBJECTS.get(about or "") if was_read and error.reason in _UNSEEN else None
    id_ = limited or _id(error.reason, about)
    return new_finding(id_, error.evidence, app_id=app_id)


async def explain(context: CheckContext, error: GraphError, about: str) -> Finding:
    """The finding for an error in a run, with regard to what the run has read."""
    if error.reason is Reason.WHATSAPP_ACCOUNT:
        return await is_whatsapp_account(context, error.evidence)
    was_read = error.reason in _UNSEEN and await context.has_read(about)
    return finding_for_error(error, about, context.app_id, was_read=was_read)


async def is_whatsapp_account(context: CheckContext, evidence: str) -> Finding:
    """The finding for a WhatsApp account's ID, with the Messaging account's where it is known."""
    own = await context.messaging_account()
    choices = [Choice("waba_id", own.id, "the Messaging account of this number")] if own else []
    if own and own.id not in evidence:
        evidence = f"{evidence}; the number's Messaging account is {own.id}"
    return new_finding(
        "waba_id.is_whatsapp_account", evidence, app_id=context.app_id, choices=choices
    )


def _id(reason: Reason, about: str | None) -> str:
    if about in _OBJECTS and reason in _OF_THIS_OBJECT:
        return f"{about}.{_OF_THIS_OBJECT[reason]}"
    known = {**OF_THE_TOKEN, **OF_THE_APP, **_OF_AN_OBJECT}.get(reason)
    return known or f"graph.{reason if reason in NO_ANSWER else Reason.REFUSED}"
