"""Where a token was generated, and so where the next one is to be had."""

from __future__ import annotations

from dataclasses import replace

from wizard.findings import Finding, Report
from wizard.guide import Step, guide
from wizard.journeys.rotation.stages import NAME

_AT_SYSTEM_USER = {"7.1": "12.4", "7.3": "12.3", "7.4": "12.4", "7.5": "12.5"}
"""What one does on the system user's page in place of a step of chapter 7."""


def with_token_source(step: Step, report: Report) -> Report:
    """The report on a token that was pasted at this step, its cures on the page that the step
    is about: the chapter whose step renews a token is the system user's."""
    if NAME not in step.renews:
        return report
    return replace(report, findings=tuple(_at_system_user(one) for one in report.findings))


def _at_system_user(finding: Finding) -> Finding:
    there = guide().by_id.get(_AT_SYSTEM_USER.get(finding.step or "", ""))
    if there is None or finding.subject != NAME:
        return finding
    elsewhere = [fix for fix in finding.fix if f"(step {finding.step})" not in fix]
    kind = "step" if there.counted else "page"
    fix = (f"{there.title} ({kind} {there.id})", *elsewhere)
    return replace(finding, fix=fix, step=there.id, url=there.link)
