"""Every fault of an endpoint is named, and no healthy endpoint is accused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import endpoints, fronts, guards, handlers, healthy, hosting, posting
from tests.faults.certificates import authority, context
from tests.faults.endpoints import Case
from tests.faults.score import Score
from tests.faults.server import SECRET, listening
from tests.tables import each_line, each_line_by
from wizard.checks.callback.diagnose import Terms, diagnose_callback
from wizard.findings import Finding, Report, Status
from wizard.values.credentials import Secret

_ALL = (endpoints, healthy, posting, hosting, handlers, fronts, guards)
FAULTS = [case for part in _ALL for case in getattr(part, "FAULTS", ())]
HEALTHY = [case for part in _ALL for case in getattr(part, "HEALTHY", ())]
WARNED = [case for part in _ALL for case in getattr(part, "WARNED", ())]
PLACES = {
    case.name: part.__name__.rpartition(".")[2]
    for part in _ALL
    for case in getattr(part, "HEALTHY", ())
}
"""In which table a healthy one stands."""


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For certificates. The authority of the tests is trusted, and there is no proxy."""
    folder = tmp_path_factory.mktemp("certificates")
    roots = folder / "roots.pem"
    roots.write_bytes(authority().pem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(roots))
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
        yield folder


async def report_of(case: Case, folder: Path) -> Report:
    tls = None if case.tls is None else context(folder, **case.tls)
    token, secret = (Secret(text) if text else None for text in (case.token, case.secret))
    async with listening(case.callback, tls) as port:
        url = f"{case.scheme}://127.0.0.1:{port}{case.path}"

        async def is_verified() -> bool:
            return case.is_verified

        terms = Terms(case.limit, case.pause, case.may_deliver, is_verified)
        findings = [f async for f in diagnose_callback(url, token, secret, terms=terms)]
    return Report.of("test", findings)


def secrets_in(report: Report, case: Case) -> list[str]:
    """Parts of secrets that stand in a report: eight characters in a row are too many."""
    said = str(report.as_dict())
    parts = {
        text[start : start + 8]
        for text in (case.token, case.secret, SECRET)
        if text and len(text) >= 16
        for start in range(len(text) - 7)
    }
    return [part for part in parts if part in said]


def unsaid(case: Case, finding: Finding) -> list[str]:
    said = " ".join((finding.evidence, *finding.fix[:2])).lower()
    return [words for words in case.says if words.lower() not in said]


@each_line_by(lambda case: case.expected, "case", FAULTS, ids=lambda case: case.name)
async def test_a_fault_is_named_and_nothing_else_is_blamed(
    case: Case, folder: Path, score: Score
) -> None:
    with score.one():
        report = await report_of(case, folder)

        assert report.primary is not None
        assert report.primary.id == case.expected, report.primary.evidence
        assert report.primary.evidence
        assert unsaid(case, report.primary) == [], report.primary.evidence
        assert [f.id for f in report.findings if f.status is Status.FAIL] == [case.expected]
        assert secrets_in(report, case) == []


@each_line_by(lambda case: PLACES[case.name], "case", HEALTHY, ids=lambda case: case.name)
async def test_a_healthy_endpoint_is_not_accused(case: Case, folder: Path, score: Score) -> None:
    with score.one():
        report = await report_of(case, folder)

        assert report.primary is None, report.primary
        told = {finding.id for finding in report.findings}
        assert told == {"webhook.verified", "webhook.local_only"}


@each_line("case", WARNED, ids=lambda case: case.name)
async def test_what_a_careful_owner_wants_to_know_is_a_warning(case: Case, folder: Path) -> None:
    report = await report_of(case, folder)

    assert report.primary is None, report.primary
    warned = {f.id: f for f in report.findings if f.status is Status.WARN}
    assert case.expected in warned
    assert unsaid(case, warned[case.expected]) == []
    assert secrets_in(report, case) == []
