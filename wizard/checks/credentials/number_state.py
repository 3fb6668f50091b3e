"""What a number's own fields say of it: does it work, and what keeps it from sending?"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.health import health_findings
from wizard.findings import Finding, new_finding
from wizard.graph import Number
from wizard.graph.health import Trouble

_RESTRICTED = {"BANNED", "RESTRICTED"}
_GONE = {"DELETED", "MIGRATED"}
_UNREGISTERED = {"PENDING", "DISCONNECTED"}
_ELSEWHERE = {"NOT_APPLICABLE", "ON_PREMISE"}
_UNVERIFIED = {"NOT_VERIFIED", "UNVERIFIED"}
_FLAGGED = {"FLAGGED", "RATE_LIMITED"}
_PLAIN = _FLAGGED | {"CONNECTED", ""}


def number_findings(number: Number, app_id: str | None = None) -> Iterator[Finding]:
    """What keeps the number from working, the decisive thing first; else that it works, and what
    Meta warns of. What is said of the account it belongs to comes last.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers
    """
    health = tuple(health_findings(number.health.problems, app_id))
    if trouble := _trouble(number):
        id_, said = trouble
        yield new_finding(id_, f"{number.about}; {said}", app_id=app_id)
        # A number that is not registered, or is restricted, is blocked for that reason.
        yield from (one for one in health if one.subject != "phone_number_id")
        return
    if not any(one.id == "phone_number_id.restricted" for one in health):
        yield from _working(number, app_id)
    yield from health


def _working(number: Number, app_id: str | None) -> Iterator[Finding]:
    limit = "; sends to at most 5 numbers" if number.is_test else ""
    id_ = "phone_number_id.test_number" if number.is_test else "phone_number_id.valid"
    yield new_finding(id_, f"{number.about}{limit}", app_id=app_id)
    said = f"status {number.status or 'none'}, quality {number.quality or 'none'}"
    if number.status in _FLAGGED or number.quality == "RED":
        yield new_finding("phone_number_id.flagged", said, app_id=app_id)
    if number.status not in _PLAIN:
        yield new_finding("phone_number_id.status_unclear", f"Graph: {said}", app_id=app_id)


def _trouble(number: Number) -> tuple[str, str] | None:
    """The one reason why it does not work, and what shows it: Graph's verdict on the number goes
    before what a single field says."""
    advice = "".join(f"; {one.evidence}" for one in number.health.problems if _is_own(one.entity))
    if number.status in _RESTRICTED:
        return "phone_number_id.restricted", f"status {number.status}{advice}"
    if number.status in _GONE:
        return "phone_number_id.gone", f"status {number.status}"
    if _is_unregistered(number):
        state = f"platform {number.platform or 'none'}, status {number.status or 'none'}"
        if number.verification in _UNVERIFIED and not number.is_test:
            return "phone_number_id.unverified", f"{state}, code {number.verification}"
        return "phone_number_id.not_registered", f"{state}{advice}"
    if number.status == "UNVERIFIED" or _is_only_unverified(number):
        state = f"status {number.status or 'none'}, code {number.verification or 'none'}"
        return "phone_number_id.unverified", state
    return None


def _is_own(entity: str) -> bool:
    return entity == "PHONE_NUMBER"


def _is_unregistered(number: Number) -> bool:
    told = any(
        problem.trouble is Trouble.UNREGISTERED and _is_own(problem.entity)
        for problem in number.health.problems
    )
    return told or number.platform in _ELSEWHERE or number.status in _UNREGISTERED


def _is_only_unverified(number: Number) -> bool:
    """Whether nothing but the missing code is known of it: a number that is connected, or on the
    Cloud API, works without, as the healthiest do; and Meta never verifies its test numbers."""
    works = number.status in _PLAIN - {""} or number.platform == "CLOUD_API" or number.is_test
    return number.verification in _UNVERIFIED and not works
