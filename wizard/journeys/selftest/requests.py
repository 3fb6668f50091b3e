"""Puts one's own values, and made-up ones, into the requests that claims ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.graph import Request
from wizard.graph.request import app_token
from wizard.journeys.selftest.claims import Claim
from wizard.values.credentials import Secret, Value, Values
from wizard.values.shapes import generate_verify_token

_UNKNOWN_ID = "100000000000001"
_WRONG_SECRET = Secret("0" * 32)


class RequestBuilder:
    """The values behind the names in braces; `to` is a recipient in digits."""

    def __init__(self, values: Values, to: str | None = None) -> None:
        self._secret = values.app_secret
        self._values: dict[str, Value] = {
            **dict(values.present()),
            "unknown_id": _UNKNOWN_ID,
            "unreadable_token": Secret("EAA" + "0" * 60),
            "malformed_token": Secret("EAA" + "0" * 30 + "_" + "0" * 30),
            "wrong_secret": _WRONG_SECRET,
            "wrong_proof": Secret("0" * 64),
            "made_up_token": generate_verify_token(),
        }
        if values.app_id and values.app_secret:
            self._values["app_token"] = app_token(values.app_id, values.app_secret)
            self._values["wrong_app_token"] = app_token(values.app_id, _WRONG_SECRET)
        if to is not None:
            self._values["to"] = to

    @property
    def secrets(self) -> Iterator[Secret]:
        """All that may stand in nothing that is shown."""
        return (value for value in self._values.values() if isinstance(value, Secret))

    def lacks_recipient(self, claim: Claim) -> bool:
        return "to" not in self._values and "{to}" in str(claim.json)

    def deed(self, claim: Claim) -> str:
        """What the claim does, with the recipient in it."""
        return claim.does.replace("{to}", f"+{self._values.get('to', '')}")

    def request(self, claim: Claim) -> Request:
        """The question itself."""
        query = {name: self._value(text) for name, text in claim.query.items()}
        request = Request(
            claim.method,
            self._path(claim.path),
            {name: text for name, text in query.items() if isinstance(text, str)},
            self._token(claim),
            {name: text for name, text in query.items() if isinstance(text, Secret)},
            None if claim.json is None else self._body(claim.json),
        )
        return request.proven(self._secret) if claim.proof and self._secret else request

    def look(self, claim: Claim, field: str) -> Request:
        """Reads a field of the number, before the claim is asked for."""
        path = self._path("{phone_number_id}")
        return Request("GET", path, {"fields": field.partition(".")[0]}, self._token(claim))

    def undoing(self, claim: Claim) -> Request:
        """Takes back what the claim has set."""
        body = self._body(claim.undo or {})
        return Request(claim.method, self._path(claim.path), token=self._token(claim), json=body)

    def _token(self, claim: Claim) -> Secret | None:
        value = self._values.get(claim.asker)
        return value if isinstance(value, Secret) else None

    def _path(self, path: str) -> str:
        return "/".join(str(self._value(part)) for part in path.split("/"))

    def _value(self, text: str) -> Value:
        """What stands behind a name in braces, or the text as it is."""
        return self._values[text[1:-1]] if text.startswith("{") else text

    def _body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self._body(part) if isinstance(part, Mapping) else self._value(part)
            for name, part in body.items()
        }
