"""One step of the guide: what to do, what one should see, where, and what to capture."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Markdown, Static

from wizard.guide import Step
from wizard.tui.widgets.cached_static import CachedStatic
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.tui.widgets.numbered import (
    Numbered,
    links_shown,
    numbered,
    readable,
    uses_shown,
)
from wizard.tui.widgets.summary import Summary
from wizard.values.credentials import CREDENTIALS, Values

_TOKEN = "access_token"


class PageLink(CachedStatic):
    """The step's page on the web; a click opens it."""

    class Opened(Message):
        """The link was clicked."""

    def show(self, url: str | None) -> None:
        shown = (url or "").removeprefix("https://")
        self.update(Content.assemble(("Page   ", "$foreground 60%"), (shown, "underline $accent")))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())


class Reading(VerticalScroll):
    """The text of a step, which scrolls above its fields."""

    can_focus = False


class Fields(VerticalScroll):
    """The fields of a step at the foot of the page, in sight however long the text is."""

    can_focus = False


class StepView(Vertical):
    """A step, and a capture for each credential that it shows."""

    def __init__(
        self,
        step: Step,
        values: Values,
        layout: str | None = None,
        about: Content | None = None,
        question: Content | None = None,
    ) -> None:
        """`about` stands at the right of the title, and the `question` below it."""
        super().__init__()
        self.step = step
        self._values = values
        self.numbered: tuple[Numbered, ...] = ()
        self._layout = layout
        self._words = step.in_layout(layout)
        self._header = about
        self._question = question

    def compose(self) -> ComposeResult:
        with Reading(), Vertical(id="reading"):
            yield from self._text()
        if self.step.fields or _TOKEN in self.step.renews:
            with Fields():
                for name in self.step.fields:
                    value, hint = self._values.get(name), self._about(name)
                    yield Capture(name, value, self._values, hint, self._layout)
                if _TOKEN in self.step.fields + self.step.renews:
                    yield ExpiryLine(wide=True)

    def _text(self) -> ComposeResult:
        yield from self._compose_head()
        if self.step.summary:
            yield Summary()
            yield Static(uses_shown(), id="uses")
        body = readable(self.step.text(self._values.app_id, self._layout))
        yield Markdown(body, open_links=False, id="step-body")
        if not self.step.summary:
            yield CachedStatic(id="links")
        with Vertical(id="facts"):
            if self._words.see:
                yield Static("You should see", classes="fact-label")
                yield Markdown(self._words.see, open_links=False, classes="see")
            if self._words.link:
                yield PageLink(id="page")
            if self.step.skip:
                yield Static(
                    Content.assemble(("s", "bold $accent"), f"  {self.step.skip.label}"), id="skip"
                )
        if self.step.renews:
            yield Static(
                Content.assemble(("r", "bold $accent"), "  replace it; or paste it here"),
                id="renews",
            )

    def _compose_head(self) -> ComposeResult:
        heading = f"{self.step.id}   {self.step.title}" if self.step.counted else self.step.title
        with Horizontal(id="step-header"):
            yield Static(heading, id="step-title", markup=False)
            if self._header is not None:
                yield Static(self._header, id="step-layout")
        if self._question is not None:
            yield Static(self._question, id="layout-question")

    def _about(self, name: str) -> str:
        early = name in self.step.early
        where = f"this value belongs to step {CREDENTIALS[name].step}; paste it here if you have it"
        return where if early else ""

    def on_mount(self) -> None:
        self.show_page(self._values.app_id)

    def show_page(self, app_id: str | None) -> None:
        """Draws the link again, which holds the App ID as soon as it is known."""
        for page in self.query(PageLink):
            page.show(self.step.url(app_id, self._layout))
        self.numbered = numbered(self.step, app_id, self._layout)
        for links in self.query("#links").results(CachedStatic):
            links.update(links_shown(self.numbered))
            links.display = bool(self.numbered)

    def scroll_text(self, by: int) -> None:
        """Scrolls what there is to read, by lines."""
        self.query_one(Reading).scroll_relative(y=by, animate=False)

    @property
    def captures(self) -> list[Capture]:
        return list(self.query(Capture))

    def capture(self, name: str) -> Capture | None:
        return next((c for c in self.captures if c.credential.name == name), None)
