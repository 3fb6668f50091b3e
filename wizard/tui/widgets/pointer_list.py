"""A list whose cursor is a sign: colour alone would tell nobody who sees none."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import OptionList

from wizard.tui.widgets.once import LaidOutOnce

_HERE, _NOT_HERE = "▸ ", "  "


class PointerList(LaidOutOnce, OptionList):
    """Points at the line that enter takes."""

    @property
    def line_width(self) -> int:
        """The cells that a line has; nothing before it was laid out."""
        return max(0, self.scrollable_content_region.width - self._get_left_gutter_width())

    def _get_left_gutter_width(self) -> int:
        return len(_HERE)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return super().get_content_height(container, viewport, width - len(_HERE))

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        style = next((segment.style for segment in line if segment.style), Style())
        at = self.scroll_offset.y + y
        if at >= len(self._lines):
            return Strip([Segment(_NOT_HERE, style), *line])
        option, row = self._lines[at]
        sign = _HERE if option == self.highlighted and row == 0 else _NOT_HERE
        return Strip([Segment(sign, style + Style(meta={"option": option})), *line])
