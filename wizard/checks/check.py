"""All checks there are: what each asks, what it rests on, and which file judges the answers."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias, cast

from wizard.checks.context import CheckContext

if TYPE_CHECKING:
    from wizard.findings import Finding

Prefetch: TypeAlias = Callable[[CheckContext], Awaitable[object]]
Run: TypeAlias = "Callable[[CheckContext], AsyncIterator[Finding]]"


@dataclass(frozen=True)
class Check:
    """How one subject is judged, or one of a subject's rungs.

    `home` is the file here that judges it, with its `run`: it is loaded while the answers are on
    their way. `prefetch` is put at once, side by side with every other check's. `run` is called
    when the checks that it `needs` have settled well, and those it `uses` have settled well or are
    missing or malformed, and those it comes `after` have settled anyhow, where they run at all; it
    yields findings and raises what Graph raised where it has no better word for it.
    """

    subject: str
    home: str
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

    @property
    def module(self) -> str:
        """The file that judges it, by its whole name."""
        return f"{__package__}.{self.home}"

    @property
    def run(self) -> Run:
        module = sys.modules.get(self.module) or import_module(self.module)
        return cast(Run, module.run)


_OF_CREDENTIALS = (
    Check("keyring", "keyring"),
    Check("graph", "graph"),
    Check("app_id", "credentials.app_id", prefetch=(CheckContext.app,)),
    Check("app_secret", "credentials.app_secret", prefetch=(CheckContext.app,), needs=("app_id",)),
    Check(
        "access_token",
        "credentials.access_token",
        prefetch=(CheckContext.token, CheckContext.waba, CheckContext.number),
        uses=("app_id", "app_secret"),
    ),
    Check(
        "waba_id",
        "credentials.waba_id",
        prefetch=(CheckContext.waba, CheckContext.numbers),
        needs=("access_token",),
    ),
    Check(
        "phone_number_id",
        "credentials.phone_number_id",
        prefetch=(CheckContext.number,),
        needs=("access_token",),
        after=("waba_id",),
    ),
    Check("verify_token", "credentials.verify_token", after=("callback",)),
)
_OF_WEBHOOK = (
    Check("webhook", "endpoint", rung="endpoint"),
    Check("webhook", "callback.check", limit=60.0, rung="callback"),
    Check(
        "webhook",
        "record",
        prefetch=(CheckContext.record, CheckContext.webhook_configuration),
        needs=("app_id", "app_secret"),
        rung="record",
    ),
    Check(
        "waba_id",
        "subscription",
        prefetch=(CheckContext.subscribed_apps,),
        needs=("waba_id",),
        uses=("app_id",),
        rung="subscription",
    ),
    Check(
        "webhook",
        "verification",
        needs=("app_id", "app_secret", "verify_token", "record"),
        rung="handshake",
    ),
    Check(
        "webhook",
        "publication",
        needs=("callback", "record", "subscription"),
        rung="publication",
    ),
)

CHECKS: Mapping[str, Check] = {check.name: check for check in (*_OF_CREDENTIALS, *_OF_WEBHOOK)}
"""By name, from the bottom rung to the top."""
CREDENTIAL_RUNGS = tuple(check.name for check in _OF_CREDENTIALS)
"""What `check` asks: whether the six are right."""
RUNGS = tuple(CHECKS)
"""With what `doctor` asks beside: whether messages arrive."""


def with_dependencies(names: Iterable[str], absent: Container[str] = ()) -> list[Check]:
    """The checks of these names and of all that they rest on, in the order of the rungs; what
    is merely of use to one, and absent, is not asked for."""
    wanted, open_ = set[str](), list(names)
    while open_:
        name = open_.pop()
        if name not in wanted:
            wanted.add(name)
            of_use = (used for used in CHECKS[name].uses if used not in absent)
            open_ += [*CHECKS[name].needs, *of_use]
    if any(CHECKS[name].prefetch for name in wanted):
        wanted.add("graph")
    return [check for check in CHECKS.values() if check.name in wanted]
