"""Holds an exchange with the pretended Graph against Meta's description and the table of
deviations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.conformance.description import description, shown
from tests.conformance.deviations import Deviation, deviations
from tests.conformance.operations import Operation, find, is_versioned
from tests.conformance.sameness import FORM, JSON, shape
from tests.conformance.schemas import OncePerSchema, casters
from wizard.graph.pool import AGENT
from wizard.simulator.graph_api.described import HEADER
from wizard.simulator.graph_api.operations import PROOF
from wizard.simulator.graph_api.recorder import Exchange

_HOST = "https://graph.facebook.com"
_OF_HTTP = {"content-type", "content-length", "date", "server", "connection"}
_OUR_OWN = {HEADER}
"""Says that an answer was made from the description alone."""
_MOST_PATHS = 10_000
"""More than an operation has; found anew at each step, they are most of the time it takes."""
RAW = "attachment"
"""A file's own bytes are of no schema."""
_ADVICE = "Neither Meta's description nor tests/conformance/deviations.toml has it."


class Validator:
    """Validates by these lines of the table."""

    def __init__(self, rows: Sequence[Deviation]) -> None:
        self._rows = tuple(rows)
        self._apis: dict[str, OpenAPI] = {}
        self._told: dict[object, tuple[str, ...]] = {}

    def differences(self, exchange: Exchange) -> tuple[str, ...]:
        """In what an exchange differs from the operation's description, in a sentence each; the
        request counts where our own client sent it."""
        operation, ours = find(exchange), is_ours(exchange)
        if RAW in exchange.reply_headers.get("content-disposition", ""):
            return ()
        if operation is None:
            asked = f"{exchange.method} {exchange.path}"
            return (f"{asked}: no description has this operation. {_ADVICE}",) if ours else ()
        alike = operation.id, ours, shape(exchange)
        if alike not in self._told:
            found = self._differences(exchange, operation, ours=ours)
            begin = f"{operation.id} ({exchange.method} {operation.path})"
            self._told[alike] = tuple(f"{begin}: {said}. {_ADVICE}" for said in found)
        return self._told[alike]

    def differences_of(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        """In what the reply of an exchange differs from this very operation's."""
        return self._differences(exchange, operation, ours=False)

    def _differences(
        self, exchange: Exchange, operation: Operation, *, ours: bool
    ) -> Iterator[str]:
        api = self._api(operation)
        if ours:
            yield from self._of_request(exchange, operation)
        if exchange.status is None:
            return
        request = _request(exchange, as_sent=False)
        for error in api.iter_response_errors(request, _response(exchange)):
            yield from (f"the reply's {said}" for _, said in _told(error, operation.path))
        yield from self._of_headers(exchange, operation)
        if operation.described:
            yield from self._of_code(exchange, operation)

    def _api(self, operation: Operation) -> OpenAPI:
        if operation.id not in self._apis:
            # The description itself is Meta's to validate.
            schemas = OncePerSchema()
            config = Config(
                spec_validator_cls=None,
                schema_validators_factory=schemas,
                schema_casters_factory=casters(schemas),
            )
            document = operation.alone(self._rows)
            spec = SchemaPath.from_dict(document, resolved_cache_maxsize=_MOST_PATHS)
            self._apis[operation.id] = OpenAPI(spec, config)
        return self._apis[operation.id]

    def _of_request(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        """Where Meta itself refused it, what the table lists may be wrong with it, or missing."""
        api, code = self._api(operation), _error(exchange).get("code")
        rows = [row.answered for row in self._rows_of("refused", operation)]
        refused = [row for row in rows if code in row.get("codes", ())]
        wrong = {place for row in refused for place in row.get("places", ())}
        for row in refused:
            exchange = _completed(exchange, row.get("lacking", {}))
        request = _request(exchange, as_sent=True)
        for error in api.iter_request_errors(request):
            for place, said in _told(error, operation.path):
                if place not in wrong:
                    yield f"the request's {said}"
        for name in request.parameters.query.keys() - _parameters(api, operation):
            yield f"the request's query has a parameter {name}"

    def _of_headers(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        allowed = {row.place for row in self._rows_of("header", operation) if row.answered}
        for name in exchange.reply_headers.keys() - _headers() - _OF_HTTP - _OUR_OWN - allowed:
            yield f"the reply has a header {name}"

    def _of_code(self, exchange: Exchange, operation: Operation) -> Iterator[str]:
        """A code comes with the status that it has in the description's examples."""
        error = _error(exchange)
        code, subcode = error.get("code"), error.get("error_subcode")
        pairs = shown().get(code, frozenset()) if isinstance(code, int) else frozenset()
        statuses = {status for status, _ in pairs}
        if not pairs or (exchange.status, subcode) in pairs:
            return
        if subcode is None and exchange.status in statuses:
            return
        name = f"{code}/{subcode}" if subcode else f"{code}"
        for row in self._rows_of("error", operation):
            if fnmatch(name, row.place) and exchange.status in row.answered.get("status", ()):
                return
        yield f"the reply's error {name} comes with status {exchange.status}"

    def _rows_of(self, kind: str, operation: Operation) -> Iterator[Deviation]:
        return (row for row in self._rows if row.kind == kind and row.concerns(operation.id))


@cache
def standing() -> Validator:
    """The one that the whole suite is held against."""
    return Validator(deviations())


def is_ours(exchange: Exchange) -> bool:
    return exchange.headers.get("user-agent") == AGENT


def examine(exchanges: Iterable[Exchange]) -> list[str]:
    """The differences of them all, each told once."""
    validator = standing()
    told = (said for exchange in exchanges for said in validator.differences(exchange))
    return list(dict.fromkeys(told))


@cache
def _headers() -> frozenset[str]:
    return frozenset(name.lower() for name in description()["components"]["headers"])


def _parameters(api: OpenAPI, operation: Operation) -> set[str]:
    with (api.spec / "paths" / operation.path / operation.method / "parameters").open() as found:
        return {one.get("name", "") for one in found}


def _request(exchange: Exchange, *, as_sent: bool) -> MockRequest:
    """As the validator takes it; unless it is to be judged `as_sent`, at an address that the
    description knows. The proof may stand in the address or in the body: it is looked at where
    Graph documents it, as a parameter."""
    kind = exchange.headers.get("content-type", "").partition(";")[0]
    query = dict(parse_qsl(exchange.query, keep_blank_values=True))
    proof, body = _unproven(kind, exchange.body)
    return MockRequest(
        _HOST,
        exchange.method.lower(),
        exchange.path if as_sent else _path(exchange.path),
        args={**query, **proof},
        headers={name.title(): value for name, value in exchange.headers.items()},
        data=body or None,
        content_type=kind,
    )


def _completed(exchange: Exchange, lacking: Mapping[str, object]) -> Exchange:
    body = _parsed(exchange.body) if lacking else None
    if not isinstance(body, dict):
        return exchange
    return replace(exchange, body=json.dumps({**lacking, **body}).encode())


def _path(path: str) -> str:
    """With a version, and without the slash at the end that some put there."""
    return (path if is_versioned(path) else f"/v0.0{path}").rstrip("/")


def _unproven(kind: str, body: bytes) -> tuple[dict[str, str], bytes]:
    if kind == JSON and isinstance(asked := _parsed(body), dict) and PROOF in asked:
        proof = asked.pop(PROOF)
        return {PROOF: proof}, json.dumps(asked).encode()
    if kind == FORM:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if PROOF in fields:
            return {PROOF: fields.pop(PROOF)}, urlencode(fields).encode()
    return {}, body


def _response(exchange: Exchange) -> MockResponse:
    kind = exchange.reply_headers.get("content-type", "").partition(";")[0]
    return MockResponse(
        exchange.reply,
        status_code=exchange.status or 0,
        headers=dict(exchange.reply_headers),
        content_type=kind,
    )


def _error(exchange: Exchange) -> Mapping[str, Any]:
    body = _parsed(exchange.reply)
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _told(error: BaseException, path: str, name: str = "") -> Iterator[tuple[str, str]]:
    """What the validator's error says, the innermost of it, and which place that is: such as
    `path pattern` or `body required`, after the schema's own word."""
    if schemas := getattr(error, "schema_errors", None):
        about = "path" if f"{{{name}}}" in path else name or "body"
        inner = dict.fromkeys(said for one in schemas for said in _of_schema(one, name or "body"))
        yield from ((f"{about} {word}", said) for word, said in inner)
    elif error.__cause__ is not None:
        yield from _told(error.__cause__, path, getattr(error, "name", "") or name)
    else:
        yield "", f"{name} {error}".strip().rstrip(". ")


def _of_schema(error: Any, whole: str) -> Iterator[tuple[str, str]]:
    if error.context and error.validator in {"oneOf", "anyOf"}:
        for inner in error.context:
            yield from _of_schema(inner, whole)
    else:
        parts = ("[]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        place = "".join(parts).removeprefix(".") or whole
        yield error.validator, f"{place}: {error.message}"
