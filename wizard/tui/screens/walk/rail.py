"""The way through the portal: chapters, the steps of this one, and how far one has come."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wizard.guide import Chapter, Step
from wizard.tui.theme import MARK_SIGNS
from wizard.walk import StepState, Walk

_BAR = 26


class Rail(Vertical):
    """Where one is in the guide; a click on a line goes there."""

    class Chosen(Message):
        """A step was clicked; `step` is its id."""

        def __init__(self, step: str) -> None:
            super().__init__()
            self.step = step

    def __init__(self) -> None:
        super().__init__()
        self._walk: Walk | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="progress")
        yield OptionList(id="way", compact=True, markup=False)

    def show(self, walk: Walk) -> None:
        if walk != self._walk:
            self._walk = walk
            self._draw(walk)
        way = self.query_one("#way", OptionList)
        way.highlighted = way.get_option_index(walk.at)

    def _draw(self, walk: Walk) -> None:
        behind, of = walk.progress
        filled = round(_BAR * behind / of)
        self.query_one("#progress", Static).update(
            Content.assemble(
                f"{behind} of {of} steps\n",
                ("━" * filled, "$accent"),
                ("━" * (_BAR - filled), "$border"),
            )
        )
        way = self.query_one("#way", OptionList)
        way.can_focus = False
        way.clear_options()
        for option in _options(walk):
            way.add_option(option)
        way.highlighted = way.get_option_index(walk.at)
        way.scroll_to_highlight()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen((event.option.id or "").removeprefix("chapter-")))


def short_rail(walk: Walk) -> str:
    """The rail in one line, for narrow terminals."""
    chapter = walk.guide.chapter_of(walk.at)
    place = chapter.steps.index(walk.step) + 1
    behind, of = walk.progress
    return f"{chapter.number} {chapter.short} · {place} of {len(chapter.steps)} · {behind} of {of}"


def _options(walk: Walk) -> list[Option]:
    here = walk.guide.chapter_of(walk.at)
    options = []
    for chapter in walk.guide.chapters:
        alone = len(chapter.steps) == 1
        id_ = chapter.steps[0].id if alone else f"chapter-{chapter.steps[0].id}"
        options.append(Option(_chapter_line(walk, chapter, here), id=id_))
        if chapter is here and not alone:
            options += [Option(_step_line(walk, step), id=step.id) for step in chapter.steps]
    return options


def _chapter_line(walk: Walk, chapter: Chapter, here: Chapter) -> Content:
    mark = StepState.CURRENT if chapter is here else _chapter_mark(walk, chapter)
    style = {
        StepState.CURRENT: "bold",
        StepState.DONE: "$foreground 60%",
        StepState.SKIPPED: "$foreground 60%",
    }.get(mark, "")
    line = f"{chapter.number:>2}  {chapter.short}"
    return Content.assemble((f"{MARK_SIGNS[mark]} ", _sign_style(mark)), (line, style))


def _chapter_mark(walk: Walk, chapter: Chapter) -> StepState:
    marks = {walk.state_of(step) for step in chapter.steps}
    if StepState.TODO in marks:
        return StepState.TODO
    return StepState.DONE if StepState.DONE in marks else StepState.SKIPPED


def _step_line(walk: Walk, step: Step) -> Content:
    mark = walk.state_of(step)
    style = "bold $accent" if mark is StepState.CURRENT else ""
    return Content.assemble(
        ("    ", ""),
        (f"{MARK_SIGNS[mark]} ", _sign_style(mark)),
        (f"{step.id:<5}{step.short}", style),
    )


def _sign_style(mark: StepState) -> str:
    return {
        StepState.DONE: "$success",
        StepState.CURRENT: "$accent",
        StepState.SKIPPED: "$foreground 60%",
    }.get(mark, "")
