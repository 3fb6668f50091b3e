"""The two values for the portal, for as long as Meta has not called yet."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from wizard.portal import fill_places
from wizard.tui.widgets.once import Static, Vertical
from wizard.values.credentials import CREDENTIALS

_MASK = "••••••••••••"


class PortalValues(Vertical):
    """Callback URL and verify token with the keys that copy them; the token is never shown."""

    def __init__(self) -> None:
        super().__init__(id="by-hand")

    def compose(self) -> ComposeResult:
        yield Static(id="by-key")
        yield Static(id="enter-both", markup=False)
        yield Static(id="callback")
        yield Static(_value("Verify token", _MASK, "v"))

    def show(self, callback_url: str | None, missing: str | None, layout: str | None) -> None:
        """Nothing without a callback URL; `missing` is what registering by key lacks, `layout`
        that of the portal."""
        page = fill_places("Or enter both in the portal, {webhook_page} (step 8.3):", layout)
        self.query_one("#enter-both", Static).update(page)
        self.display = callback_url is not None
        self.query_one("#by-key", Static).update(_by_key(missing))
        self.query_one("#callback", Static).update(_value("Callback URL", callback_url or "", "u"))


def _by_key(missing: str | None) -> Content:
    if missing is None:
        return Content.assemble(("r", "bold $accent"), "  register it with Meta")
    lacks = CREDENTIALS[missing]
    return Content.assemble(
        ("r", "bold $accent"),
        f"  register it with Meta; this needs the {lacks.label} (step {lacks.step})",
    )


def _value(label: str, value: str, key: str) -> Content:
    return Content.assemble(
        (f"   {label:<15}", "$foreground 60%"), value, "   ", (key, "bold $accent"), " copy"
    )
