"""A path of a real framework's server, and what the diagnosis of it must come to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.faults.server import SECRET, TOKEN
from wizard.checks.callback.diagnose import Terms, diagnose_callback
from wizard.findings import Report, Status
from wizard.values.credentials import Secret

_LIMIT = 3.0


@dataclass(frozen=True)
class Known:
    """`expected` is the primary finding, or a warning where there is none; `says` stands in its
    evidence or fix."""

    path: str
    expected: str
    says: str = ""
    token: str | None = TOKEN
    secret: str | None = SECRET
    limit: float = _LIMIT


def each(*known: Known) -> pytest.MarkDecorator:
    ids = [f"{one.path}-{one.expected.partition('.')[2]}" for one in known]
    return pytest.mark.parametrize("known", known, ids=ids)


async def expect(known: Known, port: int) -> None:
    """Diagnoses it. Raises `AssertionError` where something else comes out."""
    token, secret = (Secret(text) if text else None for text in (known.token, known.secret))
    told = diagnose_callback(
        f"http://127.0.0.1:{port}/{known.path}", token, secret, terms=Terms(known.limit, 0.05)
    )
    report = Report.of("test", [finding async for finding in told])
    by_id = {finding.id: finding for finding in report.findings}
    assert known.expected in by_id, [f"{f.id}: {f.evidence}" for f in report.findings]
    finding = by_id[known.expected]
    assert report.primary is (finding if finding.status is Status.FAIL else None)
    assert known.says in f"{finding.evidence} {' '.join(finding.fix)}", finding
    if finding.status is Status.PASS:
        assert set(by_id) == {known.expected, "webhook.local_only"}
