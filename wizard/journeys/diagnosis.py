"""The doctor's ladder as both faces show it: its rungs, their state, what can be mended here."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from wizard import __version__
from wizard.checks import CheckFinished, Event, FindingReported
from wizard.findings import SIGNS, Finding, Report, Status
from wizard.support.texts import counted
from wizard.world import World

_WORST_FIRST = (Status.FAIL, Status.UNKNOWN, Status.SKIP, Status.WARN, Status.PASS)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first of them, if any, tells how a rung stands."""
    return tuple(sorted(findings, key=lambda one: _WORST_FIRST.index(one.status)))


@dataclass
class Ladder:
    """What was found on each of these rungs, from the bottom to the top.

    A rung that is asked once more keeps what it said before until it has settled.
    """

    rungs: Sequence[str]
    found: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    asking: set[str] = field(default_factory=set)
    _coming: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def ask(self, rungs: Iterable[str]) -> None:
        """These are about to be asked, in place of any that still are."""
        self.asking = set(rungs)
        self._coming = {}

    def handle_event(self, event: Event) -> None:
        """Takes in one event of an examination."""
        if isinstance(event, FindingReported):
            finding = replace(event.finding, check_name=event.subject)
            self._coming[event.subject] = (*self._coming.get(event.subject, ()), finding)
        elif isinstance(event, CheckFinished):
            self.found[event.subject] = self._coming.pop(event.subject, ())
            self.asking.discard(event.subject)

    @property
    def findings(self) -> Iterator[Finding]:
        for rung in self.rungs:
            yield from self.found.get(rung, ())

    def report(self, profile: str, duration_ms: int) -> Report:
        return Report.of(profile, self.findings, duration_ms)

    def rung_of(self, id_: str) -> str:
        """The lowest rung on which this was found; what it is about, where that is on none."""
        holding = (r for r in self.rungs if any(f.id == id_ for f in self.found.get(r, ())))
        return next(holding, id_.partition(".")[0])

    def waiting_for(self, rung: str) -> list[str]:
        """The rungs that were skipped because of what was found on this one."""
        ids = {finding.id for finding in self.found.get(rung, ())}
        return [
            other
            for other in self.rungs
            if any(finding.blocked_by in ids for finding in self.found.get(other, ()))
        ]


class QuickFix(StrEnum):
    """What can be mended from here."""

    REGISTER = "register"
    SUBSCRIBE = "subscribe"
    OPEN = "open"
    RESTORE = "restore"
    ROTATE = "rotate"


_REGISTER = (QuickFix.REGISTER,)
_OPEN = (QuickFix.OPEN,)
_BOTH = (QuickFix.REGISTER, QuickFix.OPEN)
_CURES = {
    "webhook.not_registered": _REGISTER,
    "webhook.inactive": _REGISTER,
    "webhook.stale_url": _REGISTER,
    "webhook.field_missing": _REGISTER,
    "webhook.shared_app": _REGISTER,
    "webhook.not_restored": (QuickFix.RESTORE,),
    "webhook.not_listening": _BOTH,
    "tunnel.offline": _BOTH,
    "tunnel.upstream_down": _BOTH,
    "webhook.interstitial": _BOTH,
    "webhook.placeholder": _OPEN,
    "webhook.private_address": _BOTH,
    "webhook.not_https": _BOTH,
    "verify_token.untested": _OPEN,
    "waba_id.app_not_subscribed": (QuickFix.SUBSCRIBE,),
    "access_token.expired": (QuickFix.ROTATE,),
    "access_token.revoked": (QuickFix.ROTATE,),
    "access_token.malformed": (QuickFix.ROTATE,),
    "access_token.is_app_token": (QuickFix.ROTATE,),
    "access_token.no_permission": (QuickFix.ROTATE,),
    "access_token.no_grant": (QuickFix.ROTATE,),
}


def quick_fixes(finding: Finding) -> tuple[QuickFix, ...]:
    """What the program itself can do about a finding, the best first."""
    return _CURES.get(finding.id, ())


def report_text(report: Report, world: World) -> str:
    """All evidence as a text that may be pasted into a forum. What the world knows and is secret
    is taken out of it once more: a server may have repeated it."""
    findings = tuple(map(world.presentable, report.findings))
    return "\n".join(_lines(replace(report, findings=findings))) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"whatsapp-wizard {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield ""
    primary = report.primary
    yield f"Cause: {primary.id}: {primary.title}" if primary else "Cause: none found"
    if primary:
        yield primary.cause
        yield from _indented(primary.fix, "-> ")
    yield ""
    for finding in report.findings:
        yield f"{SIGNS[finding.status]} {finding.status.value:<8}{finding.id}: {finding.title}"
        yield from _indented(filter(None, finding.evidence.split("; ")), "")
    yield ""
    yield f"{counted(len(report.findings), 'finding')} in {report.duration_ms} ms"


def _indented(parts: Iterable[str], sign: str) -> Iterator[str]:
    for part in parts:
        yield f"          {sign}{part}"
