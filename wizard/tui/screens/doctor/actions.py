"""Which of the doctor's keys do something now."""

from __future__ import annotations

from collections.abc import Container

from wizard.findings import Finding
from wizard.journeys.diagnosis import QuickFix


def is_offered(
    action: str,
    told: Finding | None,
    fixes: Container[QuickFix],
    *,
    is_idle: bool,
    rotates: bool,
    renews: bool,
    has_results: bool,
) -> bool:
    """Whether the action of a binding is offered, with this finding told and these fixes at hand;
    one that is not listed here always is."""
    conditions = {
        "register": is_idle and QuickFix.REGISTER in fixes and not rotates,
        "rotate": is_idle and rotates,
        "renew": is_idle and renews,
        "restore": is_idle and QuickFix.RESTORE in fixes,
        "subscribe": is_idle and QuickFix.SUBSCRIBE in fixes,
        "again": is_idle,
        "copy": is_idle and has_results,
        "open": told is not None and told.url is not None,
        "go": told is not None and told.step is not None,
    }
    return conditions.get(action, True)
