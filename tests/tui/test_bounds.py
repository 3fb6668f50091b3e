"""No paste, however long, and no keys, however many, keep the app from its person."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input, TextArea

import wizard.tui
from wizard.tui.bounded_app import LEAST, LONGEST_PASTE, BoundedApp
from wizard.tui.terminal_input import KeyBacklog, PasteLimit
from wizard.tui.widgets.single_line_input import LONGEST, SingleLineInput

BEGIN, END = "\x1b[200~", "\x1b[201~"


def in_pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [*range(1, 14), 1000])
def test_a_paste_is_cut_and_what_stands_around_it_stays(size: int) -> None:
    sent = f"ab{BEGIN}{'x' * 50}\x1b[2{END}cd\x1b[A{BEGIN}short{END}{BEGIN}{END}\x1b"
    limit = PasteLimit(longest=10)
    passed = "".join(map(limit.cut, in_pieces(sent, size)))
    assert passed == f"ab{BEGIN}{'x' * 11}{END}cd\x1b[A{BEGIN}short{END}{BEGIN}{END}\x1b"


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_no_part_of_a_paste_comes_in_as_keys(size: int) -> None:
    sent = f"{BEGIN}one \x1b[31mred\x1b[0m \x1b and\x07 more\x1b[20m of it\x1b{END}x"
    limit, parser = PasteLimit(), XTermParser()
    pieces = filter(None, map(limit.cut, in_pieces(sent, size)))
    paste, key = [one for piece in pieces for one in parser.feed(piece)]
    assert isinstance(paste, events.Paste)
    assert isinstance(key, events.Key)
    assert key.key == "x"
    assert paste.text.split() == ["one", "red", "and\x07", "more", "of", "it"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_of_what_is_pasted_the_words_stay_and_the_colours_go(size: int) -> None:
    sent = f"{BEGIN}one \x1b[1;31mred\x1b[0m word\x1b[38;2;255;100;0m.\x1b{END}"
    passed = "".join(map(PasteLimit().cut, in_pieces(sent, size)))
    assert passed == f"{BEGIN}one red word.{END}"


def test_what_looks_like_an_escape_without_an_end_is_not_held_back() -> None:
    limit = PasteLimit()
    passed = limit.cut(f"{BEGIN}\x1b[{'1' * 100}")
    assert passed == f"{BEGIN}[{'1' * 100}"


@pytest.mark.parametrize("key", ["\x11", "\x1b[113;5u"])
@pytest.mark.parametrize("paste", ["x" * 5, "x" * 50, "x\x1b[20", ""])
def test_the_key_to_leave_ends_a_paste_whose_end_got_lost(paste: str, key: str) -> None:
    limit = PasteLimit(longest=10)
    assert limit.cut(BEGIN + paste).startswith(BEGIN)
    assert limit.cut(key).endswith(END + key)
    assert limit.cut("y") == "y"


def test_a_key_passes_at_once_though_a_paste_may_begin_so() -> None:
    limit = PasteLimit()
    assert [limit.cut(piece) for piece in ("\x1b", "[20", "x")] == ["\x1b", "[20", "x"]


class Form(BoundedApp):
    def compose(self) -> ComposeResult:
        yield SingleLineInput()

    @property
    def line(self) -> SingleLineInput:
        return self.query_one(SingleLineInput)

    @property
    def told(self) -> str:
        return " ".join(one.message for one in self._notifications)


async def test_of_five_megabytes_a_line_takes_its_part_and_says_so() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("x" * 5_000_000))
        await pilot.pause()
        assert app.line.value == "x" * LONGEST
        assert f"{LONGEST_PASTE // 1024} kB" in app.told
        assert f"{LONGEST:,} characters" in app.told


async def test_what_fits_goes_in_as_it_is_without_a_word() -> None:
    app = Form()
    async with app.run_test() as pilot:
        app.post_message(events.Paste("one\ntwo  three"))
        await pilot.pause()
        app.line.action_home(select=True)
        app.post_message(events.Paste("y" * LONGEST))
        await pilot.pause()
        assert app.line.value == "y" * LONGEST
        assert app.told == ""


def test_every_input_of_the_app_is_bounded() -> None:
    for module in pkgutil.walk_packages(wizard.tui.__path__, "wizard.tui."):
        source = Path(str(importlib.import_module(module.name).__file__)).read_text("utf-8")
        assert not re.search(r"(yield|=|\() *(Input|TextArea|MaskedInput)\(", source), module.name
    ours = [kind for kind in Input.__subclasses__() if kind.__module__.startswith("wizard.")]
    assert ours == [SingleLineInput]
    assert not [kind for kind in TextArea.__subclasses__() if kind.__module__.startswith("wizard.")]


async def test_the_key_to_leave_overtakes_those_that_wait() -> None:
    app, passed = Form(), list[str]()
    async with app.run_test():

        def pass_on(message: Message) -> None:
            assert isinstance(message, events.Key)
            passed.append(message.key)
            app.post_message(message)

        backlog = KeyBacklog(app, asyncio.get_running_loop(), pass_on)
        for _ in range(20_000):
            backlog.add(events.Key("x", "x"))
        backlog.hand_on()
        before = len(passed)
        backlog.hand_on()
        assert len(passed) == before < 100  # the app has not done with those yet
        while backlog and len(passed) < 3 * before:
            backlog.hand_on()
            await asyncio.sleep(0.001)
        backlog.add(events.Key("ctrl+q", None))
        assert passed[-1] == "ctrl+q"
        assert not backlog


async def test_keys_that_somebody_may_have_meant_all_come_in_and_more_are_told() -> None:
    app = Form()
    async with app.run_test() as pilot:
        backlog = KeyBacklog(app, asyncio.get_running_loop(), app.post_message, most=200)
        for number in range(201):
            backlog.add(events.Key("x" if number % 2 else "y", "x" if number % 2 else "y"))
        while backlog:
            backlog.hand_on()
            await asyncio.sleep(0.001)
        await pilot.pause()
        await pilot.pause()
        assert app.line.value == "yx" * 100
        assert "the first 200" in app.told


async def test_a_window_that_is_too_small_takes_no_keys_and_loses_nothing() -> None:
    app = Form()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        for small in ((10, 24), (80, 3), (1, 1), (LEAST.width - 1, LEAST.height)):
            await pilot.resize_terminal(*small)
            assert app.lacks_room
            assert app.size.width >= LEAST.width
            assert app.size.height >= LEAST.height
            await pilot.press("z")
            app.post_message(events.Paste("zzz"))
            await pilot.pause()
        await pilot.resize_terminal(*LEAST)
        assert not app.lacks_room
        await pilot.press("b")
        assert (app.line.value, app.size) == ("ab", Size(*LEAST))
