"""Text of strangers, made fit to be shown."""

from __future__ import annotations


def is_control(char: str) -> bool:
    """Whether it does something in place of being seen: a control character, one that turns the
    direction of what follows or joins it, a line end, half of a pair."""
    return not char.isprintable()


def visible(text: str) -> str:
    """The text in one line, each character that does something else than be seen made a space."""
    if text.isprintable():
        return text
    return "".join(" " if is_control(char) else char for char in text)


def printable(text: str, most: int = 60) -> str:
    """The same in at most so many characters, with single spaces between its words."""
    # Of a text that is as long as a body, no more is looked at than could be shown.
    looked_at = text[: 4096 + most]
    shown = " ".join(visible(looked_at).split())
    return shown if len(shown) <= most and looked_at == text else f"{shown[: most - 1]}…"


def counted(many: int, what: str) -> str:
    """A number and its noun, as in "1 finding" and "2 findings"."""
    return f"{many} {what}" if many == 1 else f"{many} {what}s"
