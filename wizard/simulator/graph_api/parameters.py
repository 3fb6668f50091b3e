"""What a request's body says, in each of the forms that Graph takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from email.message import Message


@dataclass(eq=False)
class File:
    """A part of a form that has a file's name, or a type of its own."""

    content: bytes = field(repr=False)
    mime_type: str
    filename: str


@dataclass(eq=False)
class Body:
    """The JSON object, or the fields and files of a form; what can't be read is left out."""

    json: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)


def read(content_type: str, raw: bytes) -> Body:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return Body(json=_json(raw))
    if kind == "application/x-www-form-urlencoded":
        return Body(form=dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)))
    if kind == "multipart/form-data":
        return _multipart(content_type, raw)
    return Body()


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


def _multipart(content_type: str, raw: bytes) -> Body:
    form: dict[str, str] = {}
    files: dict[str, File] = {}
    for head, content in _parts(content_type, raw):
        name = head.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        filename = head.get_filename()
        if filename is None and "content-type" not in head:
            form[name] = content.decode("utf-8", "replace")
            continue
        kind = head.get("content-type", "application/octet-stream")
        if filename is None and not kind.startswith(
            ("application/octet", "image", "audio", "video")
        ):
            form[name] = content.decode("utf-8", "replace")
        else:
            files[name] = File(content, kind, filename or "")
    return Body(form=form, files=files)


def _parts(content_type: str, raw: bytes) -> Iterator[tuple[Message, bytes]]:
    """The head and the very bytes of each part: https://www.rfc-editor.org/rfc/rfc7578"""
    from email.message import Message  # only what comes in several parts needs it

    head = Message()
    head["content-type"] = content_type
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        return
    # A part ends with the line break before the next boundary.
    mark = b"\r\n--" + boundary.encode("latin-1", "replace")
    for piece in (b"\r\n" + raw).split(mark)[1:]:
        if piece.startswith(b"--"):
            return
        told, gap, content = piece.partition(b"\r\n\r\n")
        if gap:
            yield _head(told), content


def _head(raw: bytes) -> Message:
    from email.message import Message  # only what comes in several parts needs it

    head = Message()
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            head[name.strip()] = value.strip()
    return head
