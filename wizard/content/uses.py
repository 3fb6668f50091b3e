"""What the credentials are for: commands and snippets to copy, with variables and no value."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from wizard import content
from wizard.settings import GRAPH_VERSION


@dataclass(frozen=True)
class Use:
    """A title, and what is copied."""

    title: str
    code: str

    @property
    def is_command(self) -> bool:
        return "\n" not in self.code and self.code.startswith("whatsapp-wizard")


@cache
def uses() -> tuple[Use, ...]:
    """All of them, in the order of their keys."""
    data = tomllib.loads(content.read_text("use.toml"))
    return tuple(
        Use(one["title"], one["code"].strip().replace("{version}", GRAPH_VERSION))
        for one in data["use"]
    )
