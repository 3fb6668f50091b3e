"""What a request's body says, in each of the forms that Graph takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl


def read(content_type: str, raw: bytes) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The JSON object and the form's fields of a body; what can't be read is passed over."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return _json(raw), {}
    if kind == "application/x-www-form-urlencoded":
        return {}, dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if kind == "multipart/form-data":
        return {}, _multipart(content_type, raw)
    return {}, {}


def as_text(body: Mapping[str, Any]) -> dict[str, str]:
    """A JSON body as parameters; what is no text stays written as JSON."""
    return {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()
    }


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _multipart(content_type: str, raw: bytes) -> dict[str, str]:
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1")
    fields = {}
    for part in message_from_bytes(head + raw).walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields[name] = value.decode("utf-8", "replace")
    return fields
