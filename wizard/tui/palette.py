"""What a screen's keys do, as commands to be found by their names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.actions import parse
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen


def commands(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """One for each key that holds now, titled by its tooltip, or else by its word in the footer."""
    titles: set[str] = set()
    for binding in (b for b in screen.BINDINGS if isinstance(b, Binding)):
        _, action, parameters = parse(binding.action)
        title = binding.tooltip or binding.description.capitalize()
        offered = (binding.show or binding.tooltip) and title not in titles
        if offered and screen.check_action(action, parameters):
            titles.add(title)
            key = binding.key_display or binding.key
            run = partial(screen.run_action, binding.action)
            yield SystemCommand(title, f"Key: {key}", run)
