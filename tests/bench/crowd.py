"""Any number of healthy profiles, and a Graph on loopback that knows them all.

Whoever has the n-th app has the n-th of everything, so the server keeps no table of them.
"""

from __future__ import annotations

import asyncio
import json
import string
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from wizard.state import Progress, StateFile
from wizard.values.shapes import generate_verify_token

_BASES = {"app": 10**14, "waba": 2 * 10**14, "number": 3 * 10**14}
_PERMISSIONS = ["whatsapp_business_management", "whatsapp_business_messaging"]


def id_of(kind: str, place: int) -> str:
    return str(_BASES[kind] + place)


def profile(place: int) -> str:
    return f"client-{place:05}"


def _access_token(place: int) -> str:
    """As random as Meta's, with the place at its end."""
    signs = Random(place).choices(string.ascii_letters + string.digits, k=190)
    return f"EAA{''.join(signs)}{place:05}"


def store(place: int, keyring: Path) -> None:
    """Puts the values of a profile where `FolderKeyring` finds them."""
    values = {
        "app_id": id_of("app", place),
        "app_secret": Random(place).randbytes(16).hex(),
        "access_token": _access_token(place),
        "phone_number_id": id_of("number", place),
        "waba_id": id_of("waba", place),
        "verify_token": generate_verify_token().reveal(),
    }
    folder = keyring / f"whatsapp-wizard_{profile(place)}"
    folder.mkdir(parents=True)
    for name, value in values.items():
        (folder / name).write_text(value, "utf-8")


def enlist(count: int, keyring: Path, state: Path) -> None:
    """Makes this many profiles, in the keyring and in the state."""
    for place in range(count):
        store(place, keyring)
    StateFile(state).save_all({profile(place): Progress() for place in range(count)})


@dataclass
class Crowd:
    """The Graph: `delay` is the seconds that each answer takes; a request of one app in `limited`
    meets a spent allowance. It counts what comes."""

    delay: float = 0.0
    limited: frozenset[int] = frozenset()
    requests: int = 0
    under_way: int = 0
    most_under_way: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self.delay)
            status, body = self._answer(scope)
        finally:
            self.under_way -= 1
        headers = [(b"content-type", b"application/json"), (b"facebook-api-version", b"v25.0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def _answer(self, scope: Scope) -> tuple[int, dict[str, Any]]:
        query = {name: values[0] for name, values in parse_qs(scope["query_string"]).items()}
        _, _, *parts = scope["path"].split("/")
        place = _place(scope, query, parts)
        if place in self.limited:
            said = "(#4) Application request limit reached"
            return 403, {"error": {"message": said, "type": "OAuthException", "code": 4}}
        return 200, _reply(place, parts)


def _place(scope: Scope, query: dict[bytes, bytes], parts: list[str]) -> int:
    if client := query.get(b"client_id"):
        return int(client) - _BASES["app"]
    token = dict(scope["headers"]).get(b"authorization", b"").removeprefix(b"Bearer ").decode()
    if "|" in token:
        return int(token.partition("|")[0]) - _BASES["app"]
    return int(token[-5:])


def _reply(place: int, parts: list[str]) -> dict[str, Any]:
    waba, number = id_of("waba", place), id_of("number", place)
    phone = {
        "id": number,
        "display_phone_number": f"+1 650-555-{place % 10000:04}",
        "verified_name": f"Client {place}",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "status": "CONNECTED",
        "account_mode": "LIVE",
        "quality_rating": "GREEN",
    }
    if parts == ["oauth", "access_token"]:
        return {"access_token": f"{id_of('app', place)}|opaque", "token_type": "bearer"}
    if parts == ["debug_token"]:
        return {"data": _token(place, waba)}
    if parts == [waba, "phone_numbers"]:
        return {"data": [phone]}
    if parts == [waba]:
        return {"id": waba, "name": f"Client {place}", "account_review_status": "APPROVED"}
    return phone


def _token(place: int, waba: str) -> dict[str, Any]:
    return {
        "app_id": id_of("app", place),
        "application": f"App {place}",
        "type": "SYSTEM_USER",
        "is_valid": True,
        "expires_at": 0,
        "data_access_expires_at": 0,
        "scopes": _PERMISSIONS,
        "granular_scopes": [{"scope": name, "target_ids": [waba]} for name in _PERMISSIONS],
    }
