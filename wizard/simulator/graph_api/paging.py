"""Long lists in pages, by cursor.

https://developers.facebook.com/docs/graph-api/results
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from wizard.simulator import errors

T = TypeVar("T")
_USUAL = 25
MOST = 100


class Page(NamedTuple, Generic[T]):
    items: Sequence[T]
    first: int
    total: int
    limit: int

    def links(self, url: str, params: Mapping[str, str]) -> dict[str, object]:
        """The `paging` part of the answer; `url` and `params` are those of this request."""
        before, after = _cursor(self.first), _cursor(self.first + len(self.items) - 1)
        paging: dict[str, object] = {"cursors": {"before": before, "after": after}}
        kept = {name: text for name, text in params.items() if name not in {"after", "before"}}
        kept["limit"] = str(self.limit)
        if self.first > 0:
            paging["previous"] = f"{url}?{urlencode({**kept, 'before': before})}"
        if self.first + len(self.items) < self.total:
            paging["next"] = f"{url}?{urlencode({**kept, 'after': after})}"
        return paging


def cut(items: Sequence[T], params: Mapping[str, str]) -> Page[T]:
    """The page of the items that `limit`, `after` and `before` ask for."""
    limit = _limit(params.get("limit"))
    first = 0
    if after := params.get("after"):
        first = _position(after) + 1
    elif before := params.get("before"):
        end = _position(before)
        first = max(0, end - limit)
        limit = min(limit, end)
    return Page(items[first : first + limit], first, len(items), limit)


def _limit(text: str | None) -> int:
    if text is None:
        return _USUAL
    if not text.isdecimal() or int(text) < 1:
        raise errors.bad_parameter("param limit must be a positive integer")
    return min(int(text), MOST)


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"item:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor).removeprefix(b"item:"))
    except (binascii.Error, ValueError):
        raise errors.bad_parameter("Invalid cursor provided") from None
