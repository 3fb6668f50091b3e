"""The catalogue of findings: complete, in one voice, and in step with the guide."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable

import pytest

from tests.tables import Test, each_line
from wizard import content
from wizard.cli import COMMANDS
from wizard.findings import SUBJECTS, Entry, Status, catalogue
from wizard.guide import Step, guide
from wizard.portal import fill_places
from wizard.values.credentials import CREDENTIALS, NGROK_AUTHTOKEN

CONTRACT = {
    "keyring": "ok no_backend locked plaintext write_failed",
    "graph": "ok dns connect timeout tls proxy not_json server_error rate_limited version_retired",
    "app_id": "valid missing malformed unknown",
    "app_secret": "valid missing malformed mismatch",
    "access_token": "valid missing malformed expired revoked other_app no_permission no_grant"
    " expires_soon is_app_token",
    "phone_number_id": "valid missing malformed is_phone_number is_waba_id not_found other_waba"
    " not_registered unverified restricted test_number payment",
    "waba_id": "valid missing malformed is_phone_number_id is_business_id not_found restricted"
    " app_not_subscribed is_whatsapp_account payment",
    "verify_token": "valid missing weak whitespace untested",
    "tunnel": "up authtoken_missing authtoken_invalid session_limit endpoint_in_use offline"
    " upstream_down download_failed agent_failed agent_too_old agent_removed account_unverified"
    " account_blocked account_policy domain_not_allowed proxy_refused quota blocked",
    "webhook": "verified port_in_use not_listening not_registered inactive stale_url field_missing"
    " overridden shared_app plus_in_path not_https private_address local_only dns connect"
    " tls_untrusted tls_expired tls_hostname timeout slow redirect not_found method_not_allowed"
    " unauthorized server_error interstitial placeholder token_mismatch token_whitespace"
    " token_case wrong_status wrong_body accepts_any_token post_rejected signature_unchecked"
    " signature_mismatch standby",
    "message": "delivered sent not_allowed_recipient recipient_rewritten country_restricted"
    " window_closed not_registered payment template_missing template_test_only failed",
}

NAMED = [f"{subject}.{what}" for subject, all_ in CONTRACT.items() for what in all_.split()]
PASSES = {
    "keyring.ok",
    "graph.ok",
    "phone_number_id.test_number",
    "tunnel.up",
    "webhook.verified",
    "message.delivered",
    "message.sent",
}
WARNS = {
    "phone_number_id.payment",
    "waba_id.payment",
    "webhook.standby",
    "keyring.plaintext",
    "graph.version_retired",
    "graph.clock",
    "access_token.expires_soon",
    "verify_token.weak",
    "verify_token.untested",
    "webhook.accepts_any_token",
    "webhook.local_only",
    "webhook.signature_unchecked",
    "webhook.slow",
}
ENTRIES = list(catalogue().values())
TO_BE_MENDED = [entry for entry in ENTRIES if entry.status in {Status.FAIL, Status.UNKNOWN}]


def each(entries: list[Entry]) -> Callable[[Test], Test]:
    return each_line("entry", entries, ids=[entry.id for entry in entries])


def expected_status(id_: str) -> Status:
    if id_ in PASSES or id_.endswith(".valid"):
        return Status.PASS
    if id_ in WARNS:
        return Status.WARN
    return Status.UNKNOWN if id_.startswith("graph.") else Status.FAIL


def test_each_table_read_alone_says_what_it_does_in_the_whole_file() -> None:
    whole = tomllib.loads(content.read_text("findings.toml"))
    specs = {
        f"{subject}.{what}": spec for subject, of in whole.items() for what, spec in of.items()
    }
    assert list(catalogue()) == list(specs)
    assert len(catalogue()) == len(specs)
    for id_, spec in specs.items():
        entry = catalogue()[id_]
        assert (entry.id, entry.status, entry.step) == (id_, spec["status"], spec.get("step"))
        assert (entry.title, entry.cause) == (
            fill_places(spec["title"]),
            fill_places(spec["cause"]),
        )
        assert list(entry.fix) == [fill_places(line) for line in spec.get("fix", ())]
        assert entry.url == spec.get("url")


def test_a_finding_that_is_none_is_not_found() -> None:
    assert "access_token.of_nobody" not in catalogue()
    with pytest.raises(KeyError):
        catalogue()["access_token.of_nobody"]


@each_line("id_", NAMED)
def test_every_id_of_the_contract_stands_with_its_status(id_: str) -> None:
    assert catalogue()[id_].status is expected_status(id_)


@each_line("subject", SUBJECTS)
def test_every_subject_can_be_skipped(subject: str) -> None:
    assert catalogue()[f"{subject}.skipped"].status is Status.SKIP


@each(ENTRIES)
def test_an_id_is_a_subject_and_a_word(entry: Entry) -> None:
    subject, _, what = entry.id.partition(".")
    assert subject in SUBJECTS
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", what)


@each(ENTRIES)
def test_a_title_is_a_few_words_without_a_full_stop(entry: Entry) -> None:
    assert 0 < len(entry.title) <= 60
    assert entry.title[0].isupper() or entry.title.startswith("ngrok")
    assert not entry.title.endswith((".", "!", ":"))


@each(ENTRIES)
def test_a_cause_is_a_sentence(entry: Entry) -> None:
    assert entry.cause[0].isupper()
    assert entry.cause.endswith(".")
    assert "\n" not in entry.cause


@each(TO_BE_MENDED)
def test_whatever_fails_comes_with_a_way_out(entry: Entry) -> None:
    assert entry.fix


@each(ENTRIES)
def test_a_line_of_a_fix_is_one_line_without_a_full_stop(entry: Entry) -> None:
    for line in entry.fix:
        assert line == line.strip()
        assert line
        assert "\n" not in line
        assert not line.endswith(".")


@each(ENTRIES)
def test_every_step_and_page_that_is_named_is_in_the_guide(entry: Entry) -> None:
    text = " ".join([entry.title, entry.cause, *entry.fix])
    named = re.findall(r"\((step|page) ([\d.]+)\)", text)
    for kind, id_ in named:
        assert id_ in guide().by_id
        assert guide().by_id[id_].counted is (kind == "step")
    assert len(named) == len(re.findall(r"\b(?:step|page)s? \d", text))
    assert entry.step is None or entry.step in guide().by_id


@each([entry for entry in ENTRIES if entry.step and "(step " in " ".join(entry.fix)])
def test_the_step_of_a_finding_is_one_that_its_fix_speaks_of(entry: Entry) -> None:
    assert f"(step {entry.step})" in " ".join(entry.fix)


@each(ENTRIES)
def test_every_command_that_a_fix_names_exists(entry: Entry) -> None:
    for line in entry.fix:
        for command, argument in re.findall(r"whatsapp-wizard (\S+)(?: (\w+))?", line):
            if command == "inside":
                continue
            assert command.strip(",") in COMMANDS
            if command == "set":
                assert argument in {*CREDENTIALS, NGROK_AUTHTOKEN.name}


@each([entry for entry in TO_BE_MENDED if entry.id.endswith((".missing", ".malformed"))])
def test_a_missing_or_malformed_value_can_be_set_again(entry: Entry) -> None:
    name = entry.id.partition(".")[0]
    assert any(line.startswith(f"whatsapp-wizard set {name}") for line in entry.fix)
    assert entry.step is not None


@each([entry for entry in ENTRIES if entry.url])
def test_a_link_leads_to_meta_or_to_ngrok_over_https(entry: Entry) -> None:
    hosts = r"(developers|business)\.facebook\.com|metastatus\.com|(dashboard\.)?ngrok\.com"
    assert re.match(rf"https://({hosts})(/|$)", entry.url or "")
    assert set(re.findall(r"\{(\w*)\}", entry.url or "")) <= {"app_id"}


@each_line("name", CREDENTIALS)
def test_a_credential_names_the_step_that_yields_it(name: str) -> None:
    step = guide().by_id[CREDENTIALS[name].step]
    assert name in step.yields
    assert [other.id for other in guide().steps if name in other.yields] == [step.id]


@each_line("step", guide().steps, ids=lambda step: step.id)
def test_a_step_yields_credentials_and_takes_early_those_of_a_later_one(step: Step) -> None:
    assert set(step.fields) <= CREDENTIALS.keys()
    for name in step.early:
        due = guide().by_id[CREDENTIALS[name].step]
        assert guide().steps.index(step) < guide().steps.index(due)
