"""One step of the guide: what to do, what one should see, where, and what to capture."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from wizard.guide import Step
from wizard.tui.screens.walk.numbered import Numbered, links_shown, numbered, readable, uses_shown
from wizard.tui.screens.walk.prose import Prose
from wizard.tui.screens.walk.prose_blocks import has_table
from wizard.tui.screens.walk.summary import Summary
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.tui.widgets.once import Horizontal, Static, Vertical, VerticalScroll
from wizard.tui.widgets.page_link import PageLink
from wizard.values.credentials import CREDENTIALS, Values

_TOKEN = "access_token"


class Reading(VerticalScroll):
    """The text of a step, which scrolls above its fields."""

    can_focus = False


class Fields(VerticalScroll):
    """The fields of a step at the foot of the page, in sight however long the text is."""

    can_focus = False


@dataclass(frozen=True)
class OpenStep:
    """A step as it is shown: the values that its fields hold, and the portal's layout. `about`
    stands at the right of the title, and the `question` below it."""

    step: Step
    values: Values
    layout: str | None = None
    about: Content | None = None
    question: Content | None = None

    @property
    def heading(self) -> str:
        return f"{self.step.id}   {self.step.title}" if self.step.counted else self.step.title


class StepView(Vertical):
    """The step that is open, and a capture for each credential that it shows. Its parts stay, and
    say something else with each step: mounting and styling them anew is what would take time."""

    def __init__(self) -> None:
        super().__init__(id="step")
        self.numbered: tuple[Numbered, ...] = ()
        self.captures: list[Capture] = []
        self.expiry: tuple[ExpiryLine, ...] = ()
        self.summary: Summary | None = None
        self._open: OpenStep | None = None
        self._title = Static(id="step-title", markup=False)
        self._about = Static(id="step-layout")
        self._question = Static(id="layout-question")
        self._extra = Vertical(id="extra")
        self._body = Prose(id="step-body")
        self._links = Static(id="links")
        self._facts = Vertical(id="facts")
        self._see_label = Static("You should see", classes="fact-label")
        self._see = Prose(gap=False, classes="see")
        self._page = PageLink(id="page")
        self._skip = Static(id="skip")
        self._renews = Static(
            Content.assemble(("r", "bold $accent"), "  replace it; or paste it here"), id="renews"
        )
        self._reading = Reading()
        self._fields = Fields()

    def compose(self) -> ComposeResult:
        with self._reading:
            with Horizontal(id="step-header"):
                yield self._title
                yield self._about
            yield self._question
            yield self._extra
            yield self._body
            yield self._links
            with self._facts:
                yield self._see_label
                yield self._see
                yield self._page
                yield self._skip
            yield self._renews
        yield self._fields

    async def show(self, shown: OpenStep) -> None:
        """Opens a step, or the same one with other values."""
        self._open = shown
        step, words = shown.step, shown.step.in_layout(shown.layout)
        self._title.update(shown.heading)
        _say(self._about, shown.about)
        _say(self._question, shown.question)
        self._see_label.display = self._see.display = bool(words.see)
        self._see.show(words.see)
        self._page.display = bool(words.link)
        _say(self._skip, _skip_line(step))
        self._facts.display = bool(words.see or words.link or step.skip)
        self._renews.display = bool(step.renews)
        await self._show_body(shown)
        self.captures = [
            Capture(name, shown.values.get(name), shown.values, _where(step, name), shown.layout)
            for name in step.fields
        ]
        timed = _TOKEN in step.fields + step.renews
        self.expiry = (ExpiryLine(wide=True),) if timed else ()
        await _put(self._fields, [*self.captures, *self.expiry])
        self.show_page(shown.values.app_id)
        self._reading.scroll_home(animate=False)

    async def _show_body(self, shown: OpenStep) -> None:
        step, body = shown.step, readable(shown.step.text(shown.values.app_id, shown.layout))
        self.summary = Summary() if step.summary else None
        parts: list[Widget] = []
        if self.summary is not None:
            parts += [self.summary, Vertical(*map(_set_in, uses_shown()), id="uses")]
        is_prose = not has_table(body)
        self._body.display = is_prose
        if is_prose:
            self._body.show(body)
        else:
            from textual.widgets import Markdown

            parts.append(Markdown(body, open_links=False, id="step-table"))
        await _put(self._extra, parts)

    def show_page(self, app_id: str | None) -> None:
        """Draws the links again, which hold the App ID as soon as it is known."""
        if self._open is None:
            return
        step, layout = self._open.step, self._open.layout
        self._page.show(step.url(app_id, layout))
        self.numbered = numbered(step, app_id, layout)
        links = () if step.summary else self.numbered
        _say(self._links, links_shown(links) if links else None)

    def scroll_text(self, by: int) -> None:
        """Scrolls what there is to read, by lines."""
        self._reading.scroll_relative(y=by, animate=False)

    def capture(self, name: str) -> Capture | None:
        return next((c for c in self.captures if c.credential.name == name), None)


async def _put(place: Widget, parts: list[Widget]) -> None:
    """Takes out what was there before; a place with nothing in it takes no room."""
    place.display = bool(parts)
    if place.children:
        await place.remove_children()
    if parts and place.is_attached:
        await place.mount_all(parts)


def _say(line: Static, content: Content | None) -> None:
    """Nothing takes no room."""
    line.display = content is not None
    line.update(content or "")


def _set_in(line: tuple[Content, int]) -> Static:
    words, columns = line
    shown = Static(words)
    shown.styles.padding = (0, 0, 0, columns)
    return shown


def _skip_line(step: Step) -> Content | None:
    if step.skip is None:
        return None
    return Content.assemble(("s", "bold $accent"), f"  {step.skip.label}")


def _where(step: Step, name: str) -> str:
    early = name in step.early
    where = f"this value belongs to step {CREDENTIALS[name].step}; paste it here if you have it"
    return where if early else ""
