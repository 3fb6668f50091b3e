"""The command in a process that has imported everything: hundreds of tests run it, and most of
what each takes would be its imports. What a cold start loads has tests of its own.

One that is run to its end takes its turn in a process for many. Where it runs beside its test, is
to be killed, or has its memory measured, a process is forked for it alone."""

from __future__ import annotations

import atexit
import contextlib
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

from tests.cli.resident import Resident, wait_for_threads

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
    | {"TEST_PATIENCE", "TEST_MEMORY", "TEST_PICTURES"},
}
"""Which of `plugins/` is for whom; an interpreter of its own reads them from `sitecustomize`."""
_ITS_OWN = {"TEST_KILL_AT", "TEST_ENDS", "TEST_MEMORY"}


class Streams(NamedTuple):
    """Open files in the place of a process's own. One that reads from a terminal has it for its
    own, as if somebody had opened it for this command."""

    stdin: int
    stdout: int
    stderr: int


def run(arguments: list[str], env: Mapping[str, str], folder: Path, streams: Streams) -> int:
    """The exit code of `whatsapp-wizard ARGUMENTS`, run to its end; negative for a signal's."""
    if not _needs_its_own_process(env):
        code = _resident().run(arguments, env, folder, streams, _LIMIT)
        if code is not None:
            return code
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
    process = context().Process(target=_main, args=(arguments, dict(env), folder, held, code))
    process.start()
    for one in held:
        one.close()
    return process


@cache
def context() -> ForkServerContext:
    """Where all of them come from: an interpreter that knows what they need."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def _needs_its_own_process(env: Mapping[str, str]) -> bool:
    is_killed = env.get("TEST_BREAK", "").startswith("killed")
    return is_killed or not _ITS_OWN.isdisjoint(env)


@cache
def _resident() -> Resident:
    return Resident(context(), _main_of_many)


def _main_of_many(
    arguments: list[str], env: dict[str, str], folder: Path, streams: list[int]
) -> None:
    installed = _enter(arguments, env, folder, [Connection(number) for number in streams])
    from wizard.cli import main

    try:
        main()
    finally:
        wait_for_threads()
        atexit._run_exitfuncs()
        installed.close()


def _main(
    arguments: list[str], env: dict[str, str], folder: Path, streams: list[Connection], code: str
) -> NoReturn:
    _enter(arguments, env, folder, streams)
    exec(code, {})
    from wizard.cli import main

    try:
        main()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


def _enter(
    arguments: list[str], env: dict[str, str], folder: Path, streams: list[Connection]
) -> contextlib.ExitStack:
    """Makes this process that of the command; returns the plugins that are for it."""
    importlib.import_module(_PRELOADED)  # which the server, had it failed there, would not say
    atexit._clear()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path[:0] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    _take(streams)
    sys.argv = ["whatsapp-wizard", *arguments]
    installed = contextlib.ExitStack()
    for name, variables in _PLUGINS.items():
        if variables & env.keys():
            installed.callback(importlib.import_module(name).install())
    return installed


def _take(streams: list[Connection]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    if is_terminal := os.isatty(0):
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    coding = os.environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), coding, "strict")
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(1, "w", closefd=False)),
        coding,
        "strict",
        line_buffering=is_terminal,
    )
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False), coding, "backslashreplace", write_through=True
    )
    for name in ("stdin", "stdout", "stderr"):
        setattr(sys, f"__{name}__", getattr(sys, name))
