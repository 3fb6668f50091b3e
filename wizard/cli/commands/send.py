"""`send`: one message out, asked for before it leaves, and followed to delivered."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.endpoint import endpoint_options
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.prompts import can_prompt
from wizard.cli.input.settings import settings_for
from wizard.cli.input.world import await_keyring, layout_for, world_from_flags
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import problem_lines, report_lines
from wizard.cli.runs.send import DeclinedError, Ended, SendOptions, SendRun
from wizard.findings import Report
from wizard.journeys.messages.messages import LONGEST, pin_of
from wizard.journeys.messages.recipients import RecipientError, is_international, read_recipient
from wizard.settings import Settings
from wizard.support.addresses import is_loopback
from wizard.values.credentials import Secret
from wizard.world import World

_MOST_CHARACTERS = 64
_EXAMPLES = """\b
Examples:
  whatsapp-wizard send +6281234567890
  whatsapp-wizard send +6281234567890 --text "Hello" --follow
  whatsapp-wizard send US.13491208655302741918 --text "Hello"
  whatsapp-wizard send +6281234567890 --template order_ready --language id --yes --json

Exit codes: 0 sent, 1 rejected or failed, 2 no such number, 3 no answer, 4 no keyring. A tracked
message ends in message.delivered, or in message.pending or message.unfollowed if that is unknown.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("to", metavar="TO")
@click.option("--text", help="Text to send, to someone who wrote within the last 24 hours.")
@click.option("--template", metavar="NAME", help="[default: hello_world]")
@click.option("--language", metavar="CODE", help="Language of the template. [default: en_US]")
@click.option("--register", is_flag=True, help="Register the sending number first, with its PIN.")
@click.option("--pin-stdin", is_flag=True, help="Read the PIN from standard input.")
@click.option(
    "--follow/--no-follow",
    default=None,
    help="Open a tunnel and wait until the message is delivered.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait with --follow.",
)
@click.option("--tunnel", type=click.Choice(["ngrok", "cloudflared"]), help="[default: ngrok]")
@click.option("--url", metavar="URL", help="Your own public URL that leads to this machine.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on. [default: a free one]"
)
@click.option("--yes", is_flag=True, help="Send without asking for confirmation.")
@json_option
@values_options
@profile_option
def send(
    *,
    to: str,
    text: str | None,
    template: str | None,
    language: str | None,
    register: bool,
    pin_stdin: bool,
    follow: bool | None,
    wait: float,
    tunnel: str | None,
    url: str | None,
    port: int | None,
    yes: bool,
    as_json: bool,
    env: bool,
    env_file: Path | None,
    profile: str | None,
) -> int:
    """Send a message to TO. With --follow, wait until it is delivered.

    TO is a number with its country code, or as dialled in the country of the sending number. It
    can also be the user ID of someone who shares no number.
    Sends the template hello_world by default.
    """
    _check_content(text, template, language)
    _check_recipient(to)
    if not yes and not can_prompt():
        raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
    if register and not pin_stdin and not can_prompt():
        raise click.UsageError("Can't ask for the PIN without a terminal. Use --pin-stdin.")
    settings = settings_for(profile)
    _check_url(url, settings)
    world = world_from_flags(settings, env, env_file)
    wishes = SendOptions(
        to=to,
        text=text,
        template=template or "hello_world",
        language=language or "en_US",
        where=endpoint_options(tunnel, url, port=port),
        wait=wait,
        register=register or pin_stdin,
        pin=_read_pin() if pin_stdin else None,
        follow=follow,
        yes=yes,
        as_json=as_json,
    )
    return _ran(world, settings, wishes)


def _ran(world: World, settings: Settings, wishes: SendOptions) -> int:
    try:
        report = asyncio.run(_send(world, settings, wishes))
    except DeclinedError:
        say("Nothing was sent.", err=True)
        return 130
    except Ended as ended:
        return 128 + ended.number
    if report is None:
        return 4
    if wishes.as_json:
        say(json_text(report.as_dict()))
    else:
        say_all(report_lines(report.in_layout(layout_for(settings, world))))
    return report.exit_code


async def _send(world: World, settings: Settings, wishes: SendOptions) -> Report | None:
    async with world:
        await await_keyring(world.load())
        if world.vault_error is not None:
            say_all(problem_lines(finding_for_vault_error(world.vault_error)), err=True)
            return None
        return await SendRun(world, settings, wishes).run()


def _check_content(text: str | None, template: str | None, language: str | None) -> None:
    if text is None:
        return
    if template is not None or language is not None:
        raise click.UsageError("--text can't be combined with --template or --language.")
    if not 0 < len(text.strip()) <= len(text) <= LONGEST:
        raise click.UsageError(f"--text takes 1 to {LONGEST} characters.")


def _check_recipient(to: str) -> None:
    """What is no number in any country need not wait for Meta's answer on the sender's."""
    if is_international(to):
        try:
            read_recipient(to)
        except RecipientError as error:
            raise click.UsageError(f"TO: {error}") from None


def _check_url(url: str | None, settings: Settings) -> None:
    if url is not None and is_loopback(url) and not is_loopback(settings.graph_url):
        raise click.UsageError("--url: Meta can't reach a URL on this machine.")


def _read_pin() -> Secret:
    try:
        pin = pin_of(sys.stdin.read(_MOST_CHARACTERS))
    except UnicodeError:
        pin = None
    if pin is None:
        raise click.UsageError("Standard input has no PIN of 6 digits.")
    return pin
