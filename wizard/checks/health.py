"""What Meta's own health check says keeps messages from going out, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wizard.findings import Finding, new_finding
from wizard.graph.health import HealthProblem, Trouble

_OF_NUMBER: Mapping[Trouble, str] = {
    Trouble.PAYMENT: "phone_number_id.payment",
    Trouble.POLICY: "phone_number_id.restricted",
    Trouble.UNREGISTERED: "phone_number_id.not_registered",
    Trouble.OTHER: "phone_number_id.send_blocked",
}
_OF_ACCOUNT: Mapping[Trouble, str] = {
    Trouble.PAYMENT: "waba_id.payment",
    Trouble.POLICY: "waba_id.restricted",
    Trouble.LOCKED: "waba_id.restricted",
}


def health_findings(
    problems: Iterable[HealthProblem], app_id: str | None = None
) -> Iterator[Finding]:
    """A finding for each thing that is wrong, however many entities say so."""
    said: dict[str, dict[str, None]] = {}
    for problem in problems:
        said.setdefault(_id(problem), {})[problem.evidence] = None
    for id_, evidence in said.items():
        yield new_finding(id_, "; ".join(evidence), app_id=app_id)


def is_of_account(problem: HealthProblem) -> bool:
    """Whether a problem is its account's, also where the number tells it."""
    return _id(problem).startswith("waba_id.")


def _id(problem: HealthProblem) -> str:
    """131031 locks an account, on whichever entity it stands; only a number is registered."""
    if problem.entity == "PHONE_NUMBER" and problem.trouble in _OF_NUMBER:
        return _OF_NUMBER[problem.trouble]
    return _OF_ACCOUNT.get(problem.trouble, "waba_id.send_blocked")
