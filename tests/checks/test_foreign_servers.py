"""Somebody else's server plays Graph: sparingly, not at all, or telling tales."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.checks.foreign import (
    APP,
    MANAGE,
    NUMBERS,
    OTHER_WABA,
    PHONE,
    SECRET,
    SEND,
    SIXTY,
    TOKEN,
    VALUES,
    WABA,
    Answer,
    Answers,
    Pages,
    Reply,
    dead,
    error,
    examined,
    granted,
    no_such,
    number,
    picky,
    served,
    token,
    world,
)
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Status
from wizard.values.credentials import Secret
from wizard.world import World

HEALTHY: dict[str, Answers] = {
    "as little as possible": {},
    "ids as numbers": {
        "debug_token": token(
            app_id=int(APP),
            granular_scopes=[{"scope": name, "target_ids": [int(WABA)]} for name in (MANAGE, SEND)],
        ),
        WABA: {"id": int(WABA), "name": "Shop"},
        PHONE: number() | {"id": int(PHONE)},
        NUMBERS: {"data": [number() | {"id": int(PHONE)}]},
    },
    "no word on where the permissions reach": {
        "debug_token": token(granular_scopes=[{"scope": MANAGE}, {"scope": SEND}])
    },
    "granted for this account among others": {
        "debug_token": token(granular_scopes=granted(OTHER_WABA, WABA))
    },
    "a token that never ends": {"debug_token": token(expires_at=0, data_access_expires_at=0)},
    "no word on permissions": {"debug_token": token(scopes=None)},
    "permissions with their reach alone": {
        "debug_token": token(scopes=None, granular_scopes=granted(WABA))
    },
    "no word on whether the token is valid": {"debug_token": token(is_valid=None)},
    "fields that nobody asked for": {
        "debug_token": token(type="USER", application="App", profile_id="1", metadata={"sso": "x"}),
        WABA: {"id": WABA, "name": "Shop", "timezone_id": "1", "currency": "USD", "x": [{}]},
        PHONE: number(throughput={"level": "STANDARD"}, quality_rating="GREEN", x=None),
    },
    "no list of numbers": {NUMBERS: no_such(WABA)},
    "sixty numbers on pages": {NUMBERS: Pages(SIXTY)},
    "sixty numbers on pages without cursors": {NUMBERS: Pages(SIXTY, cursors=False)},
    "one number a page": {NUMBERS: Pages(SIXTY[-4:], size=1)},
    "a page that names itself as the next": {
        NUMBERS: {
            "data": [number()],
            "paging": {"next": "https://elsewhere.invalid/?after=1", "cursors": {"after": "1"}},
        }
    },
    "an account that knows few fields": {
        WABA: picky(WABA, "WhatsAppBusinessAccount", {"id", "name"}, {"id": WABA, "name": "Shop"})
    },
    "a number that knows few fields": {
        PHONE: picky(
            PHONE,
            "WhatsAppBusinessPhoneNumber",
            {"id", "display_phone_number", "verified_name"},
            number(),
        )
    },
    "a proof that is asked for": {
        WABA: lambda asked: (
            Reply({"id": WABA, "name": "Shop"})
            if len(asked.query.get("appsecret_proof", "")) == 64
            else error(100, "API calls from the server require an appsecret_proof argument")
        )
    },
}


@each_line("answers", HEALTHY.values(), ids=HEALTHY)
async def test_nothing_is_wrong_where_a_sparing_server_says_so(answers: Answers) -> None:
    report = await examined(answers)

    assert report.primary is None, report.primary
    assert report.exit_code == 0
    passed = {finding.id for finding in report.findings if finding.status is Status.PASS}
    assert passed == {
        "graph.ok",
        "app_id.valid",
        "app_secret.valid",
        "access_token.valid",
        "waba_id.valid",
        "phone_number_id.valid",
    }


NO_GRAPH: list[tuple[str, str, Answer]] = [
    (
        "graph.not_json",
        "a page",
        Reply("<!DOCTYPE html><h1>Welcome</h1>", content_type="text/html"),
    ),
    ("graph.not_json", "a page that calls itself JSON", Reply("<h1>Welcome</h1>")),
    ("graph.not_json", "a page that was not found", Reply("<h1>404</h1>", 404, "text/html")),
    ("graph.not_json", "a login that is asked for", Reply("<h1>Log in</h1>", 511, "text/html")),
    ("graph.not_json", "half of the JSON", Reply('{"id":"1', cut=40)),
    ("graph.not_json", "half of the JSON, as if it were all", Reply('{"id":"1')),
    ("graph.not_json", "nothing", Reply("")),
    ("graph.not_json", "JSON of somebody else", Reply({"hello": "world"})),
    ("graph.not_json", "a list", Reply([])),
    ("graph.not_json", "a word", Reply('"ok"')),
    ("graph.not_json", "an error of somebody else", Reply({"detail": "Not Found"}, 404)),
    ("graph.server_error", "a page", Reply("<h1>Bad gateway</h1>", 502, "text/html")),
    ("graph.server_error", "a code", error(2, "Service temporarily unavailable", status=503)),
    ("graph.refused", "a code nobody knows", error(98765, "Oops", status=500)),
    ("graph.server_error", "an error in one word", Reply({"error": "Oops"}, 500)),
    ("graph.rate_limited", "a code", error(4, "(#4) Application request limit reached")),
    ("graph.rate_limited", "a status", Reply("", 429)),
]


@each_line(
    ("cause", "answer"),
    [(cause, answer) for cause, _, answer in NO_GRAPH],
    ids=[f"{cause}, {how}" for cause, how, _ in NO_GRAPH],
)
async def test_what_is_no_answer_of_graphs_blames_no_credential(cause: str, answer: Answer) -> None:
    paths = ("oauth/access_token", "debug_token", WABA, NUMBERS, PHONE)
    report = await examined(dict.fromkeys(paths, answer), otherwise=answer)

    assert report.as_dict()["primary"] == cause
    assert report.exit_code == 3
    assert [finding.id for finding in report.findings if finding.status is Status.FAIL] == []


@each_line("path", ["oauth/access_token", "debug_token", WABA, NUMBERS, PHONE])
async def test_one_question_left_unanswered_is_a_timeout_and_blames_nothing_else(path: str) -> None:
    async with served({path: None}) as server, world(server, limit=0.3) as there:
        report = await collect_report(there)

    assert report.as_dict()["primary"] == "graph.timeout"
    assert report.exit_code == 3


PAIR, INSPECTION = "oauth/access_token", "debug_token"
ECHOES: list[tuple[str, str, Answer]] = [
    (
        PAIR,
        "a page that begins with the address",
        Reply(f"<p>Nothing at /oauth/access_token?client_secret={SECRET}</p>", 404, "text/html"),
    ),
    (PAIR, "the secret", error(100, f"Bad pair: {APP} and {SECRET}")),
    (PAIR, "the secret's end", error(1, f"Error validating client secret ...{SECRET[-12:]}")),
    (
        INSPECTION,
        "a page that begins with the address",
        Reply(f"<p>Nothing at /v25.0/debug_token?input_token={TOKEN}</p>", 404, "text/html"),
    ),
    (INSPECTION, "the secret alone", error(190, f"Bad secret {SECRET} of {APP}")),
    (INSPECTION, "the app token", error(190, f"Bad token {APP}|{SECRET}")),
    (INSPECTION, "the token in a fact", dead(190, f"Malformed access token {TOKEN}")),
    (INSPECTION, "the token's beginning in a fact", dead(190, f"Malformed: {TOKEN[:12]}...")),
    (WABA, "the token", error(190, f"Malformed access token {TOKEN}")),
    (WABA, "the token's beginning", error(190, f"Malformed access token {TOKEN[:12]}...")),
    (PHONE, "the token's end", error(190, f"Malformed access token ...{TOKEN[-16:]}")),
    (PHONE, "the token with its header", error(2500, f"Bearer {TOKEN} is no token")),
]


@each_line(
    ("path", "answer"),
    [(path, answer) for path, _, answer in ECHOES],
    ids=[f"{path}, {what}" for path, what, _ in ECHOES],
)
async def test_what_graph_repeats_of_a_secret_is_not_said_again(path: str, answer: Answer) -> None:
    report = await examined({path: answer})

    assert report.primary is not None
    said = json.dumps(report.as_dict())
    for secret in (SECRET, TOKEN):
        assert [at for at in range(len(secret) - 7) if secret[at : at + 8] in said] == []


async def test_a_proxy_that_lets_nobody_through_blames_no_credential(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with served(otherwise=Reply("", 407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base)
        async with World("test", VALUES, "https://graph.invalid", "v99.0") as there:
            report = await collect_report(there)

    assert report.as_dict()["primary"] == "graph.proxy"
    assert report.exit_code == 3


async def test_a_secret_pasted_as_an_app_id_stands_in_no_link() -> None:
    values = replace(VALUES, app_id=SECRET, access_token=Secret("ya29." + TOKEN))
    report = await examined({}, values)

    assert report.as_dict()["primary"] == "app_id.malformed"
    assert SECRET not in json.dumps(report.as_dict())
