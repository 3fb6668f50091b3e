"""What our simulator says of Meta's Graph API and only Meta can prove, read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wizard import content

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Guard:
    """A field of the number, by its path, and what it has to be; `otherwise` says why not."""

    field: str
    wanted: str
    otherwise: str


@dataclass(frozen=True)
class Claim:
    """One request, and what is expected of its answer.

    `asker` is whose token it bears. Paths, `query` and `json` hold names in braces that stand for
    one's own values and made-up ones. What `does` something is no mere question. `unless` says of
    some codes of a refusal why they leave it open.
    """

    id: str
    says: str
    method: str
    path: str
    asker: str
    status: int
    source: str
    query: Mapping[str, str] = field(default_factory=dict)
    json: Json | None = None
    version: str | None = None
    proof: bool = False
    answer: Json = field(default_factory=dict)
    headers: Json = field(default_factory=dict)
    does: str = ""
    guard: Guard | None = None
    undo: Json | None = None
    unless: Mapping[int, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return bool(self.does)

    @property
    def asked(self) -> str:
        """The request in a line, with names in place of values."""
        query = "&".join(f"{name}={text}" for name, text in self.query.items())
        version = f"{self.version}/" if self.version else ""
        path = f"{self.method} {version}{self.path}"
        return f"{path}?{query}" if query else path

    @property
    def expected(self) -> dict[str, Any]:
        """What the answer has to be, in the words of the data."""
        headers = {"headers": self.headers} if self.headers else {}
        return {"status": self.status, **headers, "body": self.answer}


@cache
def claims() -> tuple[Claim, ...]:
    """All of them, in the order in which they are asked for."""
    text = content.read_text("claims.toml")
    return tuple(
        _claim(f"{group}.{what}", spec)
        for group, specs in tomllib.loads(text).items()
        for what, spec in specs.items()
    )


def _claim(id_: str, spec: Mapping[str, Any]) -> Claim:
    method, _, path = spec["asks"].partition(" ")
    guard = spec.get("guard")
    return Claim(
        id=id_,
        says=spec["says"],
        method=method,
        path=path,
        asker=spec["as"],
        status=spec["status"],
        source=spec["source"],
        query=spec.get("query", {}),
        json=spec.get("json"),
        version=spec.get("version"),
        proof=spec.get("proof", False),
        answer=spec.get("answer", {}),
        headers=spec.get("headers", {}),
        does=spec.get("does", ""),
        guard=Guard(guard["field"], guard["is"], guard["else"]) if guard else None,
        undo=spec.get("undo"),
        unless={int(code): why for code, why in spec.get("unless", {}).items()},
    )
