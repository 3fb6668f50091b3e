"""What is found out once for all apps of these tests is what Textual finds out for each."""

from __future__ import annotations

from tests.tui.alike import APPLY, marks_of
from tests.tui.conftest import Start, Wizard


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
