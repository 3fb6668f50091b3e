"""`exec`: another command, with the credentials in its environment and nowhere else."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from wizard.cli.input.options import profile_option, values_options
from wizard.cli.input.variables import chosen_variables, variable_options
from wizard.cli.output.lines import say
from wizard.values.formats import UnfitValueError, text_of

_LIKE_A_VALUE = re.compile("EAA|[0-9]{10}|[0-9a-f]{16}", re.IGNORECASE)
_NOT_FOUND = 127
_NOT_RUN = 126

_EXAMPLES = """\b
Examples:
  whatsapp-wizard exec -- node server.js
  whatsapp-wizard exec --preset pywa -- pywa dev main.py
  whatsapp-wizard exec --only access_token --map access_token=TOKEN -- ./send.sh
  whatsapp-wizard exec --profile shop -- docker run -e WHATSAPP_ACCESS_TOKEN shop

Exit codes: those of CMD; 127 CMD was not found, 126 CMD can't run. Before CMD starts: 1 a
credential is missing, 2 wrong usage, 4 no keyring.
"""


def _files(
    _context: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


@click.command("exec", epilog=_EXAMPLES, context_settings={"allow_interspersed_args": False})
@click.argument(
    "command",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    metavar="CMD…",
    shell_complete=_files,
)
@variable_options
@values_options
@profile_option
def exec_(
    *,
    command: tuple[str, ...],
    only: tuple[str, ...],
    mapped: tuple[tuple[str, str], ...],
    preset: str | None,
    env: bool,
    env_file: Path | None,
    profile: str | None,
) -> int:
    """Run CMD with the credentials in its environment.

    The variables are WHATSAPP_ACCESS_TOKEN and so on, unless --preset or --map renames them.
    Nothing is written to disk or to a command line. If the system allows it, CMD replaces this
    program.
    """
    variables = chosen_variables(
        profile=profile, env=env, env_file=env_file, only=only, mapped=mapped, preset=preset
    )
    try:
        added = {variable.name: text_of(variable) for variable in variables}
    except UnfitValueError as error:
        say(str(error), err=True)
        return 1
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        return run(command, {**os.environ, **added})
    except OSError as error:
        return _not_run(command[0], error)


def run(command: tuple[str, ...], env: Mapping[str, str], system: str = os.name) -> int:
    """CMD in our place, or beside us where the system knows no such thing; its exit code.

    Raises `OSError` where it can't be started.
    """
    if system == "posix":
        replace_process(command, env)
    return run_beside(command, env, system)


def replace_process(command: tuple[str, ...], env: Mapping[str, str]) -> NoReturn:
    """CMD in the place of this process. Raises `OSError` where it can't be started."""
    # Python ignores these two, and what is ignored stays so in whatever takes its place.
    for name in ("SIGPIPE", "SIGXFSZ"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    os.execvpe(command[0], command, env)  # noqa: S606 - no shell is wanted between


def run_beside(command: tuple[str, ...], env: Mapping[str, str], system: str = os.name) -> int:
    """CMD as a child, where no process can take another's place; its exit code.

    Raises `OSError` where it can't be started.
    """
    # With its full name, or Windows would find no npm.cmd.
    path = shutil.which(command[0], path=env.get("PATH"))
    if path is None:
        raise FileNotFoundError
    with (
        _deaf_to_interrupts(),
        subprocess.Popen([path, *command[1:]], env=env) as child,  # noqa: S603 - as asked
    ):
        return exit_code(child.wait(), system)


def exit_code(code: int, system: str = os.name) -> int:
    """What to end with where a child ended with this."""
    if system == "nt":
        # Windows counts from zero to 2³²; what Python hands back to it must fit a signed number.
        return code - 2**32 if code >= 2**31 else code
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl+C reaches the child by itself, which decides what it means."""
    names = [name for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name)]
    # Not SIG_IGN, which the child might inherit.
    before = {name: signal.signal(getattr(signal, name), lambda *_: None) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _not_run(command: str, error: OSError) -> int:
    absent = isinstance(error, FileNotFoundError | NotADirectoryError)
    # Somebody may have put VARIABLE=VALUE there, as env takes it, or a value alone.
    harmless = "=" not in command and not _LIKE_A_VALUE.search(command)
    shown = command if harmless else "The command"
    if absent:
        say(f"{shown} was not found.", err=True)
        return _NOT_FOUND
    say(f"Can't run {shown}: {error.strerror}.", err=True)
    return _NOT_RUN
