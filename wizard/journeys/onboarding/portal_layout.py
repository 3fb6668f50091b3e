"""Which layout of Meta's portal the person of an onboarding sees."""

from __future__ import annotations

from dataclasses import replace

from wizard.findings import Finding
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.portal import layouts


def layout_of(onboarding: Onboarding) -> str | None:
    """The layout's name, where the person has said it and the guide still has it."""
    layout = onboarding.progress.portal
    return layout if layout in layouts() else None


async def choose_layout(onboarding: Onboarding, name: str) -> None:
    """Takes in, and remembers, which layout this person sees."""
    await onboarding.update_progress(lambda progress: replace(progress, portal=name))


def findings_of(onboarding: Onboarding, name: str) -> tuple[Finding, ...]:
    """What was found of a credential, in the words of this person's portal."""
    layout = layout_of(onboarding)
    return tuple(one.in_layout(layout) for one in onboarding.findings.get(name, ()))
