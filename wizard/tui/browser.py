"""Opens a page in the person's browser, or says why there is none."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping

_LIMIT = 4.0
_OPEN = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1], new=2))"
_WINDOWS = (("wslview",), ("rundll32.exe", "url.dll,FileProtocolHandler"))
"""What opens Windows' own browser from within WSL, which Python does not know of:
https://github.com/python/cpython/issues/89752"""


def without_browser(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Why no browser can be opened from here; empty where one can."""
    if env.get("BROWSER"):
        return ""
    if env.get("SSH_CONNECTION") or env.get("SSH_TTY"):
        return "This is an SSH session, which can't open a browser."
    unix = not platform.startswith(("win", "darwin", "cygwin"))
    if unix and not (
        env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or env.get("WSL_DISTRO_NAME")
    ):
        return "There is no desktop here to open a browser."
    return ""


async def open_page(url: str) -> str:
    """Opens the address; returns why it could not be, empty where it was.

    A browser may block, print, or be one that draws in the terminal, so it runs in a process of
    its own that has none.
    """
    if why := without_browser():
        return why
    quiet = asyncio.subprocess.DEVNULL
    opening = await asyncio.create_subprocess_exec(
        *command(url),
        env=environment(),
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        failed = await asyncio.wait_for(opening.wait(), _LIMIT)
    except TimeoutError:
        return ""
    return "No browser could open the page." if failed else ""


def command(url: str, env: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """What opens the address: Python's choice of a browser, in WSL the one of Windows."""
    if env.get("WSL_DISTRO_NAME") and not env.get("BROWSER"):
        for program, *arguments in _WINDOWS:
            if path := shutil.which(program, path=env.get("PATH")):
                return path, *arguments, url
    return sys.executable, "-c", _OPEN, url


def environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Without the credentials, and without a terminal's name, or Python would let w3m or lynx open
    the page for nobody to see; with it where such a one was asked for."""
    from wizard.values.child_environment import child_environment

    fit = child_environment(env)
    return {name: value for name, value in fit.items() if name != "TERM" or env.get("BROWSER")}
