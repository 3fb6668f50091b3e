"""What is said while the keyring takes its time."""

from __future__ import annotations

from wizard.cli.output.lines import say_once
from wizard.support.echoes import hides_typing
from wizard.support.quiet import hushed, unhush_question
from wizard.vault.backends import asks_on_terminal


def say_waiting() -> None:
    """Says that it is the keyring that takes its time."""
    # Where the keyring asks on this terminal, a line would land in its question.
    if unhush_question() or hides_typing():
        return
    with hushed():
        asks = asks_on_terminal()
    if not asks:
        say_once("Waiting for the keyring… It may be asking for its password in another window.")
