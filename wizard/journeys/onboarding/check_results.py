"""What a test leaves behind: of each credential when it was tested, of the token when it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wizard.findings import Finding, Status
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.state import CheckRecord, Progress
from wizard.values.credentials import CREDENTIALS, Values
from wizard.values.shapes import is_plausible
from wizard.world import World


def check_outcome(findings: tuple[Finding, ...]) -> CheckOutcome:
    """What these findings amount to; a skipped one lacked its inputs, so nothing was tested."""
    statuses = {finding.status for finding in findings}
    if Status.FAIL in statuses:
        return CheckOutcome.FAILED
    offline = any((finding.blocked_by or "").startswith("graph.") for finding in findings)
    if offline or Status.UNKNOWN in statuses:
        return CheckOutcome.UNANSWERED
    return CheckOutcome.PASSED if Status.PASS in statuses else CheckOutcome.UNTESTED


def may_store(name: str, drafts: Values, findings: Mapping[str, tuple[Finding, ...]]) -> bool:
    """Whether a draft may be stored unasked: it passed, or nothing can be asked of it yet, and it
    looks right."""
    said = findings.get(name)
    outcome = check_outcome(said) if said else None
    untested = outcome is CheckOutcome.UNTESTED and is_plausible(name, drafts.get(name))
    return untested or outcome is CheckOutcome.PASSED


def record(
    progress: Progress, findings: Mapping[str, tuple[Finding, ...]], world: World
) -> Progress:
    """What a test leaves in the state: when each credential was tested, with which outcome, and
    when the token ends. An answer that did not come changes nothing."""
    now, tested = world.clock(), dict(progress.tested)
    for name in CREDENTIALS:
        said = check_outcome(findings.get(name, ()))
        if (
            said in {CheckOutcome.PASSED, CheckOutcome.FAILED}
            and world.values.get(name) is not None
        ):
            worst = next((f for f in findings[name] if f.status is Status.FAIL), findings[name][0])
            tested[name] = CheckRecord(now, said, worst.id)
    facts = next((f.facts for f in findings.get("access_token", ()) if f.facts), None)
    if facts is None:
        return replace(progress, tested=tested)
    return replace(
        progress,
        tested=tested,
        token_expires_at=facts.expires_at,
        token_kind=facts.kind,
        app_name=facts.app_name,
    )


def merge(progress: Progress, new: Progress) -> Progress:
    """What is remembered, with what was newly learned over it; of what was not asked, or not
    answered, nothing changes."""
    tested = dict(progress.tested) | dict(new.tested)
    if new.token_expires_at is None and new.token_kind is None:
        return replace(progress, tested=tested)
    return replace(
        progress,
        tested=tested,
        token_expires_at=new.token_expires_at,
        token_kind=new.token_kind,
        app_name=new.app_name,
    )


def clear(progress: Progress, *names: str) -> Progress:
    """A value that is replaced or deleted takes with it what was found out about it."""
    return recall(progress, Progress(), *names)


def recall(progress: Progress, known: Progress, *names: str) -> Progress:
    """Of these values what was `known` of them, in place of what is remembered now."""
    if "access_token" in names:
        progress = replace(
            progress, token_expires_at=known.token_expires_at, token_kind=known.token_kind
        )
    others = {name: tested for name, tested in progress.tested.items() if name not in names}
    these = {name: tested for name, tested in known.tested.items() if name in names}
    return replace(progress, tested=others | these)
