"""`export`: the credentials as a file for another program."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from wizard.cli.input.new_file import new_file
from wizard.cli.input.options import TextType, profile_option, values_options
from wizard.cli.input.variables import chosen_variables, variable_options
from wizard.cli.output.lines import echo, say, say_all
from wizard.cli.output.private_file import git_warning, readers, write_private
from wizard.values.formats import DNS_LABEL, FORMATS, SECRET_NAME, UnfitValueError, render

_EXAMPLES = """\b
Examples:
  whatsapp-wizard export --output .env
  whatsapp-wizard export --format json --preset node-sdk | jq -r .WA_PHONE_NUMBER_ID
  whatsapp-wizard export --format k8s --name shop-whatsapp | kubectl apply -f -
  whatsapp-wizard export --format github --only access_token | sh

Exit codes: 0 written, 1 a credential is missing or doesn't fit the format, 2 wrong usage,
4 no keyring.
"""


class SecretName(TextType):
    """A DNS label, as Kubernetes wants it."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not DNS_LABEL.fullmatch(value):
            self.fail(
                "A Secret's name has up to 63 lower-case letters, digits and dashes, and no dash "
                "at either end.",
                param,
                ctx,
            )
        return value


@click.command(epilog=_EXAMPLES)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="env",
    show_default=True,
    help="env: for a shell, docker and python-dotenv. k8s: a Secret. github: a script for `gh "
    "secret set`.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    callback=new_file,
    metavar="FILE",
    help="Write to FILE, which only you can read. [default: standard output]",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.option(
    "--name",
    type=SecretName(),
    default=SECRET_NAME,
    show_default=True,
    metavar="NAME",
    help="Name of the Secret.",
)
@click.option("--yes", is_flag=True, help="Show the values in a terminal without asking.")
@variable_options
@values_options
@profile_option
def export(
    *,
    form: str,
    output: Path | None,
    force: bool,
    name: str,
    yes: bool,
    only: tuple[str, ...],
    mapped: tuple[tuple[str, str], ...],
    preset: str | None,
    env: bool,
    env_file: Path | None,
    profile: str | None,
) -> int:
    """Write the credentials for another program, in plain text.

    `exec` passes them on without writing them. A value that doesn't fit the format is refused.
    """
    variables = chosen_variables(
        profile=profile, env=env, env_file=env_file, only=only, mapped=mapped, preset=preset
    )
    try:
        content = render(form, variables, name).encode()
    except UnfitValueError as error:
        say(str(error), err=True)
        return 1
    if output is None or str(output) == "-":
        return _show(content, yes)
    return _write(output, content, force)


def _show(content: bytes, yes: bool) -> int:
    if sys.stdout.isatty() and not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
        if not click.confirm("Show the values here, in plain text?", err=True):
            say("Nothing was shown.", err=True)
            return 1
    # As bytes: a code page of Windows, or a line end of its own, would change a value.
    echo(content, nl=False)
    return 0


def _write(output: Path, content: bytes, force: bool) -> int:
    try:
        write_private(output, content, force=force)
    except FileExistsError:
        raise click.UsageError(f"{output} already exists. To replace it, add --force.") from None
    except OSError as error:
        raise click.UsageError(f"Can't write {output}: {error.strerror}.") from None
    say(f"{output} contains them in plain text, {readers()}.", err=True)
    say_all(git_warning(output), err=True)
    return 0
