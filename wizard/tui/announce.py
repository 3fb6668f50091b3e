"""What no longer passes, in words for a corner of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.credentials import CREDENTIALS
from wizard.findings import Finding, Status


def failures(findings: Mapping[str, tuple[Finding, ...]]) -> Iterator[tuple[str, str]]:
    """A title and a text for each finding that failed."""
    for name, said in findings.items():
        for finding in said:
            if finding.status is Status.FAIL:
                renews = name == "access_token"
                how = "r" if renews else f"/ and {finding.step}" if finding.step else ""
                where = f" A new one: press {how}." if how else ""
                yield CREDENTIALS[name].label, f"{finding.title}.{where}"
