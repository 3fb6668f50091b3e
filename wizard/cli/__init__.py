"""The command line: a table of commands, each loaded when it is called."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click

from wizard import __version__
from wizard.cli.input.options import profile_option
from wizard.cli.output.safe_errors import show_error, without_arguments
from wizard.settings import SettingError
from wizard.state import StateError

COMMANDS: Mapping[str, str] = {
    "demo": "wizard.cli.commands.demo:demo",
    "status": "wizard.cli.commands.status:status",
    "check": "wizard.cli.commands.check:check",
    "rotate": "wizard.cli.commands.rotate:rotate",
    "discover": "wizard.cli.commands.discover:discover_",
    "listen": "wizard.cli.commands.listen:listen",
    "restore": "wizard.cli.commands.restore:restore",
    "doctor": "wizard.cli.commands.doctor:doctor",
    "send": "wizard.cli.commands.send:send",
    "set": "wizard.cli.commands.set:set_",
    "import": "wizard.cli.commands.import_:import_",
    "exec": "wizard.cli.commands.exec:exec_",
    "export": "wizard.cli.commands.export:export",
    "forget": "wizard.cli.commands.forget:forget",
    "profile": "wizard.cli.commands.profile:profile",
    "simulator": "wizard.cli.commands.simulator:simulator",
    "selftest": "wizard.cli.commands.selftest:selftest",
    "completion": "wizard.cli.commands.completion:completion",
}

_EXAMPLES = """\b
Examples:
  whatsapp-wizard demo              see all of it, with no account and no network
  whatsapp-wizard                   walk through the portal
  whatsapp-wizard check --json      test what is stored, for a script
"""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # click's own message would repeat the word, which may be a value in the wrong place.
        if args and args[0] not in COMMANDS and not re.fullmatch("[a-z-]{1,16}", args[0]):
            ctx.fail("There is no such command.")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="whatsapp-wizard")
@profile_option
@click.pass_context
def cli(context: click.Context, profile: str | None) -> int:
    """Set up Meta's WhatsApp Cloud API, step by step, with every credential tested.

    Without a command: the walk through Meta's portal, resumed where it stopped.
    """
    context.obj = profile
    if context.invoked_subcommand is not None:
        return 0
    from wizard.cli.runs.walk import walk

    return walk(profile)


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


def _open_closed_streams() -> None:
    """A daemon may start us with streams closed (`<&-`), which Python shows as `None`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - stays open
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
        show_error(error, sys.argv[1:])
        return error.exit_code
    except (SettingError, StateError) as error:
        click.echo(f"Error: {without_arguments(str(error), sys.argv[1:])}", err=True)
        return 2 if isinstance(error, SettingError) else 1
    except BrokenPipeError:
        # Whoever read our output has gone; without this, closing stdout would complain.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes exit code 70
        from wizard.cli.output.crash_report import report_crash

        return report_crash(error)
    return code if isinstance(code, int) else 0
