"""A proxy that calls our own endpoint under another path than the public one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.faults.server import Asked, listening
from tests.loopback import http_client
from tests.webhook.meta import SECRET, TOKEN
from wizard.checks.callback.diagnose import diagnose_callback
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.headers import PATH_HEADER


def proxy(
    endpoint: Endpoint, rewrite: Callable[[str], str]
) -> Callable[[Asked], AsyncIterator[bytes]]:
    """Passes each request on under another path."""

    async def passed(asked: Asked) -> AsyncIterator[bytes]:
        async with http_client() as client:
            answer = await client.request(
                asked.method,
                f"http://127.0.0.1:{endpoint.port}{rewrite(asked.target)}",
                headers={k: v for k, v in asked.headers.items() if k != "content-length"},
                content=asked.body,
            )
        lines = [f"{name}: {value}" for name, value in answer.headers.items()]
        head = "\r\n".join([f"HTTP/1.1 {answer.status_code} X", *lines, "", ""])
        yield head.encode() + answer.content

    return passed


@pytest.mark.parametrize(
    ("path", "rewrite", "says"),
    [
        ("/hooks/webhook2", lambda t: t.removeprefix("/hooks"), "your proxy strips /hooks"),
        ("/a/b/c", lambda t: t.removeprefix("/a/b"), "your proxy strips /a/b"),
        ("/hooks", lambda t: t.replace("/hooks", "/"), "your proxy strips /hooks"),
        ("/hooks", lambda t: t.replace("/hooks", "/internal"), "your proxy changes the path"),
        ("/hooks", lambda t: t, "the endpoint has another path: for /hooks it asks"),
    ],
)
async def test_a_stripped_prefix_is_named(
    path: str, rewrite: Callable[[str], str], says: str
) -> None:
    async with (
        Endpoint(TOKEN, SECRET, path="/webhook") as endpoint,
        listening(proxy(endpoint, rewrite)) as port,
    ):
        url = f"http://127.0.0.1:{port}{path}"
        told = [f async for f in diagnose_callback(url, TOKEN, SECRET, marker=endpoint.marker)]
    assert told[0].id == "webhook.not_found"
    assert says in told[0].evidence
    assert "--path /" in told[0].fix[0]
    assert "/PATH" not in told[0].fix[0]


async def test_with_the_local_path_named_all_is_well() -> None:
    async with (
        Endpoint(TOKEN, SECRET, path="/webhook2") as endpoint,
        listening(proxy(endpoint, lambda t: t.removeprefix("/hooks"))) as port,
    ):
        url = f"http://127.0.0.1:{port}/hooks/webhook2"
        told = [f async for f in diagnose_callback(url, TOKEN, SECRET, marker=endpoint.marker)]
    assert [finding.id for finding in told] == ["webhook.verified", "webhook.local_only"]


async def test_a_stranger_is_told_no_path() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint, http_client() as client:
        answer = await client.get(f"http://127.0.0.1:{endpoint.port}/elsewhere")
    assert answer.status_code == 404
    assert PATH_HEADER not in answer.headers
