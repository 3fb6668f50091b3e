"""The four stages from this machine to Meta's record, and under one that failed its cure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content

from wizard.tui.controllers.stage_state import StageState
from wizard.tui.controllers.webhook_stages import WebhookStage
from wizard.tui.theme import STAGE_SIGNS, STAGE_STYLES
from wizard.tui.widgets.once import Static, Vertical
from wizard.tui.widgets.outcome import FindingView


class StagesView(Vertical):
    """A line a stage; the first that failed is told whole."""

    def __init__(self) -> None:
        super().__init__(id="stages")
        self._shown: tuple[tuple[WebhookStage, ...], str] = ((), "")

    async def show(self, stages: Sequence[WebhookStage], keys: str = "") -> None:
        """`keys` is what may be pressed where one failed."""
        shown = (tuple(stages), keys)
        if shown != self._shown:
            self._shown = shown
            self.display = bool(stages)
            await self.recompose()

    def compose(self) -> ComposeResult:
        stages, keys = self._shown
        worst = next((stage for stage in stages if stage.state is StageState.BAD), None)
        for stage in stages:
            yield Static(_line(stage), classes="stage")
            if stage is worst and stage.finding is not None:
                with Vertical(classes="trouble"):
                    yield FindingView(stage.finding, titled=False)
                    if keys:
                        yield Static(Content.from_markup(keys), classes="finding-line")


def _line(stage: WebhookStage) -> Content:
    return Content.assemble(
        (f"{STAGE_SIGNS[stage.state]}  ", STAGE_STYLES[stage.state]),
        (f"{stage.name:<15}", "bold"),
        (stage.words, STAGE_STYLES[stage.state] if stage.state is StageState.BAD else ""),
    )
