"""The command in a process forked from one that has imported everything: hundreds of tests run it,
and most of what each takes would be its imports. What a cold start loads has tests of its own."""

from __future__ import annotations

import importlib
import io
import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NoReturn

IS_POSSIBLE = sys.platform == "linux"
PLUGINS = Path(__file__).parent / "plugins"
_LIMIT = 60.0
_PRELOADED = "tests.cli.warm_imports"
_BREAKING = {"TEST_KILL_AT", "TEST_BREAK", "TEST_BUG", "TEST_PATIENCE", "TEST_MEMORY"}
_PLUGINS = {"watching": {"TEST_WATCHED"}, "breaking": _BREAKING}
"""Which of `plugins/` is for whom; an interpreter of its own reads them from `sitecustomize`."""


@dataclass(frozen=True)
class Streams:
    """Files in the place of a process's own."""

    stdin: Path
    stdout: Path
    stderr: Path


def run(arguments: list[str], env: Mapping[str, str], folder: Path, streams: Streams) -> int:
    """The exit code of `whatsapp-wizard ARGUMENTS`, run to its end; negative for a signal's."""
    process = _context().Process(target=_main, args=(arguments, dict(env), folder, streams))
    process.start()
    process.join(_LIMIT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"{arguments} did not end within {_LIMIT:g} seconds")
    code = process.exitcode
    process.close()
    return code


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    return context


def _main(arguments: list[str], env: dict[str, str], folder: Path, streams: Streams) -> NoReturn:
    importlib.import_module(_PRELOADED)  # which the server, had it failed there, would not say
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path[:0] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    _take(0, streams.stdin, os.O_RDONLY)
    _take(1, streams.stdout, os.O_WRONLY)
    _take(2, streams.stderr, os.O_WRONLY)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), "utf-8", "strict")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), "utf-8", "strict")
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w"), "utf-8", "backslashreplace", write_through=True
    )
    sys.argv = ["whatsapp-wizard", *arguments]
    for name, variables in _PLUGINS.items():
        if variables & env.keys():
            importlib.import_module(name).install()
    from wizard.cli import main

    main()


def _take(number: int, path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    os.dup2(handle, number)
    os.close(handle)
