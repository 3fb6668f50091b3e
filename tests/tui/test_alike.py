"""What is found out once for all apps of these tests is what Textual finds out for each."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input, Static

from tests.tui.alike import APPLY, marks_of
from tests.tui.conftest import Start, Wizard
from tests.tui.handlers import FIND


def own_rules(w: Wizard) -> dict[str, tuple[object, ...]]:
    """Those that style sheets set, for each widget of the screen, and what they hang on."""
    widgets = w.app.screen.walk_children(with_self=True)
    return {
        f"{at} {one!r}": (dict(one.styles.base._rules), *marks_of(one))
        for at, one in enumerate(widgets)
    }


async def test_widgets_have_the_styles_that_textual_gives_them(wizard: Start) -> None:
    for theme in ("wizard-dark", "wizard-light"):
        for step in ("2.1", "7.5"):
            async with wizard() as w:
                w.app.theme = theme
                await w.go(step)
                kept = own_rules(w)
                for widget in w.app.screen.walk_children(with_self=True):
                    APPLY(w.app.stylesheet, widget)
                assert own_rules(w) == kept


async def test_messages_are_for_the_methods_that_textual_finds(wizard: Start) -> None:
    async with wizard() as w:
        field = Input()
        messages: list[Message] = [
            events.Mount(),
            events.Key("enter", None),
            events.Paste(""),
            events.Focus(),
            events.Resize(w.app.size, w.app.size),
            Input.Changed(field, ""),
            Input.Submitted(field, ""),
        ]
        for pump in (w.app, *w.app.screen.walk_children(with_self=True)):
            for message in messages:
                name = message.handler_name
                found = list(pump._get_dispatch_methods(name, message))
                assert found == list(FIND(pump, name, message))


class Below(Static):
    def on_mount(self) -> None:
        """What comes with the class."""


class Above(Below):
    def on_mount(self) -> None:
        """What may prevent it."""


def test_a_method_may_prevent_what_a_class_below_does() -> None:
    widget = Above()
    for prevented in (False, True, False):
        message = events.Mount()
        found = iter(widget._get_dispatch_methods("on_mount", message))
        assert next(found)[0] is Above
        message.prevent_default(prevented)
        assert ([of for of, _ in found][:1] == [Below]) is not prevented
