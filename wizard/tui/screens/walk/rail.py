"""The way through the portal: chapters, the steps of this one, and how far one has come."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from wizard.guide import Chapter, Step
from wizard.tui.screens.walk.line_list import Line, Lines
from wizard.tui.theme import MARK_SIGNS
from wizard.tui.widgets.once import Static, Vertical
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
        self._progress = Static(id="progress")
        self._way = Lines(id="way")

    def compose(self) -> ComposeResult:
        yield self._progress
        yield self._way

    def show(self, walk: Walk) -> None:
        if walk == self._walk:
            return
        self._walk = walk
        behind, of = walk.progress
        filled = round(_BAR * behind / of)
        self._progress.update(
            Content.assemble(
                f"{behind} of {of} steps\n",
                ("━" * filled, "$accent"),
                ("━" * (_BAR - filled), "$border"),
            ),
            layout=False,
        )
        self._way.show(tuple(_lines(walk)), here=walk.at)

    def on_lines_chosen(self, event: Lines.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(event.name))


def short_rail(walk: Walk) -> str:
    """The rail in one line, for narrow terminals."""
    chapter = walk.guide.chapter_of(walk.at)
    place = chapter.steps.index(walk.step) + 1
    behind, of = walk.progress
    return f"{chapter.number} {chapter.short} · {place} of {len(chapter.steps)} · {behind} of {of}"


def _lines(walk: Walk) -> Iterator[Line]:
    here = walk.guide.chapter_of(walk.at)
    for chapter in walk.guide.chapters:
        yield Line(chapter.steps[0].id, _chapter_line(walk, chapter, here))
        if chapter is here and len(chapter.steps) > 1:
            yield from (Line(step.id, _step_line(walk, step)) for step in chapter.steps)


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
