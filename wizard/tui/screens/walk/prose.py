"""Markdown drawn by one widget: Textual's own makes a widget of each paragraph and list item, and
with each step of the guide thirty of them would be mounted, styled and laid out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.css.styles import RulesMap
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from wizard.tui.screens.walk.prose_blocks import CODE, QUOTE, Block, blocks_of
from wizard.tui.widgets.once import Static


class Drawing(Visual):
    """Blocks below one another, each wrapped behind what stands before its lines."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks

    @property
    def plain(self) -> str:
        """The text with its signs, a line for each block."""
        return "\n".join(f"{block.first.plain}{block.words.plain}" for block in self.blocks)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        widths = (one.first.cell_length + one.words.cell_length + one.right for one in self.blocks)
        return max(widths, default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(one.words.get_height(rules, one.room(width)) for one in self.blocks)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        drawn = (
            strip
            for y, block in enumerate(self.blocks)
            for strip in _drawn(block, y, width, style, options)
        )
        return (
            [strip for strip, _ in zip(drawn, range(height), strict=False)]
            if height
            else list(drawn)
        )


def _drawn(
    block: Block, y: int, width: int, style: Style, options: RenderOptions
) -> Iterator[Strip]:
    if block.ground:
        style += options.get_style(f".{block.ground}")
    plain = RenderOptions(options.get_style, options.rules)
    shift = len(block.first.plain)
    words = _selected(block.words, y, shift, options)
    before = _strip(block.first, style, plain)
    for strip in words.render_strips(block.room(width), None, style, plain):
        x = _offset(strip) + shift
        line = Strip.join([before, strip.apply_offsets(x, y)])
        yield line.extend_cell_length(width, style.rich_style) if block.ground else line
        before = _strip(block.rest, style, plain)


def _strip(sign: Content, style: Style, options: RenderOptions) -> Strip:
    """What stands before a line, spaces at its end included, which wrapping would cut off."""
    return Strip(
        Segment(text, (style + part).rich_style)
        for text, part in sign.render(style, end="", parse_style=options.get_style)
    )


def _offset(strip: Strip) -> int:
    """Where in the unwrapped words a line begins."""
    for _, style, _ in strip:
        if style is not None and (offset := style.meta.get("offset")) is not None:
            return int(offset[0])
    return 0


def _selected(words: Content, y: int, shift: int, options: RenderOptions) -> Content:
    span = options.selection.get_span(y) if options.selection is not None else None
    if span is None or options.selection_style is None:
        return words
    begin, end = max(0, span[0] - shift), len(words) if span[1] < 0 else span[1] - shift
    return words.stylize(options.selection_style, begin, end) if end > begin else words


class Prose(Static):
    """A text of the guide; without a `gap`, no empty line stands at its end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code_inline",
        "strong",
        "em",
        "prose--bullet",
        "prose--bar",
        QUOTE,
        CODE,
    }
    DEFAULT_CSS = """
    Prose {
        & > .strong { text-style: bold; }
        & > .em { text-style: italic; }
        &:dark > .code_inline { background: $warning 10%; color: $text-warning 95%; }
        &:light > .code_inline { background: $error 5%; color: $text-error 95%; }
        & > .prose--bullet { color: $text-primary; }
        &:light > .prose--bullet { color: $text-secondary; }
        & > .prose--bar { color: $text-primary 50%; }
        &:light > .prose--bar { color: $text-secondary; }
        & > .prose--quote { background: $boost; }
        & > .prose--code { background: black 10%; color: rgb(210,210,210); }
        &:light > .prose--code { background: white 30%; }
    }
    """

    def __init__(self, *, gap: bool = True, **named: Any) -> None:
        self._gap = gap
        self._markdown = ""
        super().__init__(Drawing(()), **named)

    def show(self, markdown: str) -> None:
        """Draws another text."""
        if markdown != self._markdown:
            self._markdown = markdown
            self.update(self._drawing(markdown))

    def _drawing(self, markdown: str) -> Drawing:
        blocks = blocks_of(markdown)
        return Drawing(blocks if self._gap else blocks[:-1])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        visual = self.visual
        return (selection.extract(visual.plain), "\n") if isinstance(visual, Drawing) else None
