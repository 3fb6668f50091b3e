"""What an error of Graph's means, wherever it is met."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.findings import Finding, new_finding
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
}
_OF_THIS_OBJECT: Mapping[Reason, str] = {
    Reason.NOT_FOUND: "not_found",
    Reason.ID_MALFORMED: "malformed",
    Reason.WRONG_KIND: "is_other_object",
    Reason.RESTRICTED: "restricted",
}
_OBJECTS = {"waba_id", "phone_number_id"}


def finding_for_error(
    error: GraphError, about: str | None = None, app_id: str | None = None
) -> Finding:
    """The finding for an error where an answer was waited for: what it says of the token, of the
    app, of the object that was asked `about` (`waba_id` or `phone_number_id`), or else of Graph."""
    return new_finding(_id(error.reason, about), error.evidence, app_id=app_id)


def _id(reason: Reason, about: str | None) -> str:
    if about in _OBJECTS and reason in _OF_THIS_OBJECT:
        return f"{about}.{_OF_THIS_OBJECT[reason]}"
    known = {**OF_THE_TOKEN, **OF_THE_APP, **_OF_AN_OBJECT}.get(reason)
    return known or f"graph.{reason if reason in NO_ANSWER else Reason.REFUSED}"
