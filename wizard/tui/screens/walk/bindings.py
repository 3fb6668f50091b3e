"""The keys of the walk."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from wizard.tui.navigation import DESTINATIONS
from wizard.tui.screens.walk.layout_choice import layout_bindings

WALK_BINDINGS: list[BindingType] = [
    Binding("enter", "next", "next", tooltip="Next step"),
    Binding("right", "next_step", "every step", show=False, tooltip="Next step of all"),
    Binding("n", "decline", "not now", tooltip="Skip what Meta offers"),
    Binding("left,b", "back", "back", key_display="←", tooltip="Previous step"),
    Binding("slash", "jump", "go to", key_display="/", tooltip="Go to a step"),
    Binding("s", "skip", "skip chapter", tooltip="Skip this chapter"),
    Binding("u", "take_up", "undo skip", tooltip="Undo skipping"),
    Binding("o", "open", "open page", tooltip="Open this step's page"),
    Binding("ctrl+o", "open", "page", key_display="^o", tooltip="Open this step's page"),
    Binding("ctrl+g", "give", "generate", key_display="^g", tooltip="Generate a verify token"),
    Binding("ctrl+g", "give(True)", "demo value", key_display="^g", tooltip="Use the demo value"),
    Binding("e", "edit", "edit", tooltip="Change the stored value"),
    Binding("ctrl+z", "undo", "undo", key_display="^z", tooltip="Undo the last change"),
    Binding("m", "move_value", "move value", tooltip="Move the value to its own field"),
    Binding("ctrl+s", "keep", "store anyway", key_display="^s", tooltip="Store without passing"),
    Binding("t", "test", "test all", tooltip="Test all values"),
    *layout_bindings(),
    *(Binding(f"{n}", f"numbered({n})", show=False) for n in range(1, 10)),
    *(binding for room in DESTINATIONS.values() for binding in room.bindings()),
    Binding("f2", "visit('doctor')", "doctor", key_display="F2", tooltip="Run the doctor"),
    Binding("c", "copy", "copy link", tooltip="Copy its URL"),
    Binding("up", "scroll(-1)", "up", show=False),
    Binding("down", "scroll(1)", "down", show=False),
    Binding("pageup", "scroll(-10)", "page up", show=False),
    Binding("pagedown", "scroll(10)", "page down", show=False),
]
