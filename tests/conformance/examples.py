"""Every example of Meta's description for the operations that our client makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from tests.conformance.description import CLIENT, Json, description, resolve

LEFT_OUT: Mapping[str, str] = {
    "sendMessage-200-Send_typing_indicator_and_read_receipt": "our client never sends that"
}
"""Examples that can't be replayed, and why."""


@dataclass(frozen=True)
class Example:
    """One answer that the description shows for an operation, and the status it stands under."""

    operation: str
    method: str
    path: str
    status: int
    name: str
    body: Json = field(repr=False, hash=False)

    @property
    def is_error(self) -> bool:
        return "error" in self.body

    @property
    def error(self) -> Json:
        found: Json = self.body["error"]
        return found

    def __str__(self) -> str:
        return f"{self.operation}-{self.status}-{self.name}".replace(" ", "_")


@cache
def examples() -> tuple[Example, ...]:
    """All but those that are left out."""
    return tuple(one for one in _all() if str(one) not in LEFT_OUT)


@cache
def left_out() -> tuple[Example, ...]:
    return tuple(one for one in _all() if str(one) in LEFT_OUT)


@cache
def _all() -> tuple[Example, ...]:
    document = description()
    return tuple(
        example
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and operation.get("operationId") in CLIENT
        for example in _of(document, path, method, operation)
    )


def _of(document: Json, path: str, method: str, operation: Json) -> Iterator[Example]:
    for status, response in operation["responses"].items():
        for content in resolve(document, response).get("content", {}).values():
            named = {
                name: resolve(document, one)["value"]
                for name, one in content.get("examples", {}).items()
            }
            if "example" in content:
                named["example"] = content["example"]
            for name, body in named.items():
                yield Example(operation["operationId"], method, path, int(status), name, body)


@cache
def webhook_examples() -> Mapping[str, Json]:
    """What Meta posts to a callback, by the name that the description gives it."""
    posted = description()["paths"]["/whatsapp/webhooks"]["post"]["requestBody"]
    content = posted["content"]["application/json"]
    return {name: one["value"] for name, one in content["examples"].items()}
