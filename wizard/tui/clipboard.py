"""Copying through the terminal (OSC 52), which also works over SSH and in a container."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from textual.app import App


def copy(app: App[Any], text: str, said: str) -> None:
    """Hands the text to the terminal, and says so; a terminal that takes none is named."""
    app.copy_to_clipboard(text)
    if why := without_clipboard():
        app.notify(f"{said}\n{why}", title="May not be copied", severity="warning", markup=False)
    else:
        app.notify(said, title="Copied", markup=False)


def without_clipboard(env: Mapping[str, str] = os.environ) -> str:
    """Why the terminal takes no copy, as far as it is known; no terminal answers."""
    if env.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Terminal accepts no copy from a program: hold fn and select it with the mouse."
    # https://gitlab.gnome.org/GNOME/vte/-/issues/2495; tmux may stand between, in another terminal.
    if env.get("VTE_VERSION") and not env.get("TMUX"):
        return "This terminal accepts no copy from a program: hold shift and select with the mouse."
    return ""
