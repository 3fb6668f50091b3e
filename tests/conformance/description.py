"""Meta's published OpenAPI description of the WhatsApp Business API, as it was copied.

https://github.com/facebook/openapi at ecba623b4aba6ae770185b074ed77ed5acef22f7; its MIT licence
stands beside it, in LICENSE-openapi.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

PATH = Path(__file__).with_name("business-messaging-api_v23.0.yaml")
LICENSE = Path(__file__).with_name("LICENSE-openapi")
ERROR = "#/components/schemas/GraphAPIError"

CLIENT = frozenset(
    {
        "getAllSubscriptionsForAWaba",
        "getClientWhatsAppBusinessAccounts",
        "getOwnedWhatsAppBusinessAccounts",
        "getPhoneNumberById",
        "getTemplateByNameDefaultFields",
        "getWhatsAppBusinessAccountDetails",
        "getWhatsAppBusinessAccountPhoneNumbers",
        "registerWhatsAppBusinessPhoneNumber",
        "sendMessage",
        "subscribeToWabaWebhooks",
        "updatePhoneNumberStatus",
    }
)
"""The operations of the description that our client makes."""

Json: TypeAlias = dict[str, Any]


@cache
def description() -> Json:
    """The whole document. To parse it takes about a second, for each process of a run: what was
    parsed is kept beside the bytecode, under the digest of the text."""
    text = PATH.read_bytes()
    kept = PATH.parent / "__pycache__" / f"{PATH.stem}.{hashlib.sha256(text).hexdigest()}.pickle"
    with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):
        found: Json = pickle.loads(kept.read_bytes())
        return found
    import yaml

    document: Json = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    with suppress(OSError):
        new = kept.with_suffix(f".{os.getpid()}")
        kept.parent.mkdir(exist_ok=True)
        new.write_bytes(pickle.dumps(document))
        new.replace(kept)
    return document


@cache
def shown() -> Mapping[int, frozenset[tuple[int, int | None]]]:
    """HTTP status and subcode with which each error code is shown in the examples of what our
    client asks for."""
    found: defaultdict[int, set[tuple[int, int | None]]] = defaultdict(set)
    for status, error in errors(CLIENT):
        found[error["code"]].add((status, error.get("error_subcode")))
    return {code: frozenset(pairs) for code, pairs in found.items()}


def resolve(document: Json, part: Json) -> Json:
    """What stands behind a `$ref`, if this is one."""
    while "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def errors(operations: Container[str]) -> Iterator[tuple[int, Json]]:
    """Each error that is shown for one of these operations, and the status it stands under."""
    document = description()
    methods = (one for path in document["paths"].values() for one in path.values())
    made = [one for one in methods if isinstance(one, dict) and _id(one) in operations]
    for operation in made:
        for status, reply in operation.get("responses", {}).items():
            content = resolve(document, reply).get("content", {}).get("application/json", {})
            examples = [resolve(document, one) for one in content.get("examples", {}).values()]
            values = [one.get("value") for one in examples] + [content.get("example")]
            for value in values:
                if isinstance(value, dict) and isinstance(value.get("error"), dict):
                    yield int(status), value["error"]


def every() -> frozenset[str]:
    """The operations of the whole document."""
    methods = (one for path in description()["paths"].values() for one in path.values())
    return frozenset(_id(one) for one in methods if isinstance(one, dict))


def _id(operation: Json) -> str:
    return str(operation.get("operationId", ""))
