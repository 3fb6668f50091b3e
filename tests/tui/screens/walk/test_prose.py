"""The guide's texts, drawn by one widget as Textual's Markdown draws them with many."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection
from textual.widgets import Markdown

from wizard.guide import guide
from wizard.portal import layouts
from wizard.tui.screens.walk.numbered import readable
from wizard.tui.screens.walk.prose import Prose
from wizard.tui.screens.walk.prose_blocks import blocks_of, has_table

ALL_KINDS = """
In the form **"App details"**, which is longer than one line of this narrow terminal has room for:

1. **App name**: something you will recognise, such as `my-whatsapp-webhook`, on two lines.
2. Click **"Next"**.

- One of these
- *Another* one of these, which goes on for so long that it is wrapped as well

> **Connect with customers**
>
> Start a WhatsApp conversation, send notifications, create ads that click-to-WhatsApp.

Then *nothing*:

9. nine
10. ten
"""
TEXTS = sorted(
    {
        text
        for step in guide().steps
        for layout in (None, *layouts())
        for text in (readable(step.text(None, layout)), step.in_layout(layout).see)
    }
)


class Both(App[None]):
    CSS = """
    Screen { layout: horizontal; }
    Prose { width: 40; }
    Markdown { width: 40; padding: 0; margin: 0; }
    Screen MarkdownParagraph { margin: 0 0 1 0; }
    Screen MarkdownOrderedList MarkdownParagraph { margin: 0; }
    Screen MarkdownBulletList MarkdownParagraph { margin: 0; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.prose = Prose()
        self._text = text

    def compose(self) -> ComposeResult:
        yield self.prose
        yield Markdown(self._text, open_links=False)

    def on_mount(self) -> None:
        self.prose.show(self._text)

    def drawn(self) -> list[tuple[str, str]]:
        lines = [strip.text.ljust(80) for strip in self.screen._compositor.render_strips()]
        return [(line[:40].rstrip(), line[40:].rstrip()) for line in lines]


async def test_each_kind_of_block_stands_where_markdown_puts_it() -> None:
    async with (app := Both(ALL_KINDS)).run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        assert [line for line, _ in app.drawn()] == [line for _, line in app.drawn()]
        assert sum(bool(line) for line, _ in app.drawn()) > 15


async def test_another_text_takes_the_place_of_the_first() -> None:
    async with (app := Both("one")).run_test() as pilot:
        app.prose.show("- two\n- three")
        await pilot.pause()
        assert [line for line, _ in app.drawn()][:3] == ["• two", "• three", ""]


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        (SELECT_ALL, "• a word of many words and more words and some more words\n• two"),
        (Selection(Offset(4, 0), Offset(8, 0)), "word"),
        (Selection(Offset(55, 0), Offset(5, 1)), "ds\n• two"),
    ],
    ids=["all", "a word", "two lines"],
)
async def test_selected_words_are_copied_as_they_were_written(
    selection: Selection, text: str
) -> None:
    written = "- a word of many words and more words and some more words\n- two"
    async with (app := Both(written)).run_test() as pilot:
        await pilot.pause()
        assert app.prose.get_selection(selection) == (text, "\n")


async def test_what_is_selected_is_marked_on_each_line_that_it_is_wrapped_to() -> None:
    written = "- a word of many words and more words and some more words\n- two"
    async with (app := Both(written)).run_test() as pilot:
        await pilot.pause()
        before = [strip.text for strip in app.screen._compositor.render_strips()]
        app.screen.selections = {app.prose: Selection(Offset(4, 0), Offset(5, 1))}
        await pilot.pause()
        plain = app.prose.visual_style.rich_style.bgcolor
        strips = app.screen._compositor.render_strips()
        marked = [
            "".join(
                text for text, style, _ in strip.crop(0, 40) if style and style.bgcolor != plain
            )
            for strip in strips[:3]
        ]
        assert [strip.text for strip in strips] == before
        assert marked == ["word of many words and more words", "and some more words", "two"]


def test_every_text_of_the_guide_is_made_of_known_blocks() -> None:
    texts = [text for text in TEXTS if not has_table(text)]
    assert len(texts) > 50
    for text in texts:
        blocks_of(text)


def test_what_is_no_known_block_is_refused() -> None:
    with pytest.raises(ValueError, match="heading"):
        blocks_of("# A heading")
