"""No secret that was sent comes back in an error or a log, whatever the server does with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import traceback
from collections.abc import Awaitable, Callable

import pytest

from tests.graph.conftest import APP_ID, APP_SECRET, NUMBER_ID, TOKEN, Connect, refusal, reply
from tests.loopback import Answer, Request, Serve
from tests.tables import each_line
from wizard.graph import Graph, GraphError
from wizard.values.credentials import Secret

ODD_TOKEN = Secret("odd token/with+signs&more")
PROOF = hmac.new(APP_SECRET.reveal().encode(), TOKEN.reveal().encode(), hashlib.sha256).hexdigest()
SECRETS = (APP_SECRET.reveal(), TOKEN.reveal(), PROOF, "odd token", "with+signs", "odd%20token")

Ask = Callable[[Graph], Awaitable[object]]
ASKS: dict[str, Ask] = {
    "match_app": lambda graph: graph.check_app_secret(APP_ID, APP_SECRET),
    "inspect": lambda graph: graph.debug_token(TOKEN, APP_ID, APP_SECRET),
    "inspect itself": lambda graph: graph.debug_token(TOKEN, None, None),
    "an odd token": lambda graph: graph.debug_token(ODD_TOKEN, APP_ID, APP_SECRET),
    "number": lambda graph: graph.number(NUMBER_ID, TOKEN),
}


def heard(request: Request) -> str:
    """All that the server knows: the address as it came and as it was meant, and the token."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return " ".join([request.target, *request.query.values(), bearer, bearer.rpartition("|")[2]])


def challenge(request: Request) -> bytes:
    said = heard(request)
    return reply(
        {"error": {"code": 190, "message": f"Malformed access token {said}"}},
        401,
        www_authenticate=f'OAuth "Facebook Platform" "invalid_token" "{said}"',
    )


def demand_proof(request: Request) -> bytes:
    if "appsecret_proof" in request.query:
        return refusal(100, f"Invalid appsecret_proof {heard(request)}")
    return refusal(100, "API calls from the server require an appsecret_proof argument")


ECHOES: dict[str, Answer] = {
    "message": lambda request: refusal(100, heard(request)),
    "details": lambda request: refusal(100, "Bad", error_data={"details": heard(request)}),
    "words for people": lambda request: refusal(100, "Bad", error_user_msg=heard(request)),
    "plain text": lambda request: reply({"error": heard(request)}, 400),
    "challenge": challenge,
    "proof": demand_proof,
    "page": lambda request: reply(heard(request).encode(), content_type="text/html"),
    "redirect": lambda request: reply(b"", 302, location=f"http://hotel.example{request.target}"),
    "path": lambda request: reply(b"", 302, location=f"/{'/'.join(request.query.values())}"),
    "type": lambda request: reply(b"x", content_type=f"x/{''.join(request.query.values())}"),
    "nothing": reply(b"", 404),
}


def assert_kept(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text


@each_line("ask", ASKS.values(), ids=ASKS)
@each_line("echo", ECHOES.values(), ids=ECHOES)
async def test_what_a_server_echoes_stays_out_of_errors_and_logs(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture, echo: Answer, ask: Ask
) -> None:
    for logger in ("", "httpx", "httpcore", "wizard", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=logger)
    server = await serve(echo)
    with pytest.raises(GraphError) as caught:
        await ask(connect(server.url, secret=APP_SECRET))
    error = caught.value
    told = "".join(traceback.format_exception(error))
    assert_kept(" ".join([str(error), repr(error), repr(vars(error)), error.evidence, told]))
    assert_kept(caplog.text)


@each_line("cut", range(0, 80, 3))
async def test_of_a_secret_that_the_excerpt_cuts_through_no_part_is_shown(
    serve: Serve, connect: Connect, cut: int
) -> None:
    def page(request: Request) -> bytes:
        bearer = request.headers.get("authorization", "").rpartition("|")[2]
        said = "-" * cut + request.query.get("client_secret", bearer)
        return reply(said.encode(), content_type="text/html")

    server = await serve(page)
    with pytest.raises(GraphError) as caught:
        await connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    assert APP_SECRET.reveal()[:6] not in caught.value.evidence


@each_line("text", ["hunter2\nhunter2", "hunter2\r\nX: y", "hunter2\x00", "hünter2"])
async def test_a_token_that_no_header_can_carry_is_not_told_either(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server = await serve(refusal(190, "Malformed access token"))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).own_app(Secret(text))
    told = caught.value.evidence + "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "hunter2" not in told
    assert "hünter2" not in told


async def test_a_question_that_is_answered_leaves_no_secret_in_the_log(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = await serve(reply({"access_token": f"{APP_ID}|x"}))
    await connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    assert_kept(caplog.text)


async def test_a_token_travels_in_the_header_and_never_in_the_address(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(refusal(100, "(#100) Nothing", error_subcode=33))
    graph = connect(server.url, secret=APP_SECRET)
    for ask in (graph.waba, graph.number, graph.numbers):
        with pytest.raises(GraphError):
            await ask(NUMBER_ID, TOKEN)
    assert all(r.headers["authorization"] == f"Bearer {TOKEN.reveal()}" for r in server.requests)
    assert not any(TOKEN.reveal() in request.target for request in server.requests)


def test_a_graph_shows_no_secret_of_its_own() -> None:
    graph = Graph("http://127.0.0.1:9", "v25.0", secret=APP_SECRET)
    assert_kept(repr(graph) + repr(vars(graph)))


HIDDEN: dict[str, Callable[[str], str]] = {
    "whole": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "upper": str.upper,
    "reversed": lambda text: text[::-1],
    "sevens": lambda text: " ".join(text[at : at + 7] for at in range(0, len(text), 7)),
}


@each_line("way", HIDDEN)
@each_line("field", ["verified_name", "display_phone_number", "status"])
async def test_what_a_server_hides_in_an_answers_data_is_not_told(
    serve: Serve, connect: Connect, field: str, way: str
) -> None:
    hidden = HIDDEN[way](APP_SECRET.reveal())
    named = {"id": NUMBER_ID, "verified_name": "Shop", "display_phone_number": "+1 555 0100"}
    server = await serve(reply({**named, field: f"it is {hidden}"}))
    graph = connect(server.url, secrets=(APP_SECRET, TOKEN))
    told = repr(await graph.number(NUMBER_ID, TOKEN)).lower()
    assert all(part.lower() not in told for part in hidden.split())
    assert "Shop".lower() in told or field == "verified_name"


@each_line("way", HIDDEN)
async def test_what_a_server_hides_in_an_error_is_not_told(
    serve: Serve, connect: Connect, way: str
) -> None:
    hidden = HIDDEN[way](APP_SECRET.reveal())
    server = await serve(refusal(100, f"Bad {hidden} parameter"))
    graph = connect(server.url, secrets=(APP_SECRET, TOKEN))
    with pytest.raises(GraphError) as caught:
        await graph.number(NUMBER_ID, TOKEN)
    assert all(part.lower() not in caught.value.evidence.lower() for part in hidden.split())
    assert "parameter" in caught.value.evidence
