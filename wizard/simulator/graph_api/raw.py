"""An answer that is no JSON, such as a file's bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RawAnswer:
    content: bytes = field(repr=False)
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
