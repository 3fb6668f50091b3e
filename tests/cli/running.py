"""A command that was forked and runs on, as `subprocess.Popen` has one that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self, TextIO

from tests.cli import warm


class Running:
    """What tests use of `Popen`; it reads from an open file, and what it writes is text."""

    def __init__(
        self, arguments: list[str], env: Mapping[str, str], folder: Path, stdin: int
    ) -> None:
        self.args = arguments
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        self._process = warm.start(arguments, env, folder, warm.Streams(stdin, out_end, err_end))
        os.close(out_end)
        os.close(err_end)
        self.pid = self._process.pid or 0
        self.stdout: TextIO | None = os.fdopen(out, encoding="utf-8")
        self.stderr: TextIO | None = os.fdopen(err, encoding="utf-8")

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def communicate(self, *, timeout: float | None = None) -> tuple[str, str]:
        """All that it still writes, and waits for its end; raises `subprocess.TimeoutExpired`."""
        said = {"out": "", "err": ""}

        def read(name: str, stream: TextIO | None) -> None:
            said[name] = stream.read() if stream else ""

        both = (("out", self.stdout), ("err", self.stderr))
        threads = [threading.Thread(target=read, args=one, daemon=True) for one in both]
        for thread in threads:
            thread.start()
        self.wait(timeout)
        for thread in threads:
            thread.join(timeout)
        return said["out"], said["err"]

    def send_signal(self, number: int) -> None:
        # It may have ended, and been waited for by the process that forked it, a moment ago.
        with contextlib.suppress(ProcessLookupError):
            if self.returncode is None:
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        """Ends it, should it still run, and closes what was open to it."""
        self.kill()
        self._process.join()
        for stream in (self.stdout, self.stderr):
            if stream:
                stream.close()
