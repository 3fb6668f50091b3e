"""The keys of the rotation's screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

ROTATION_BINDINGS: list[BindingType] = [
    Binding("enter", "go_on", "test", tooltip="Test the new token"),
    Binding("enter", "leave", "close", tooltip="Close this screen"),
    Binding("ctrl+g", "give", "demo value", key_display="^g", tooltip="Use the demo value"),
    Binding("o", "open", "open page", tooltip="Open the page"),
    Binding("ctrl+o", "open(True)", "page", key_display="^o", tooltip="Open the page"),
    Binding("l", "longer", "long-lived", tooltip="Exchange for a long-lived token"),
    Binding(
        "ctrl+l",
        "longer(True)",
        "long-lived",
        key_display="^l",
        tooltip="Exchange for a long-lived token",
    ),
    Binding("g", "go", "go to step", tooltip="Go to the fix"),
    Binding("p", "permanent", "permanent", tooltip="Get a permanent token"),
    Binding("c", "copy", "copy link", tooltip="Copy its URL"),
    Binding("escape", "leave", "back", key_display="esc", tooltip="Back to the guide"),
    Binding("up", "scroll(-1)", "up", show=False),
    Binding("down", "scroll(1)", "down", show=False),
    Binding("pageup", "scroll(-5)", "page up", show=False),
    Binding("pagedown", "scroll(5)", "page down", show=False),
]
