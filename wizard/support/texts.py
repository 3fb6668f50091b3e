"""Text of strangers, made fit to be shown."""

from __future__ import annotations


def printable(text: str, most: int = 60) -> str:
    """One line of at most so many characters that does nothing to a terminal: no control
    characters, and none that turn the direction of what follows."""
    # Of a text that is as long as a body, no more is looked at than could be shown.
    looked_at = text[: 4096 + most]
    shown = " ".join("".join(char if char.isprintable() else " " for char in looked_at).split())
    return shown if len(shown) <= most and looked_at == text else f"{shown[: most - 1]}…"


def counted(many: int, what: str) -> str:
    """A number and its noun, as in "1 finding" and "2 findings"."""
    return f"{many} {what}" if many == 1 else f"{many} {what}s"
