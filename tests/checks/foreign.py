"""A minimal Graph of somebody else's: a few canned replies over plain sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.settings import GRAPH_VERSION
from wizard.values.credentials import Secret, Values
from wizard.world import World

APP, OTHER_APP = "111111111111111", "111111111111112"
WABA, OTHER_WABA = "222222222222222", "222222222222223"
PHONE, OTHER_PHONE = "333333333333333", "333333333333334"
BUSINESS = "444444444444444"
NUMBERS = f"{WABA}/phone_numbers"
MANAGE, SEND = "whatsapp_business_management", "whatsapp_business_messaging"
TOKEN = "EAA" + "abcdefghij" * 12
SECRET = "0123456789abcdef" * 2

VALUES = Values(
    app_id=APP,
    app_secret=Secret(SECRET),
    access_token=Secret(TOKEN),
    phone_number_id=PHONE,
    waba_id=WABA,
    verify_token=Secret("rZk3Wq8vLx2Nf7Yt5Bh9"),
)

Json: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Asked:
    """A request as it came in; `path` bears no version."""

    head: str
    path: str
    query: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    body: object
    status: int = 200
    content_type: str = "application/json"
    cut: int = 0
    """Bytes that are promised and never sent."""


@dataclass(frozen=True)
class Pages:
    """A list told in pages; how one gets from page to page is the server's own way."""

    entries: tuple[Json, ...]
    size: int = 25
    cursors: bool = True

    def at(self, query: Mapping[str, str], path: str) -> Json:
        begin = int(query.get("after", "0"))
        end = begin + self.size
        paging: dict[str, object] = {}
        if end < len(self.entries):
            paging["next"] = f"https://elsewhere.invalid/v1.0/{path}?limit=25&after={end}"
        if self.cursors:
            paging["cursors"] = {"before": str(begin), "after": str(end)}
        return {"data": list(self.entries[begin:end]), "paging": paging}


Answer: TypeAlias = Reply | Json | Pages | Callable[[Asked], Reply] | None
"""What is sent for a path; nothing ever, where it is `None`."""

Answers: TypeAlias = Mapping[str, Answer]


def error(code: int | None, message: str, subcode: int | None = None, status: int = 400) -> Reply:
    told: dict[str, object] = {"message": message, "type": "OAuthException"}
    if code is not None:
        told["code"] = code
    if subcode is not None:
        told["error_subcode"] = subcode
    return Reply({"error": told}, status)


def no_such(id_: str) -> Reply:
    return error(
        100,
        f"Unsupported get request. Object with ID '{id_}' does not exist, cannot be loaded due"
        " to missing permissions, or does not support this operation",
        33,
    )


def no_field(name: str, kind: str) -> Reply:
    return error(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")


def token(**told: object) -> Json:
    """A reply of debug_token: healthy, but for what is told otherwise; `None` leaves it out."""
    data: dict[str, object] = {"app_id": APP, "is_valid": True, "scopes": [MANAGE, SEND]} | told
    return {"data": {name: value for name, value in data.items() if value is not None}}


def granted(*ids: str) -> list[Json]:
    return [{"scope": name, "target_ids": list(ids)} for name in (MANAGE, SEND)]


def number(id_: str = PHONE, **told: object) -> dict[str, object]:
    return {"id": id_, "display_phone_number": "+1 555 0100", "verified_name": "Shop"} | told


HEALTHY: Mapping[str, Answer] = {
    "oauth/access_token": {"access_token": f"{APP}|x", "token_type": "bearer"},
    "debug_token": token(),
    APP: {"id": APP, "name": "App"},
    WABA: {"id": WABA, "name": "Shop"},
    f"{WABA}/phone_numbers": {"data": [number()]},
    PHONE: number(),
}


SIXTY = tuple(number(str(int(PHONE) - 59 + place)) for place in range(60))
"""The last of them is the one whose ID is at hand."""


@dataclass
class Server:
    """Answers each path as the table says, and `otherwise` what is not in it."""

    answers: Mapping[str, Answer] = field(default_factory=lambda: HEALTHY)
    delay: float = 0.0
    otherwise: Answer = None
    base: str = ""
    headers: str = ""
    """More header lines, each with its end."""
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    _open: int = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        asked = _read(head)
        self.asked.append(asked)
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            await asyncio.sleep(self.delay)
            answer = self._answer(asked)
            if answer is None:
                await reader.read()
                return
        finally:
            self._open -= 1
        writer.write(_written(answer, self.headers))
        await writer.drain()

    def _answer(self, asked: Asked) -> Reply | None:
        if asked.path in self.answers:
            answer = self.answers[asked.path]
        else:
            answer = self.otherwise or no_such(asked.path.partition("/")[0])
        if isinstance(answer, Pages):
            answer = answer.at(asked.query, asked.path)
        if callable(answer):
            return answer(asked)
        return answer if isinstance(answer, Reply) or answer is None else Reply(answer)


@contextlib.asynccontextmanager
async def served(
    answers: Mapping[str, Answer] | None = None, *, otherwise: Answer = None
) -> AsyncIterator[Server]:
    """A healthy server, but for these answers."""
    server = Server({**HEALTHY, **(answers or {})}, otherwise=otherwise)
    listening = await asyncio.start_server(server, "127.0.0.1", 0)
    server.base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


def world(server: Server, values: Values = VALUES, *, limit: float = 5.0) -> World:
    return World("test", values, server.base, GRAPH_VERSION, timeout=limit)


def _read(head: str) -> Asked:
    target = head.split(" ", 2)[1]
    parts = urlsplit(target)
    return Asked(
        head,
        parts.path.removeprefix(f"/{GRAPH_VERSION}/"),
        {name: values[0] for name, values in parse_qs(parts.query).items()},
    )


def _written(reply: Reply, headers: str) -> bytes:
    """As HTTP/1.0, which ends by hanging up: many a small server speaks it."""
    body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
    head = (
        f"HTTP/1.0 {reply.status} Answer\r\nContent-Type: {reply.content_type}\r\n"
        f"Content-Length: {len(body.encode()) + reply.cut}\r\n{headers}\r\n"
    )
    return (head + body).encode()


async def examined(answers: Answers, values: Values = VALUES, otherwise: Answer = None) -> Report:
    async with served(answers, otherwise=otherwise) as server, world(server, values) as there:
        return await collect_report(there)


def dead(code: int, message: str, subcode: int | None = None, **told: object) -> Answer:
    """What debug_token says of a token that is no more: no error, but a fact."""
    why: dict[str, object] = {"code": code, "message": message}
    if subcode:
        why["subcode"] = subcode
    return token(**{"is_valid": False, "scopes": [], "error": why, **told})


def picky(id_: str, kind: str, knows: set[str], about: Mapping[str, object]) -> Answer:
    """An object that knows few fields, and says so of the first that it does not."""

    def answer(asked: Asked) -> Reply:
        wanted = [name for name in asked.query.get("fields", "").split(",") if name]
        unknown = next((name for name in wanted if name not in knows), None)
        return no_field(unknown, kind) if unknown else Reply(dict(about))

    return answer


def statuses(report: Report) -> dict[str, Status]:
    return {finding.id: finding.status for finding in report.findings}
