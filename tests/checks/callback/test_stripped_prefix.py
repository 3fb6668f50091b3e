"""A proxy that calls our own endpoint under another path than the public one."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncIterator, Callable

from tests.faults.server import Asked, listening
from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN
from wizard.checks.callback.diagnose import diagnose_callback
from wizard.cli.input.endpoint import endpoint_options
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


@each_line(
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


@each_line(
    "rest",
    ["/caf%C3%A9", "/h%3Fks", "/a%20b", "/it's;$HOME&x", "//webhook2", "/50%25", "/%FFx", "/"],
)
async def test_the_path_that_is_proposed_can_be_typed_and_works(rest: str) -> None:
    async with (
        Endpoint(TOKEN, SECRET) as endpoint,
        listening(proxy(endpoint, lambda t: t.removeprefix("/hooks"))) as port,
    ):
        url = f"http://127.0.0.1:{port}/hooks{rest}"
        told = [f async for f in diagnose_callback(url, TOKEN, SECRET, marker=endpoint.marker)]
        command = shlex.split(told[0].fix[0].partition("name the local path: ")[2])
        asked = endpoint_options(None, url, path=command[-1]).path
        async with Endpoint(TOKEN, SECRET, port=0, path=asked) as other:
            answer = await _called(other, rest)
    assert command[:3] == ["whatsapp-wizard", "listen", "--path"]
    assert answer == 403


@each_line("path", ["/caf%C3%A9", "/café", "/h%3Fks", "//hooks//a/", "/50%", "/a%2fb"])
async def test_a_path_that_is_passed_on_unchanged_is_the_endpoints(path: str) -> None:
    options = endpoint_options(None, f"https://example.com{path}")
    async with Endpoint(TOKEN, SECRET, path=options.path) as endpoint:
        assert await _called(endpoint, path.replace("é", "%c3%a9")) == 403


async def _called(endpoint: Endpoint, target: str) -> int:
    """The status of a handshake with a wrong token under this target, as it stands."""
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    writer.write(
        f"GET {target}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=no HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    )
    line = await reader.readline()
    writer.close()
    return int(line.split()[1])


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
