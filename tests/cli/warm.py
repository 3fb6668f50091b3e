"""The command in a process forked from one that has imported everything: hundreds of tests run it,
and most of what each takes would be its imports. What a cold start loads has tests of its own."""

from __future__ import annotations

import atexit
import importlib
import io
import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, ForkServerProcess
if sys.platform != "win32":
    import fcntl
    import termios

IS_POSSIBLE = sys.platform == "linux"
PLUGINS = Path(__file__).parent / "plugins"
_LIMIT = 60.0
_PRELOADED = "tests.cli.warm_imports"
_PLUGINS = {
    "watching": {"TEST_WATCHED"},
    "breaking": {"TEST_KILL_AT", "TEST_BREAK", "TEST_BUG", "TEST_DISK_FULL", "TEST_NO_HOME"}
    | {"TEST_PATIENCE", "TEST_MEMORY"},
}
"""Which of `plugins/` is for whom; an interpreter of its own reads them from `sitecustomize`."""


class Streams(NamedTuple):
    """Open files in the place of a process's own. One that reads from a terminal has it for its
    own, as if somebody had opened it for this command."""

    stdin: int
    stdout: int
    stderr: int


def run(arguments: list[str], env: Mapping[str, str], folder: Path, streams: Streams) -> int:
    """The exit code of `whatsapp-wizard ARGUMENTS`, run to its end; negative for a signal's."""
    process = start(arguments, env, folder, streams)
    process.join(_LIMIT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"{arguments} did not end within {_LIMIT:g} seconds")
    code = process.exitcode
    process.close()
    return code


def start(
    arguments: list[str], env: Mapping[str, str], folder: Path, streams: Streams, code: str = ""
) -> ForkServerProcess:
    """`whatsapp-wizard ARGUMENTS`, begun; some code of a test's own may run before it."""
    held = [Connection(os.dup(number)) for number in streams]
    process = _context().Process(target=_main, args=(arguments, dict(env), folder, held, code))
    process.start()
    for one in held:
        one.close()
    return process


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def _main(
    arguments: list[str], env: dict[str, str], folder: Path, streams: list[Connection], code: str
) -> NoReturn:
    importlib.import_module(_PRELOADED)  # which the server, had it failed there, would not say
    atexit._clear()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path[:0] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    _take(streams)
    sys.argv = ["whatsapp-wizard", *arguments]
    for name, variables in _PLUGINS.items():
        if variables & env.keys():
            importlib.import_module(name).install()
    exec(code, {})
    from wizard.cli import main

    try:
        main()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


def _take(streams: list[Connection]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    if is_terminal := os.isatty(0):
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    coding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), coding, "strict")
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(1, "w")), coding, "strict", line_buffering=is_terminal
    )
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "w"), coding, "backslashreplace", write_through=True)
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))
