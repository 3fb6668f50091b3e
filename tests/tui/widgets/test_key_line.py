"""The last line of every screen: whole keys, and always those for help and for leaving."""

from __future__ import annotations

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.quick_setup.tokens import looked, token, visit
from tests.tui.screens.rotation.rotating import rotation
from tests.tui.screens.send.sending import looked_over, writing
from tests.tui.screens.webhook.playing import opened
from wizard.guide import guide
from wizard.simulator import Meta
from wizard.tui.dialogs.help import HelpModal
from wizard.tui.screens.doctor.screen import DoctorScreen
from wizard.tui.widgets.key_line import Key, KeyLine, fitting
from wizard.values.credentials import Values

SMALL, SMALLER = (80, 24), (60, 20)


async def check(w: Wizard) -> None:
    """Beside the field that has the cursor, if any, and without one."""
    await whole(w, "^q quit", "help")
    if w.app.focused is not None:
        w.app.screen.set_focus(None)
        await whole(w, "^q quit", "? help")


async def whole(w: Wizard, *keys: str) -> None:
    """The line holds these, and each key of it stands there to its last letter."""
    line = w.app.screen.query_one(KeyLine)

    def stands() -> bool:
        if not w.app.screen._compositor.size:
            return False
        shown = w.last_line().rstrip()
        return all(key in shown for key in keys) and shown == str(line.content).rstrip()

    await w.until(stands)


async def every_step(w: Wizard) -> None:
    """Each can be reached and is drawn, with its keys."""
    for step in guide().steps:
        await w.walk.jump(step.id)
        await check(w)
        assert step.title[:20] in w.text()


async def test_every_step_of_the_walk(wizard: Start, meta: Meta, values: Values) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await w.until(lambda: w.onboarding.loaded and not w.onboarding.testing)
        await every_step(w)


async def test_every_step_where_nothing_is_known_yet_and_there_is_less_room(wizard: Start) -> None:
    async with wizard(size=SMALLER) as w:
        await every_step(w)


async def test_the_welcome(wizard: Start) -> None:
    async with wizard(size=SMALL, welcome=True) as w:
        await whole(w, "^q quit", "? help")
        await w.press("question_mark")
        await w.until(lambda: isinstance(w.app.screen, HelpModal))


async def test_the_short_way(wizard: Start, meta: Meta, values: Values) -> None:
    async with wizard(meta=meta, size=SMALL) as w:
        await visit(w)
        await check(w)
        await w.press("escape")
        await looked(w, token(values), "Which number?")
        await whole(w, "^q quit", "? help", "select")
        await w.press("enter")
        await w.until(lambda: "second paste: the App Secret" in w.text())
        await check(w)


async def test_the_rotation(wizard: Start, meta: Meta, values: Values) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await rotation(w)
        await check(w)
        await w.press("l")
        await check(w)


async def test_the_webhook_and_a_message(wizard: Start, meta: Meta, values: Values) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await w.until(lambda: w.onboarding.loaded and not w.onboarding.testing)
        await opened(w)
        await whole(w, "^q quit", "? help")
        await w.press("r")
        await w.until(lambda: w.webhook.hears_meta and w.webhook.job is None)
        await whole(w, "^q quit", "? help")
        await w.press("escape")
        await writing(w)
        await check(w)
        await w.press("escape", "escape")
        await looked_over(w)
        await check(w)


async def test_the_doctor(wizard: Start) -> None:
    async with wizard(size=SMALL, values=Values(app_id="1234567890123456")) as w:
        await w.press("escape", "d")
        await w.until(lambda: isinstance(w.app.screen, DoctorScreen))
        await w.until(lambda: "checked ·" in w.text())
        await whole(w, "^q quit", "? help")


def test_what_has_no_room_is_left_out_from_the_end_and_the_way_out_is_not() -> None:
    keys = [
        Key("enter", "⏎", "next", "next"),
        Key("o", "o", "open", "open page"),
        Key("c", "c", "copy", "copy link"),
        Key("escape", "esc", "leave", "back"),
        Key("ctrl+q", "^q", "quit", "quit"),
        Key("f1", "F1", "help", "help"),
    ]
    assert said(keys, 80) == "next, open page, copy link, back, help, quit"
    assert said(keys, 58) == "next, page, copy link, back, help, quit"
    assert said(keys, 48) == "next, page, back, help, quit"
    assert said(keys, 1) == "back, help, quit"


def said(keys: list[Key], width: int) -> str:
    return ", ".join(key.does for key in fitting(keys, width))


async def test_a_click_on_a_key_presses_it(wizard: Start) -> None:
    async with wizard() as w:
        shown = w.last_line()
        await w.pilot.click(KeyLine, offset=(shown.index("help"), 0))
        await w.until(lambda: isinstance(w.app.screen, HelpModal))
