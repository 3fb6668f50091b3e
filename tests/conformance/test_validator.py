"""What the fixture of the whole suite finds, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.conformance.driving import driven
from tests.conformance.operations import find
from tests.conformance.sameness import shape
from tests.conformance.validator import examine
from tests.tables import each_line
from wizard.simulator.graph_api.recorder import Exchange

ROOT = Path(__file__).parents[2]
TABLE = "Neither Meta's description nor tests/conformance/deviations.toml has it."
STRANGER = {"user-agent": "python-httpx/0.28.1"}


def asked(name: str) -> Exchange:
    return driven()[name][0].exchanges[-1]


def answered(exchange: Exchange, change: Callable[[Any], object], status: int = 200) -> Exchange:
    """With a change to the reply."""
    body = json.loads(exchange.reply)
    change(body)
    return replace(exchange, status=status, reply=json.dumps(body).encode())


def sent(exchange: Exchange, change: Callable[[Any], object]) -> Exchange:
    """With a change to the request's body."""
    body = json.loads(exchange.body)
    change(body)
    return replace(exchange, body=json.dumps(body).encode())


def renamed(exchange: Exchange, old: str, new: str) -> Exchange:
    """With one word in place of another on both sides."""
    a, b = old.encode(), new.encode()
    changed = replace(
        exchange, body=exchange.body.replace(a, b), query=exchange.query.replace(old, new)
    )
    changed = replace(changed, reply=exchange.reply.replace(a, b))
    assert changed != exchange
    return changed


def by_another(exchange: Exchange) -> Exchange:
    return replace(exchange, headers={**exchange.headers, **STRANGER})


@each_line(
    ("name", "change", "told"),
    [
        ("Graph.number", lambda r: r.update(quality_rating="PINK"), "quality_rating: 'PINK'"),
        ("Graph.number", lambda r: r.update(mood="good"), "('mood' was unexpected)"),
        ("Graph.number", lambda r: r.update(id=7), "id: 7 is not of type 'string'"),
        ("Graph.numbers", lambda r: r["data"][0].pop("id"), "data[]: 'id' is a required"),
        ("Graph.numbers", lambda r: r.pop("data"), "'data' is a required property"),
        ("Graph.debug_token", lambda r: r["data"].pop("scopes"), "data: 'scopes' is a required"),
        ("Graph.exchange_token", lambda r: r.update(expires_in="60 days"), "expires_in: '60 days'"),
        ("Messages.register", lambda r: r.update(success="true"), "success: 'true'"),
        ("Messages.send_text", lambda r: r["messages"][0].update(message_status="?"), "'?'"),
    ],
)
def test_a_reply_that_is_not_as_described_is_told_with_its_operation_and_place(
    name: str, change: Callable[[Any], object], told: str
) -> None:
    exchange = asked(name)
    (said,) = examine([answered(exchange, change)])
    operation = find(exchange)
    assert operation is not None
    assert said.startswith(f"{operation.id} ({exchange.method} {operation.path}): the reply's ")
    assert told in said
    assert said.endswith(TABLE)


@each_line(
    ("status", "error", "told"),
    [
        (418, {}, "418"),
        (404, {"code": 100, "error_subcode": 33}, "error 100/33 comes with status 404"),
        (429, {"code": 190, "error_subcode": 463}, "error 190/463 comes with status 429"),
        (400, {"code": "100"}, "'100' is not of type 'integer'"),
        (400, {"error_data": {}}, "('error_data' was unexpected)"),
    ],
)
def test_an_error_that_is_not_as_described_is_told(
    status: int, error: dict[str, object], told: str
) -> None:
    refused = driven()["Graph.number"][1].exchanges[-1]
    said = examine([answered(refused, lambda body: body["error"].update(error), status)])
    assert any(told in one for one in said)


@each_line(
    ("name", "change", "told"),
    [
        ("Messages.register", lambda body: body.update(pin="12345"), "pin: '12345'"),
        ("Messages.send_text", lambda body: body.pop("recipient_type"), "'recipient_type'"),
        ("Messages.send_text", lambda body: body.update(mood="good"), "mood"),
        ("Messages.send_template", lambda body: body["template"].pop("language"), "'language'"),
        ("Callbacks.subscribe", lambda body: body.update(override_callback_uri=1), "1 is not of"),
    ],
)
def test_a_body_that_is_not_as_described_is_told_where_it_was_taken(
    name: str, change: Callable[[Any], object], told: str
) -> None:
    exchange = sent(asked(name), change)
    assert any("the request's" in said and told in said for said in examine([exchange]))
    assert examine([by_another(exchange)]) == []


@each_line(
    ("query", "told"),
    [
        ("fields=id&mood=good", "a parameter mood"),
        ("fields=id&limit=101", "limit"),
        ("fields=id&appsecret_proof=abc", "appsecret_proof"),
    ],
)
def test_a_parameter_that_is_not_as_described_is_told(query: str, told: str) -> None:
    exchange = replace(asked("Graph.numbers"), query=query)
    (said,) = examine([exchange])
    assert told in said
    assert examine([by_another(exchange)]) == []


def test_headers_are_looked_at_on_both_sides() -> None:
    exchange = asked("Graph.waba")
    bare = {name: one for name, one in exchange.headers.items() if name != "authorization"}
    odd = {**exchange.reply_headers, "x-mood": "good"}
    assert any("bearerAuth" in said for said in examine([replace(exchange, headers=bare)]))
    assert any("x-mood" in said for said in examine([replace(exchange, reply_headers=odd)]))


def test_a_form_where_json_is_described_is_told() -> None:
    headers = {**asked("Callbacks.subscribe").headers, "content-type": "text/plain"}
    (said,) = examine([replace(asked("Callbacks.subscribe"), headers=headers)])
    assert "text/plain" in said


def test_what_our_client_asks_for_has_to_be_an_operation_that_somebody_describes() -> None:
    exchange = replace(asked("Graph.waba"), path=f"{asked('Graph.waba').path}/horoscope")
    (said,) = examine([exchange])
    assert "no description has this operation" in said
    assert examine([by_another(exchange)]) == []


def test_a_proof_may_stand_in_the_address_and_in_either_body() -> None:
    proof = {"appsecret_proof": "0" * 64}
    (name, value), exchange = next(iter(proof.items())), asked("Callbacks.set_app_subscription")
    form = replace(exchange, body=exchange.body + f"&{name}={value}".encode())
    query = replace(asked("Graph.waba"), query=f"fields=id&{name}={value}")
    body = sent(asked("Messages.send_text"), lambda one: one.update(proof))
    assert examine([form, query, body]) == []


def test_where_something_else_answered_only_the_request_counts() -> None:
    exchange = replace(asked("Graph.waba"), status=None, reply=b"<html>")
    assert examine([exchange]) == []


def test_a_reply_of_another_length_of_digits_is_looked_at_anew() -> None:
    exchange = asked("Messages.register")
    assert examine([sent(exchange, lambda body: body.update(pin="654321"))]) == []
    assert examine([sent(exchange, lambda body: body.update(pin="7654321"))]) != []


@each_line(
    ("name", "good", "bad"),
    [
        ("Graph.number", "code_verification_status", "code_verification_statuz"),
        ("Graph.number", "NOT_VERIFIED", "NOT_VERIFIEB"),
        ("Graph.debug_token", "data_access_expires_at", "data_access_expired_at"),
        ("Callbacks.subscribe", "override_callback_uri", "override_callback_url"),
        ("Callbacks.set_phone_override", "override_callback_uri", "override_callback_url"),
        (
            "Callbacks.set_app_subscription",
            "whatsapp_business_account",
            "whatsapp_business_accounts",
        ),
        ("Graph.exchange_token", "set_token_expires_in_60_days", "set_token_expires_in_61_days"),
        ("Graph.check_app_secret", "client_credentials", "client_credentialz"),
    ],
)
def test_a_long_word_that_is_wrong_is_told_after_the_right_one_was_seen(
    name: str, good: str, bad: str
) -> None:
    exchange = asked(name)
    assert examine([exchange]) == []
    assert any(bad in said for said in examine([renamed(exchange, good, bad)]))


AVAILABLE = "AVAILABLE_WITHOUT_REVIEW"


def test_so_is_a_long_word_of_which_there_is_a_list() -> None:
    exchange = asked("Graph.number")
    seen = answered(exchange, lambda reply: reply.update(name_status=AVAILABLE))
    assert examine([seen]) == []
    (said,) = examine([renamed(seen, AVAILABLE, "AVAILABLE_WITHOUT_REVIEV")])
    assert "AVAILABLE_WITHOUT_REVIEV" in said


def test_what_differs_from_one_exchange_to_the_next_is_looked_at_once() -> None:
    exchange = asked("Graph.number")
    other = answered(exchange, lambda reply: reply.update(id="1" * len(reply["id"])))
    elsewhere = replace(other, headers={**other.headers, "authorization": "Bearer EAAanother"})
    assert shape(elsewhere) == shape(exchange)


def test_our_client_names_the_version_and_ends_no_path_with_a_slash() -> None:
    exchange = asked("Graph.waba")
    unversioned = replace(exchange, path=exchange.path.removeprefix("/v26.0"))
    for odd in (unversioned, replace(exchange, path=exchange.path + "/")):
        assert any("the request's" in said for said in examine([odd]))
        assert examine([by_another(odd)]) == []


def test_what_is_refused_for_its_value_is_still_looked_at_for_all_else() -> None:
    exchange = driven()["Graph.waba"][1].exchanges[-1]
    assert b"803" in exchange.reply
    assert examine([exchange]) == []
    bare = {name: one for name, one in exchange.headers.items() if name != "authorization"}
    for odd, told in [
        (replace(exchange, query="mood=good"), "a parameter mood"),
        (replace(exchange, query="appsecret_proof=zz"), "appsecret_proof"),
        (replace(exchange, headers=bare), "bearerAuth"),
    ]:
        assert any(told in said for said in examine([odd]))


def test_a_body_that_is_refused_may_lack_one_thing_and_have_nothing_odd() -> None:
    refused = driven()["Messages.send_text"][1].exchanges[-1]
    error = {"error": {"message": "m", "type": "OAuthException", "code": 100}}
    refused = replace(refused, status=400, reply=json.dumps(error).encode())
    assert examine([sent(refused, lambda body: body.pop("messaging_product"))]) == []
    assert examine([sent(refused, lambda body: body.pop("recipient_type"))]) != []
    assert examine([sent(refused, lambda body: body.update(mood="good"))]) != []


MODULE = """
import httpx
import pytest
from wizard.simulator import Meta, create_app, serve

async def ask(rating):
    meta = Meta()
    meta.test_number.quality_rating = rating
    async with serve(create_app(meta)) as base, httpx.AsyncClient() as client:
        token = {"authorization": f"Bearer {meta.token.text.reveal()}"}
        await client.get(f"{base}/v26.0/{meta.test_number.id}", headers=token)

async def test_good():
    await ask("GREEN")

async def test_bad():
    await ask("PINK")

@pytest.mark.unlike_meta
async def test_bad_on_purpose():
    await ask("PINK")
"""


def test_the_test_in_which_it_happens_fails(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(MODULE)
    options = ("-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "ERROR at teardown of test_bad " in ended.stdout
    assert "quality_rating: 'PINK' is not one of" in ended.stdout
    assert "3 passed, 1 error" in ended.stdout
