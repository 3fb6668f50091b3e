"""Which layout of Meta's portal a person sees: in the step's header, and asked where it matters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.portal import layouts
from wizard.tui.dialogs.portal_page import QUESTION, PageAction, layout_modal
from wizard.tui.screens.walk.step import OpenStep

ASKED_AT = "6.1"
"""The first step whose page tells the layouts apart at sight."""


def layout_bindings() -> Iterator[Binding]:
    """A key for another layout, and a number for each where the question stands on the step."""
    yield Binding("l", "other_layout", "layout")
    yield Binding("ctrl+l", "other_layout", "layout", key_display="^l")
    for number, name in enumerate(layouts(), 1):
        yield Binding(str(number), f"choose_layout('{name}')", f"layout {name}", show=False)


def is_asked(onboarding: Onboarding) -> bool:
    return onboarding.walk.at == ASKED_AT and layout_of(onboarding) is None


def other_layout(onboarding: Onboarding) -> str | None:
    """The one after the layout that is known, if one is."""
    layout, names = layout_of(onboarding), list(layouts())
    return None if layout is None else names[(names.index(layout) + 1) % len(names)]


async def choose_other(
    screen: Screen[None], onboarding: Onboarding, choose: Callable[[str | None], Awaitable[None]]
) -> None:
    """Goes to the layout after the one that is known; where none is, it is asked for first."""
    if (other := other_layout(onboarding)) is None:
        screen.app.push_screen(layout_modal(), choose)
    else:
        await choose(other)


async def use_page(app: App[Any], onboarding: Onboarding, does: PageAction) -> bool:
    """Opens or copies the page of the step; whether the layout was learned on the way."""
    step, app_id, before = onboarding.walk.step, onboarding.values.app_id, layout_of(onboarding)
    await does(app, onboarding, lambda layout: step.url(app_id, layout) or "")
    return layout_of(onboarding) != before


def open_step(onboarding: Onboarding) -> OpenStep:
    """The step in the layout that is known, which its header names where the step has several."""
    step, layout = onboarding.walk.step, layout_of(onboarding)
    label = Content.assemble(
        ("portal: ", "$foreground 60%"), layout or "all", ("  ^l", "bold $accent")
    )
    about = label if step.has_layouts else None
    asked = question() if is_asked(onboarding) else None
    return OpenStep(step, onboarding.known, layout, about, asked)


def question() -> Content:
    """What is asked, and the key of each answer."""
    lines = [
        Content.assemble((f"{number}", "bold $accent"), f"  {known.sign}")
        for number, known in enumerate(layouts().values(), 1)
    ]
    return Content("\n").join([Content(QUESTION), *lines])
