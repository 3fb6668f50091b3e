"""The command line: a table of commands, each loaded when it is called."""

from __future__ import annotations

import codecs
import contextlib
import errno
import importlib
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from wizard import __version__
from wizard.cli.input.options import portal_option, profile_option
from wizard.support.errors import ExpectedError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""What a full or broken disk says of output that goes to a file."""


class Entry(NamedTuple):
    """A command that is not loaded yet: its file in `commands/`, the name in it, and its line in
    the list of commands, which would load them all."""

    module: str
    name: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("demo", "demo", "Try everything: no Meta account, no network, nothing stored."),
    "status": Entry(
        "status", "status", "Show stored credentials, masked, and when the token expires."
    ),
    "check": Entry("check", "check", "Test stored credentials with Meta."),
    "rotate": Entry(
        "rotate", "rotate", "Test a new access token and replace the stored one if it passes."
    ),
    "discover": Entry(
        "discover",
        "discover_",
        "Find the App ID, the WABAs and their numbers from an access token.",
    ),
    "listen": Entry(
        "listen", "listen", "Receive webhooks on this machine, registered with Meta, until Ctrl+C."
    ),
    "subscribe": Entry(
        "subscribe",
        "subscribe",
        "Subscribe the app to the WABA, so that Meta sends it the WABA's messages.",
    ),
    "restore": Entry(
        "restore",
        "restore",
        "Restore the callback URL that a killed listen replaced, without listening.",
    ),
    "doctor": Entry(
        "doctor", "doctor", "Find out why the webhook does not verify, or why no message arrives."
    ),
    "send": Entry(
        "send", "send", "Send a message to TO. With --follow, wait until it is delivered."
    ),
    "set": Entry("set", "set_", "Store one value, from the prompt or standard input."),
    "import": Entry(
        "import_", "import_", "Store every credential in FILE. The file is read, never changed."
    ),
    "exec": Entry("exec", "exec_", "Run CMD with the credentials in its environment."),
    "export": Entry(
        "export", "export", "Write the credentials for another program, in plain text."
    ),
    "forget": Entry(
        "forget",
        "forget",
        "Delete stored values: the CREDENTIALs you name, or all six and your progress.",
    ),
    "profile": Entry(
        "profile", "profile", "Create, list, rename, copy, delete and switch profiles."
    ),
    "simulator": Entry(
        "simulator",
        "simulator",
        "Answer Graph API calls on this machine as Meta does, until Ctrl+C.",
    ),
    "selftest": Entry(
        "selftest", "selftest", "Compare Meta's answers with those of the built-in simulator."
    ),
    "completion": Entry(
        "completion", "completion", "Print the completion script for commands, flags and names."
    ),
    "help": Entry("help", "help_", "Show help for COMMAND, or for all commands."),
    "version": Entry("version", "version", "Show the version of whatsapp-wizard and exit."),
}

_EXAMPLES = """\b
Examples:
  whatsapp-wizard demo              try everything, without an account or a network
  whatsapp-wizard                   follow the guide through Meta's portal
  whatsapp-wizard check --json      test stored credentials from a script
"""


def _no_such(word: str) -> str:
    """A word is repeated only where it nearly is a command: else it may be a value in the wrong
    place."""
    import difflib

    if near := difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.7):
        return f"There is no command '{word}'. Did you mean {near[0]}?"
    return "No such command. To list the commands, run whatsapp-wizard help."


class _Unsorted(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(_no_such(args[0]))
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        entry = COMMANDS[cmd_name]
        module = importlib.import_module(f"wizard.cli.commands.{entry.module}")
        _guard_tasks()
        command: click.Command = getattr(module, entry.name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        from wizard.cli.output.width import help_columns

        ctx.terminal_width = help_columns()
        return super().get_help(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = {name: click.Command(name, help=entry.help) for name, entry in COMMANDS.items()}
        _Unsorted(commands=listed).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [name for name in COMMANDS if name.startswith(incomplete)]
        of_commands = [CompletionItem(name, help=COMMANDS[name].help) for name in names]
        return [*of_commands, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="whatsapp-wizard")
@portal_option
@profile_option
@click.pass_context
def cli(context: click.Context, profile: str | None, layout: str | None) -> int:
    """Set up Meta's WhatsApp Cloud API step by step, and test every credential.

    Without a command: follow the guide through Meta's portal from where you stopped.
    """
    context.obj = profile
    if context.invoked_subcommand is not None:
        if layout is not None and context.invoked_subcommand != "demo":
            raise click.UsageError("--portal goes with the guide and with demo only.")
        return 0
    from wizard.cli.runs.walk import walk

    _guard_tasks()
    return walk(profile, layout)


def main() -> NoReturn:
    """Runs the command line and exits with the code of the contract."""
    _open_closed_streams()
    codecs.register_error("escaped", escaped)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="escaped")
    sys.exit(_run())


def escaped(error: UnicodeError) -> tuple[str, int]:
    """What a code page of Windows does not hold, as JSON writes it: a report stays one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(....)", r"\\u\1", units), error.end


def _guard_tasks() -> None:
    """Whatever runs no tasks does without: its start would take longer."""
    if "asyncio" in sys.modules:
        from wizard.cli.output.task_errors import hide_values

        hide_values()


def _open_closed_streams() -> None:
    """A daemon may start us with streams closed (`<&-`), which Python shows as `None`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It stays open; and pathlib takes a tenth of the time of --version.
            nothing = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123
            setattr(sys, name, nothing)


def _run() -> int:
    try:
        code = cli.main(prog_name="whatsapp-wizard", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except click.ClickException as error:
        from wizard.cli.output.safe_errors import show_error

        show_error(error, sys.argv[1:])
        return error.exit_code
    except ExpectedError as error:
        from wizard.cli.output.safe_errors import without_arguments

        click.echo(f"Error: {without_arguments(str(error), sys.argv[1:])}", err=True)
        return error.exit_code
    except OSError as error:
        return _unwritten(error)
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes exit code 70
        return _crashed(error)
    return code if isinstance(code, int) else 0


def _unwritten(error: OSError) -> int:
    """What a command ends with whose output nobody reads any more, or finds no room."""
    is_gone = isinstance(error, BrokenPipeError)
    if not is_gone and (error.errno not in _NO_ROOM or error.filename is not None):
        return _crashed(error)
    # Without this, closing stdout would complain.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not is_gone:
        click.echo(f"Error: Can't write the output: {error.strerror}.", err=True)
    return 1


def _crashed(error: Exception) -> int:
    from wizard.cli.output.crash_report import report_crash

    return report_crash(error)
