"""A page of Meta's portal, opened or copied as this person's portal has it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.app import App

from wizard.findings import Finding
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.portal_layout import choose_layout, layout_of
from wizard.portal import layouts
from wizard.tui.dialogs.page import copy_page, show_page

if TYPE_CHECKING:
    from wizard.tui.dialogs.choose import ChoiceModal

Page: TypeAlias = Callable[[str | None], str]
"""A page's URL by the name of the layout; without one, that of the first."""
PageAction: TypeAlias = Callable[[App[Any], Onboarding, Page], Awaitable[None]]
"""What is done with a page: `show_portal_page` or `copy_portal_page`."""
QUESTION = "What does the left sidebar of your app show?"


def layout_modal() -> ChoiceModal:
    """The question which layout it is; it returns the layout's name."""
    from wizard.tui.dialogs.choose import ChoiceModal

    answers = [(name, known.sign) for name, known in layouts().items()]
    return ChoiceModal("Your portal", QUESTION, answers)


def page_of(finding: Finding) -> Page:
    """The page on which a finding is mended."""
    return lambda layout: finding.in_layout(layout).url or ""


async def show_portal_page(app: App[Any], onboarding: Onboarding, page: Page) -> None:
    """Opens it. Where the layouts have different pages and nobody has said which layout it is,
    that is asked first, and remembered; who doesn't answer has nothing opened."""
    if url := await _url(app, onboarding, page):
        await show_page(app, url)


async def copy_portal_page(app: App[Any], onboarding: Onboarding, page: Page) -> None:
    """Copies its URL, and asks as `show_portal_page` does."""
    if url := await _url(app, onboarding, page):
        copy_page(app, url)


async def _url(app: App[Any], onboarding: Onboarding, page: Page) -> str:
    layout = layout_of(onboarding)
    if layout is None and len({page(name) for name in layouts()}) > 1:
        layout = await app.push_screen_wait(layout_modal())
        if layout is None:
            return ""
        await choose_layout(onboarding, layout)
    return page(layout)
