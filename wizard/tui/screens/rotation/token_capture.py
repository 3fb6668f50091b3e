"""The field for the new token."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.field import Field


class TokenField(Field):
    """Enter tests what is in it, and swaps it in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "test and store")]


class TokenCapture(Capture):
    FIELD = TokenField
