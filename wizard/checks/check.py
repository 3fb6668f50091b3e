"""The form of a check, and the registry that walking this package fills."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from wizard.checks.questions import Questions
from wizard.findings import SUBJECTS, Finding

Ask = Callable[[Questions], Awaitable[object]]


@dataclass(frozen=True)
class Check:
    """How one subject is judged.

    `asks` are put at once, side by side with every other check's. `judge` runs when the subjects
    it `needs` have settled well, and those it `uses` have settled well or are missing; it yields
    findings and raises what Graph raised where it has no better word for it.
    """

    subject: str
    judge: Callable[[Questions], AsyncIterator[Finding]]
    asks: tuple[Ask, ...] = ()
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    limit: float = 30.0


@cache
def registry() -> Mapping[str, Check]:
    """Every check there is, by subject, from the bottom rung to the top."""
    import wizard.checks as package

    modules = (
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    )
    checks = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    return {
        check.subject: check for check in sorted(checks, key=lambda c: SUBJECTS.index(c.subject))
    }


def with_needs(subjects: Iterable[str], absent: Container[str] = ()) -> list[Check]:
    """The checks of these subjects and of all that they rest on, in the order of the rungs; what
    is merely of use to one, and absent, is not asked for."""
    known, wanted, open_ = registry(), set[str](), list(subjects)
    while open_:
        subject = open_.pop()
        if subject not in wanted:
            wanted.add(subject)
            of_use = (used for used in known[subject].uses if used not in absent)
            open_ += [*known[subject].needs, *of_use]
    if any(known[subject].asks for subject in wanted):
        wanted.add("graph")
    return [check for check in known.values() if check.subject in wanted]
