"""An answer that is no JSON, such as a file's bytes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class RawAnswer(NamedTuple):
    content: bytes
    media_type: str
    headers: Mapping[str, str] = MappingProxyType({})
