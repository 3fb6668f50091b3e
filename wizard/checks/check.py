"""The form of a check, and the registry that walking this package fills."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from wizard.checks.context import CheckContext
from wizard.findings import SUBJECTS, Finding

CREDENTIAL_RUNGS = SUBJECTS[: SUBJECTS.index("tunnel")]
"""What `check` asks: whether the six are right."""
WEBHOOK_RUNGS = ("endpoint", "callback", "record", "subscription", "handshake", "publication")
"""What `doctor` asks beside: whether messages arrive."""
RUNGS = (*CREDENTIAL_RUNGS, *WEBHOOK_RUNGS)

Prefetch = Callable[[CheckContext], Awaitable[object]]


@dataclass(frozen=True)
class Check:
    """How one subject is judged, or one of a subject's rungs.

    `prefetch` is put at once, side by side with every other check's. `run` runs when the checks
    that it `needs` have settled well, and those it `uses` have settled well or are missing or
    malformed, and those it comes `after` have settled anyhow, where they run at all; it yields
    findings and raises what Graph raised where it has no better word for it.
    """

    subject: str
    run: Callable[[CheckContext], AsyncIterator[Finding]]
    prefetch: tuple[Prefetch, ...] = ()
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    limit: float = 30.0
    rung: str = ""

    @property
    def name(self) -> str:
        """By which others need it, and by which it is asked for."""
        return self.rung or self.subject


_OF_WEBHOOK = re.compile(
    r"wizard\.checks\.(callback|endpoint|publication|record|subscription|verification)\b"
)


@cache
def registry(*, webhook: bool = True) -> Mapping[str, Check]:
    """Every check there is, by name, from the bottom rung to the top; those of the `webhook` are
    loaded only where one of them is asked for."""
    import wizard.checks as package

    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    modules = (
        importlib.import_module(module.name)
        for module in found
        if webhook or not _OF_WEBHOOK.match(module.name)
    )
    checks = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    return {check.name: check for check in sorted(checks, key=lambda c: RUNGS.index(c.name))}


def with_dependencies(names: Iterable[str], absent: Container[str] = ()) -> list[Check]:
    """The checks of these names and of all that they rest on, in the order of the rungs; what
    is merely of use to one, and absent, is not asked for."""
    wanted, open_ = set[str](), list(names)
    known = registry(webhook=not set(WEBHOOK_RUNGS).isdisjoint(open_))
    while open_:
        name = open_.pop()
        if name not in wanted:
            wanted.add(name)
            of_use = (used for used in known[name].uses if used not in absent)
            open_ += [*known[name].needs, *of_use]
    if any(known[name].prefetch for name in wanted):
        wanted.add("graph")
    return [check for check in known.values() if check.name in wanted]
