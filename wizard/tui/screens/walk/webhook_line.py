"""The webhook's state in one line, under the steps that are about it."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from wizard.tui.controllers.stage_state import StageState
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.controllers.webhook_stages import StageName
from wizard.tui.theme import STAGE_SIGNS, STAGE_STYLES
from wizard.tui.widgets.once import Static


class WebhookLine(Static):
    """What the key `w` leads to, or a click."""

    class Opened(Message):
        """The line was clicked."""

    def show(self, webhook: WebhookController, *, typing: bool) -> None:
        """While somebody is `typing` into a field, its letters go there."""
        before = "esc " if typing else ""
        self.update(
            Content.assemble(
                (f"{before}w", "bold $accent"),
                "  webhook  ",
                _said(webhook),
                (f"   {before}d" if webhook.failed else "", "bold $accent"),
                "  doctor" if webhook.failed else "",
            ),
            layout=False,
        )

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())


def _said(webhook: WebhookController) -> Content:
    stages = webhook.stages
    worst = next((stage for stage in stages if stage.state is StageState.BAD), None)
    if webhook.job is not None:
        return Content.styled(f"◌ {webhook.job} …", "$accent")
    if worst is not None:
        return _signed(worst.state, worst.words)
    if not webhook.is_open:
        calls = f"; Meta still calls {webhook.verified[0]}" if webhook.verified else ""
        return Content.styled(f"not running: an endpoint and a tunnel{calls}", "$foreground 60%")
    record = next(stage for stage in stages if stage.name is StageName.RECORD)
    url = (webhook.callback_url or "").removeprefix("https://")
    return Content.assemble(_signed(record.state, record.words), f"   {url}")


def _signed(mark: StageState, words: str) -> Content:
    return Content.styled(f"{STAGE_SIGNS[mark]} {words}", STAGE_STYLES[mark])
