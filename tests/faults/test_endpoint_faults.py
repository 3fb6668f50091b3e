"""Every fault of an endpoint is named, and no healthy endpoint is accused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import pytest

from tests.faults import endpoints, fronts, guards, handlers, healthy, hosting, posting
from tests.faults.certificates import authority, context
from tests.faults.conftest import NAMES
from tests.faults.endpoints import Case
from tests.faults.server import SECRET, listening
from tests.tables import Lines
from wizard.checks.callback.diagnose import Terms, diagnose_callback
from wizard.findings import Finding, Report, Status
from wizard.values.credentials import Secret

_ALL = (endpoints, healthy, posting, hosting, handlers, fronts, guards)


def _by_part(kind: str) -> dict[str, list[Case]]:
    parts = {part.__name__.rpartition(".")[2]: getattr(part, kind, []) for part in _ALL}
    return {name: cases for name, cases in parts.items() if cases}


def _by_finding(parts: Mapping[str, list[Case]]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in chain.from_iterable(parts.values()):
        found.setdefault(case.expected, []).append(case)
    return found


# A test goes over those of one finding: one of all would keep a single worker at it for a minute.
FAULTS = _by_finding(_by_part("FAULTS"))
HEALTHY = _by_part("HEALTHY")
WARNED = _by_part("WARNED")


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


async def judge(
    cases: Sequence[Case],
    folder: Path,
    assert_right: Callable[[Case, Report], None],
    score: Callable[[str, object], None],
) -> None:
    """Each of them, also behind one that is judged wrongly."""
    right = 0
    with Lines(len(cases)) as each:
        for case in cases:
            with each.at(case.name):
                assert_right(case, await report_of(case, folder))
                right += 1
        for name, count in zip(NAMES, (len(cases), right), strict=True):
            score(name, count)


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


def assert_named(case: Case, report: Report) -> None:
    assert report.primary is not None
    assert report.primary.id == case.expected, report.primary.evidence
    assert report.primary.evidence
    assert unsaid(case, report.primary) == [], report.primary.evidence
    assert [f.id for f in report.findings if f.status is Status.FAIL] == [case.expected]
    assert secrets_in(report, case) == []


def assert_not_accused(_case: Case, report: Report) -> None:
    assert report.primary is None, report.primary
    told = {finding.id for finding in report.findings}
    assert told == {"webhook.verified", "webhook.local_only"}


def assert_warned(case: Case, report: Report) -> None:
    assert report.primary is None, report.primary
    warned = {f.id: f for f in report.findings if f.status is Status.WARN}
    assert case.expected in warned
    assert unsaid(case, warned[case.expected]) == []
    assert secrets_in(report, case) == []


@pytest.mark.parametrize("cases", FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_named_and_nothing_else_is_blamed(
    cases: list[Case], folder: Path, record_property: Callable[[str, object], None]
) -> None:
    await judge(cases, folder, assert_named, record_property)


@pytest.mark.parametrize("cases", HEALTHY.values(), ids=HEALTHY)
async def test_a_healthy_endpoint_is_not_accused(
    cases: list[Case], folder: Path, record_property: Callable[[str, object], None]
) -> None:
    await judge(cases, folder, assert_not_accused, record_property)


@pytest.mark.parametrize("cases", WARNED.values(), ids=WARNED)
async def test_what_a_careful_owner_wants_to_know_is_a_warning(
    cases: list[Case], folder: Path, record_property: Callable[[str, object], None]
) -> None:
    await judge(cases, folder, assert_warned, record_property)
