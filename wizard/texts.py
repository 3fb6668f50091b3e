"""Text of strangers, made fit to be shown."""

from __future__ import annotations


def printable(text: str, most: int = 60) -> str:
    """One line of at most so many characters that does nothing to a terminal: no control
    characters, and none that turn the direction of what follows."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
