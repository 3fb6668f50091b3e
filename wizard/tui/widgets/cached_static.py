"""Words that are drawn again only where they are others: each drawing lays out the whole screen."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class CachedStatic(Static):
    """May be told the same thing often, and costs nothing then."""

    _told: VisualType | None = None

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        if _is_same(content, self._told):
            return
        self._told = content
        super().update(content, layout=layout)


def _is_same(content: VisualType, told: VisualType | None) -> bool:
    if isinstance(content, Content) and isinstance(told, Content):
        return content.is_same(told)  # equal are two of the same text in other colours
    return isinstance(content, str) and isinstance(told, str) and content == told
