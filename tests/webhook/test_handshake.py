"""The handshake over real HTTP."""

from __future__ import annotations

import httpx
import pytest

from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, next_of, raw, request
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Handshake
from wizard.webhook.headers import MARKER_HEADER
from wizard.webhook.probe import USER_AGENT, handshake

RIGHT = {
    "hub.mode": "subscribe",
    "hub.challenge": "1158201444",
    "hub.verify_token": TOKEN.reveal(),
}


async def told(endpoint: Endpoint) -> Handshake:
    event = await next_of(endpoint)
    assert isinstance(event, Handshake)
    return event


@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_right_token_gets_the_challenge_and_not_one_byte_more(
    endpoint: Endpoint, client: httpx.AsyncClient, slash: str
) -> None:
    agent = {"User-Agent": USER_AGENT}
    answer = await client.get(endpoint.local_url + slash, params=RIGHT, headers=agent)
    assert (answer.status_code, answer.content) == (200, b"1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers[MARKER_HEADER] == endpoint.marker
    assert not {"server", "date"} & set(answer.headers)
    event = await told(endpoint)
    assert (event.ok, event.reason, event.user_agent) == (True, None, USER_AGENT)
    assert not event.own


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"hub.mode": "unsubscribe"}, "wrong_mode"),
        ({"hub.mode": "Subscribe"}, "wrong_mode"),
        ({"hub.verify_token": "another"}, "wrong_token"),
        ({"hub.verify_token": "A-Token-of-the-Tests"}, "wrong_token_case"),
        ({"hub.verify_token": " a-token-of-the-tests"}, "wrong_token_whitespace"),
        ({"hub.verify_token": "a-token-of-the-tests\n"}, "wrong_token_whitespace"),
        ({"hub.verify_token": "a-token-of-the-testsé"}, "wrong_token"),
        ({"hub.verify_token": ""}, "missing_parameter"),
        ({"hub.verify_token": None}, "missing_parameter"),
        ({"hub.challenge": None}, "missing_parameter"),
        ({"hub.mode": None}, "missing_parameter"),
    ],
)
async def test_anything_else_gets_403_and_a_reason_that_only_we_hear(
    endpoint: Endpoint, client: httpx.AsyncClient, wrong: dict[str, str | None], reason: str
) -> None:
    query = {name: text for name, text in (RIGHT | wrong).items() if text is not None}
    answer = await client.get(endpoint.local_url, params=query)
    assert (answer.status_code, answer.content) == (403, b"")
    assert answer.headers[MARKER_HEADER] == endpoint.marker
    event = await told(endpoint)
    assert (event.ok, event.reason) == (False, reason)


async def test_every_refusal_looks_the_same_from_outside(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    answers = [
        await client.get(endpoint.local_url, params=RIGHT | {"hub.verify_token": token})
        for token in ("x", "A-TOKEN-OF-THE-TESTS", "a-token-of-the-tests ", "y" * 4000)
    ]
    assert len({(a.status_code, a.content, tuple(a.headers.items())) for a in answers}) == 1


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        ("two words", "two+words"),
        ("two words", "two%20words"),
        ("a+b", "a%2Bb"),
        ("ż&=%#?", "%C5%BC%26%3D%25%23%3F"),
        ("a/b", "a/b"),
        ("plain", "%70lain"),
    ],
)
async def test_a_token_is_decoded_as_a_form_is(
    endpoint: Endpoint, client: httpx.AsyncClient, token: str, sent: str
) -> None:
    endpoint.verify_token = Secret(token)
    query = f"?hub.mode=subscribe&hub.challenge=7&hub.verify_token={sent}"
    answer = await client.get(httpx.URL(endpoint.local_url + query))
    assert (answer.status_code, answer.content) == (200, b"7")


async def test_a_plus_that_was_sent_bare_is_told_as_whitespace(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    endpoint.verify_token = Secret("a+b")
    query = "?hub.mode=subscribe&hub.challenge=7&hub.verify_token=a+b"
    assert (await client.get(endpoint.local_url + query)).status_code == 403
    assert (await told(endpoint)).reason == "wrong_token_whitespace"


async def test_the_challenge_comes_back_byte_for_byte(endpoint: Endpoint) -> None:
    query = f"hub.mode=subscribe&hub.verify_token={TOKEN.reveal()}&hub.challenge=%ff%00%0d%0aé"
    sent = request(f"GET /webhook?{query.replace('é', '%C3%A9')} HTTP/1.0")
    head, _, body = (await raw(endpoint, sent)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body == b"\xff\x00\r\n\xc3\xa9"


async def test_an_empty_token_of_ours_lets_nobody_in(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    endpoint.verify_token = Secret("")
    for token in ("", " ", "+"):
        query = RIGHT | {"hub.verify_token": token}
        assert (await client.get(endpoint.local_url, params=query)).status_code == 403


async def test_a_token_may_be_replaced_while_it_runs(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    endpoint.verify_token = Secret("the next one")
    assert (await client.get(endpoint.local_url, params=RIGHT)).status_code == 403
    query = RIGHT | {"hub.verify_token": "the next one"}
    assert (await client.get(endpoint.local_url, params=query)).status_code == 200


async def test_a_call_with_our_marker_is_our_own(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    await client.get(endpoint.local_url, params=RIGHT, headers={MARKER_HEADER: endpoint.marker})
    assert (await told(endpoint)).own
    await client.get(endpoint.local_url, params=RIGHT, headers={MARKER_HEADER: "guess"})
    assert not (await told(endpoint)).own


async def test_the_probe_is_satisfied(endpoint: Endpoint) -> None:
    answer = await handshake(endpoint.local_url, TOKEN)
    assert (answer.status, answer.body) == (200, answer.challenge.encode())
    assert (await told(endpoint)).ok


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
async def test_other_methods_are_told_which_there_are(
    endpoint: Endpoint, client: httpx.AsyncClient, method: str
) -> None:
    answer = await client.request(method, endpoint.local_url, params=RIGHT)
    assert (answer.status_code, answer.content) == (405, b"")
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhook/x", "/Webhook", "/%2e%2e", "//x"])
async def test_every_other_path_is_not_found(
    endpoint: Endpoint, client: httpx.AsyncClient, path: str
) -> None:
    for method in ("GET", "POST", "HEAD"):
        url = f"http://127.0.0.1:{endpoint.port}{path}"
        answer = await client.request(method, url, params=RIGHT)
        assert (answer.status_code, answer.content) == (404, b"")
        assert answer.headers[MARKER_HEADER] == endpoint.marker
    assert len(endpoint.received) == 0


@pytest.mark.parametrize("start", ["http://x", "HTTPS://LOCALHOST:443", "http://[::1]:80"])
async def test_a_whole_url_may_be_asked_for(endpoint: Endpoint, start: str) -> None:
    query = "hub.mode=subscribe&hub.challenge=42&hub.verify_token=" + TOKEN.reveal()
    for target, said in (
        (f"/webhook?{query}", b"\r\n\r\n42"),
        (f"?{query}", b" 404 "),
        ("", b" 404 "),
    ):
        assert said in await raw(endpoint, request(f"GET {start}{target} HTTP/1.0"))


@each_line("path", ["hook", "/a/b/", "/"])
async def test_the_path_may_be_chosen(client: httpx.AsyncClient, path: str) -> None:
    async with Endpoint(TOKEN, SECRET, path=path) as endpoint:
        assert (await client.get(endpoint.local_url, params=RIGHT)).status_code == 200
