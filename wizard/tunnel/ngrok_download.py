"""The agent's file: found where it already is, or downloaded by pyngrok."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import partial
from pathlib import Path
from typing import TextIO

from wizard.support.threads import run_in_thread
from wizard.tunnel.agent_text import tidy
from wizard.tunnel.tunnel import Reason, TunnelError

Progress = Callable[[int], None]

LIMIT = 600.0


def find_agent() -> Path:
    """`PYNGROK_NGROK_PATH`, else the one on the PATH, else where pyngrok keeps its own."""
    from pyngrok import conf

    named = os.environ.get("PYNGROK_NGROK_PATH") or shutil.which("ngrok")
    return Path(named or conf.DEFAULT_NGROK_PATH)


def installed_by_us(path: Path) -> bool:
    from pyngrok import conf

    return path == Path(conf.DEFAULT_NGROK_PATH)


def there(path: Path) -> bool:
    return path.exists()


async def fetch_agent(path: Path, progress: Progress | None = None) -> None:
    """Downloads it; `progress` hears 0 to 100 on the loop. Raises `TunnelError`."""
    loop = asyncio.get_running_loop()

    def heard(percent: int) -> None:
        if progress is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(progress, percent)

    try:
        await run_in_thread(partial(download, path, heard), timeout=LIMIT)
    except TimeoutError:
        raise TunnelError(Reason.DOWNLOAD_FAILED, "The download took too long.") from None
    if not there(path):
        raise TunnelError(Reason.AGENT_REMOVED, str(path))


def download(path: Path, progress: Progress | None = None) -> None:
    """Raises `TunnelError`. `progress` hears 0 to 100, in the thread that calls."""
    from pyngrok import installer
    from pyngrok.exception import PyngrokError

    try:
        with redirect_stdout(_Percent(sys.stdout, progress or (lambda _: None))):
            installer.install_ngrok(str(path), timeout=30)
    except (PyngrokError, OSError) as error:
        raise TunnelError(Reason.DOWNLOAD_FAILED, tidy(str(error))) from None


class _Percent(io.TextIOBase):
    """Takes pyngrok's progress lines out of what is printed, and lets all else through."""

    def __init__(self, behind: TextIO, progress: Progress) -> None:
        self._behind = behind
        self._progress = progress

    def write(self, text: str) -> int:
        if found := re.fullmatch(r"Downloading ngrok: (\d+)%\r", text):
            self._progress(min(100, int(found[1])))
        elif not text.endswith("\r"):
            self._behind.write(text)
        return len(text)

    def flush(self) -> None:
        self._behind.flush()
