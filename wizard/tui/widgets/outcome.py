"""What a live test found, in lines under a field or beside a name."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from wizard.findings import Finding, Status
from wizard.journeys.onboarding import Chip
from wizard.tui.theme import STATUS_SIGNS

_STYLES = {
    Status.PASS: "$success",
    Status.WARN: "$warning",
    Status.FAIL: "$error",
    Status.SKIP: "$text-muted",
    Status.UNKNOWN: "$warning",
}


class OutcomeView(Static):
    """Findings with sign, words and evidence; the cure under those that fail."""

    def show(self, chip: Chip, findings: tuple[Finding, ...], stored_in: str = "") -> None:
        lines = [line for finding in findings for line in _lines(finding)]
        if chip is Chip.TESTING:
            lines.append(Content.styled("◌  asking Meta …", "$text-muted"))
        if stored_in:
            lines += [Content(""), Content.styled(stored_in, "$text-muted")]
        self.display = bool(lines)
        self.update(Content("\n").join(lines))


def _lines(finding: Finding) -> list[Content]:
    style = _STYLES[finding.status]
    lines = [
        Content.assemble(
            (f"{STATUS_SIGNS[finding.status]}  ", style), (finding.title, f"bold {style}")
        )
    ]
    lines += [Content.styled(f"   {part}", "$foreground 80%") for part in _parts(finding.evidence)]
    if finding.status in {Status.FAIL, Status.UNKNOWN}:
        lines += [Content.styled(f"   {finding.cause}", "$foreground 80%"), Content("")]
        lines += [Content(f"   → {step}") for step in finding.fix if "whatsapp-wizard" not in step]
    return lines


def _parts(evidence: str) -> list[str]:
    return [part for part in evidence.split("; ") if part]
