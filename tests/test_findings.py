"""The report of the contract, its root cause and its exit code."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.findings import (
    SUBJECTS,
    Choice,
    Finding,
    Report,
    Status,
    TokenFacts,
    catalogue,
    new_finding,
    page_url,
    said_to_people,
    skipped,
)

BASIC = "https://developers.facebook.com/apps/{app_id}/settings/basic/"


def report(*findings: Finding) -> Report:
    return Report.of("default", findings, 412)


def ids(given_: Report) -> list[str]:
    return [finding.id for finding in given_.findings]


def test_the_json_is_the_contracts_to_the_letter() -> None:
    expired = new_finding(
        "access_token.expired", "Graph: 190/463, it ended", app_id="1234567890123456"
    )
    assert json.dumps(report(expired).as_dict(), indent=2) == json.dumps(
        {
            "schema": 1,
            "profile": "default",
            "ok": False,
            "primary": "access_token.expired",
            "duration_ms": 412,
            "findings": [
                {
                    "id": "access_token.expired",
                    "status": "fail",
                    "subject": "access_token",
                    "title": "The access token has expired",
                    "evidence": "Graph: 190/463, it ended",
                    "fix": list(catalogue()["access_token.expired"].fix),
                    "step": "7.1",
                    "url": "https://developers.facebook.com/apps/1234567890123456"
                    "/use_cases/customize/wa-dev-console/",
                }
            ],
        },
        indent=2,
    )


def test_what_a_finding_lacks_is_null_or_empty_and_never_left_out() -> None:
    (finding,) = report(new_finding("graph.ok")).as_dict()["findings"]
    assert finding == {
        "id": "graph.ok",
        "status": "pass",
        "subject": "graph",
        "title": catalogue()["graph.ok"].title,
        "evidence": "",
        "fix": [],
        "step": None,
        "url": None,
    }


def test_an_empty_report_is_a_good_one() -> None:
    empty = report().as_dict()
    assert (empty["ok"], empty["primary"], empty["findings"]) == (True, None, [])
    assert report().exit_code == 0


@each_line(
    ("findings", "primary", "code"),
    [
        (["graph.ok", "app_id.valid"], None, 0),
        (["access_token.valid", "access_token.expires_soon"], None, 0),
        (["graph.version_retired", "verify_token.untested"], None, 0),
        (["keyring.plaintext"], None, 0),
        (["app_secret.skipped"], None, 0),
        (["app_secret.mismatch"], "app_secret.mismatch", 1),
        (["waba_id.not_found", "access_token.no_grant"], "access_token.no_grant", 1),
        (["phone_number_id.other_waba", "waba_id.valid"], "phone_number_id.other_waba", 1),
        (["verify_token.whitespace", "app_id.missing"], "app_id.missing", 1),
        (["graph.timeout"], "graph.timeout", 3),
        (["graph.dns", "app_id.skipped", "waba_id.skipped"], "graph.dns", 3),
        (["graph.dns", "verify_token.whitespace"], "verify_token.whitespace", 1),
        (["graph.rate_limited", "graph.ok", "app_id.valid"], "graph.rate_limited", 3),
        (["keyring.locked"], "keyring.locked", 4),
        (["keyring.locked", "access_token.missing"], "keyring.locked", 4),
        (["keyring.no_backend", "graph.dns"], "keyring.no_backend", 4),
        (["keyring.ok", "access_token.expired"], "access_token.expired", 1),
    ],
)
def test_the_lowest_failure_is_the_root_cause_or_else_the_lowest_silence(
    findings: list[str], primary: str | None, code: int
) -> None:
    for order in (findings, findings[::-1]):
        made = report(*(new_finding(id_) for id_ in order))
        assert (made.primary.id if made.primary else None) == primary
        assert made.exit_code == code
        assert made.ok is (primary is None)
        assert made.as_dict()["primary"] == primary


SOME = st.lists(st.sampled_from(sorted(catalogue())).map(new_finding))


@given(SOME)
def test_a_report_goes_up_the_rungs_and_says_each_thing_once(findings: list[Finding]) -> None:
    made = report(*findings)
    rungs = [SUBJECTS.index(finding.subject) for finding in made.findings]
    assert rungs == sorted(rungs)
    assert len(ids(made)) == len(set(ids(made)))
    assert set(ids(made)) == {finding.id for finding in findings}


@given(SOME)
def test_the_exit_code_follows_from_the_statuses(findings: list[Finding]) -> None:
    made = report(*findings)
    statuses = {finding.status for finding in findings}
    assert made.ok is not bool(statuses & {Status.FAIL, Status.UNKNOWN})
    assert made.exit_code in {0, 1, 3, 4}
    assert (made.exit_code == 3) is (Status.FAIL not in statuses and Status.UNKNOWN in statuses)
    if made.primary is not None:
        assert made.primary.status is (Status.FAIL if Status.FAIL in statuses else Status.UNKNOWN)


@given(SOME)
def test_a_report_is_json_and_nothing_else(findings: list[Finding]) -> None:
    as_dict = report(*findings).as_dict()
    assert json.loads(json.dumps(as_dict)) == as_dict


def test_one_id_with_two_pieces_of_evidence_stands_twice() -> None:
    made = report(new_finding("graph.timeout", "one"), new_finding("graph.timeout", "two"))
    assert [finding.evidence for finding in made.findings] == ["one", "two"]


def test_findings_of_a_rung_keep_the_order_in_which_they_came() -> None:
    made = report(new_finding("access_token.valid"), new_finding("access_token.expires_soon"))
    assert ids(made) == ["access_token.valid", "access_token.expires_soon"]


def test_a_report_gives_out_what_it_has_about_one_subject() -> None:
    made = report(
        new_finding("graph.ok"), new_finding("app_id.valid"), new_finding("app_secret.mismatch")
    )
    assert [finding.id for finding in made.about("app_secret")] == ["app_secret.mismatch"]
    assert made.about("message") == ()


def test_choices_and_facts_are_for_faces_and_stay_out_of_the_json() -> None:
    rich = new_finding(
        "waba_id.not_found",
        choices=[Choice("waba_id", "222", "granted to this token")],
        facts=TokenFacts("temporary", "Demo", 5),
    )
    assert rich.choices[0].value == "222"
    assert set(rich.as_dict()) == set(new_finding("waba_id.not_found").as_dict())
    assert rich == new_finding("waba_id.not_found")


def test_what_was_skipped_names_what_is_to_blame() -> None:
    finding = skipped("waba_id", "access_token.expired")
    assert (finding.id, finding.status) == ("waba_id.skipped", Status.SKIP)
    assert "access_token.expired" in finding.evidence
    assert finding.blocked_by == "access_token.expired"


def test_people_read_a_title_where_a_script_reads_an_id() -> None:
    waits = said_to_people(skipped("waba_id", "access_token.expired"))
    assert waits == "Fix this first: The access token has expired."
    lacks = said_to_people(skipped("app_id", "app_secret.missing"))
    assert lacks == "There is no App Secret yet."
    assert said_to_people(new_finding("graph.ok", "v25.0")) == "v25.0"


def test_an_id_that_is_not_in_the_catalogue_is_a_bug() -> None:
    with pytest.raises(KeyError):
        new_finding("access_token.purple")


@each_line(
    ("url", "app_id", "filled"),
    [
        (BASIC, "123", "https://developers.facebook.com/apps/123/settings/basic/"),
        (BASIC, None, "https://developers.facebook.com/apps/"),
        (BASIC, "", "https://developers.facebook.com/apps/"),
        ("https://metastatus.com", "123", "https://metastatus.com"),
        (None, "123", None),
    ],
)
def test_a_link_leads_to_the_app_where_it_is_known_and_to_all_apps_where_not(
    url: str | None, app_id: str | None, filled: str | None
) -> None:
    assert page_url(url, app_id) == filled
