"""What a screen costs: it is styled once when it is opened, and laid out once for each change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pkgutil import walk_packages

import pytest
from textual import containers, screen, widgets
from textual.app import App, ComposeResult
from textual.pilot import Pilot

import wizard.tui
from tests.tui.conftest import Start
from wizard.journeys.onboarding.chip import Chip
from wizard.tui.screens.send.screen import SendScreen
from wizard.tui.widgets.chips import CredentialChips
from wizard.tui.widgets.once import ModalScreen, Screen, Static, Vertical, VerticalScroll
from wizard.tui.widgets.single_line_input import SingleLineInput
from wizard.values.credentials import CREDENTIALS, Secret

_LONG = "\n".join("a line" for _ in range(40))


class Counted(Static):
    """Counts how often it was styled."""

    styled = 0

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.styled += 1


class Page(Screen[None]):
    """A text in a box, and one in a box that scrolls."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Counted("one line", id="text")
        with VerticalScroll():
            yield Static("one line", id="long")


class Dialog(ModalScreen[None]):
    """One that stands before the page."""

    def compose(self) -> ComposeResult:
        yield Counted("a question", id="text")


class Pages(App[None]):
    CSS = """
    Vertical, VerticalScroll { height: auto; }
    .-narrow Counted { padding: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]


def underlined(chips: CredentialChips) -> str:
    segments = chips.render_line(0)
    return "".join(text for text, style, _ in segments if style and style.underline)


@asynccontextmanager
async def page(width: int = 80) -> AsyncIterator[tuple[Pilot[None], Page]]:
    app = Pages()
    async with app.run_test(size=(width, 24)) as pilot:
        screen = Page()
        await app.push_screen(screen)
        await pilot.pause()
        yield pilot, screen


async def layouts(pilot: Pilot[None], screen: Screen[None], change: Callable[[], object]) -> int:
    """How often a screen is laid out for a change."""
    counted = list[object]()
    screen.screen_layout_refresh_signal.subscribe(screen, counted.append)
    change()
    for _ in range(4):
        await pilot.pause(0.03)
    screen.screen_layout_refresh_signal.unsubscribe(screen)
    return len(counted)


async def test_what_a_screen_holds_is_styled_once_when_it_is_opened() -> None:
    async with page() as (_, screen):
        assert screen.query_one(Counted).styled == 1


async def test_and_so_is_what_a_dialog_holds() -> None:
    async with page() as (pilot, screen):
        dialog = Dialog()
        await pilot.app.push_screen(dialog)
        await pilot.pause()
        assert dialog.query_one(Counted).styled == 1
        assert screen.query_one(Counted).styled == 1
        assert not screen.draws_later(lambda: None)


@pytest.mark.parametrize(("width", "padding"), [(80, 0), (40, 1)])
async def test_it_has_the_class_of_its_width_from_the_start(width: int, padding: int) -> None:
    async with page(width) as (_, screen):
        assert screen.has_class("-narrow") is bool(padding)
        assert screen.query_one(Counted).styles.padding.top == padding


async def test_and_another_once_the_window_has_another_width() -> None:
    async with page() as (pilot, screen):
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert screen.classes >= {"-narrow"}
        assert screen.query_one(Counted).size.height == 1
        assert screen.query_one(Counted).outer_size.height == 3


async def test_also_where_that_came_while_it_was_not_seen() -> None:
    async with page() as (pilot, screen):
        await pilot.app.push_screen(Page())
        await pilot.resize_terminal(40, 24)
        await pilot.pause()
        assert screen.draws_later(lambda: None)
        pilot.app.pop_screen()
        await pilot.pause(0.1)
        assert screen.has_class("-narrow")
        assert not screen.has_class("-wide")
        assert screen.query_one(Counted).outer_size == (40, 3)


async def test_a_change_of_size_is_laid_out_once() -> None:
    async with page() as (pilot, screen):
        text = screen.query_one("#text", Static)
        assert await layouts(pilot, screen, lambda: text.update("two\nlines")) == 1
        assert text.size.height == 2


async def test_the_same_words_are_not_laid_out_at_all() -> None:
    async with page() as (pilot, screen):
        text = screen.query_one("#text", Static)
        assert await layouts(pilot, screen, lambda: text.update("one line")) == 0


async def test_a_scrollbar_comes_and_goes_with_the_room_that_it_takes() -> None:
    async with page() as (pilot, screen):
        box, text = screen.query_one(VerticalScroll), screen.query_one("#long", Static)
        box.styles.height = 10
        await layouts(pilot, screen, lambda: text.update(_LONG))
        assert box.show_vertical_scrollbar
        assert text.size.width < box.size.width + box.scrollbar_size_vertical
        assert box.max_scroll_y == 30
        await layouts(pilot, screen, lambda: text.update("one line"))
        assert box.max_scroll_y == 0
        assert text.size.width == box.size.width == 80


async def test_behind_another_screen_the_walk_is_drawn_when_that_is_gone(wizard: Start) -> None:
    async with wizard() as w:
        chips = w.walk.query_one(CredentialChips)
        w.walk.action_visit("send")
        await w.until(lambda: isinstance(w.app.screen, SendScreen))
        before = chips.content
        w.walk.fields.take({"app_secret": Secret("0" * 32)})
        await w.until(lambda: w.onboarding.chip("app_secret") is not Chip.ABSENT)
        assert await layouts(w.pilot, w.walk, w.walk.redraw) == 0
        assert chips.content == before
        await w.press("escape", "escape")
        await w.until(lambda: w.app.screen is w.walk and chips.content != before)


class CountedInput(SingleLineInput):
    """Counts how often it was styled."""

    styled = 0

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.styled += 1


class Form(App[None]):
    def compose(self) -> ComposeResult:
        yield CountedInput(id="first")
        yield CountedInput(id="second")


async def test_an_input_that_is_written_in_and_left_is_styled_once_for_that() -> None:
    async with Form().run_test() as pilot:
        first = pilot.app.query_one("#first", CountedInput)
        first.focus()
        await pilot.pause()
        before = first.styled
        await pilot.press("a", "tab")
        await pilot.pause()
        assert (first.value, first.has_focus) == ("a", False)
        assert first.styled == before + 1


async def test_a_chip_under_the_mouse_is_underlined_and_named(wizard: Start) -> None:
    async with wizard() as w:
        chips, name = w.walk.query_one(CredentialChips), CREDENTIALS["waba_id"]
        at = chips.render_line(0).text.index(name.short)
        await w.pilot.hover(chips, offset=(at, 0))
        await w.until(lambda: underlined(chips) == f"{name.short} –")
        assert chips.tooltip == f"{name.label}: absent"
        await w.pilot.hover("#keys")
        await w.until(lambda: underlined(chips) == "")


def test_nothing_of_ours_is_made_from_textuals_own() -> None:
    """But the first words, for which nothing of ours is loaded."""
    theirs = (widgets.Static, containers.Vertical, containers.Horizontal, containers.VerticalScroll)
    modules = [import_module(one.name) for one in walk_packages(wizard.tui.__path__, "wizard.tui.")]
    used = {module.__name__ for module in modules for one in vars(module).values() if one in theirs}
    assert used == {"wizard.tui.app"}
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    screens = [one for one in classes if issubclass(one, screen.Screen)]
    twice = {one for one in screens if not issubclass(one, Screen)}
    assert twice <= {screen.Screen, screen.ModalScreen}


class Aside(Screen[None]):
    """Where a screen's own rule in its own sheet puts what is in it."""

    CSS = "Aside { align: right bottom; } #part { width: 10; height: 3; }"

    def compose(self) -> ComposeResult:
        yield Static("part", id="part")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_screen_has_the_rules_that_its_own_sheet_has_for_it(size: tuple[int, int]) -> None:
    async with App[None]().run_test(size=size) as pilot:
        await pilot.app.push_screen(Aside())
        await pilot.pause()
        part = pilot.app.screen.query_one("#part")
        assert part.region.bottom_right == size
