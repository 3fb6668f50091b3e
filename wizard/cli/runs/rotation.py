"""`rotate` without a screen: the token from a prompt or standard input, tested, then swapped."""

from __future__ import annotations

import asyncio
import io
import select
import sys

import click

from wizard.checks import Event
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.stdin import prompt_or_stdin
from wizard.cli.input.world import await_keyring, layout_of, update_progress, world_from_keyring
from wizard.cli.output.lines import echo, say
from wizard.findings import Report
from wizard.guide import guide
from wizard.journeys.rotation.rotation import Change, Rotation, RotationResult
from wizard.journeys.rotation.stages import RotationStage
from wizard.portal import fill_places
from wizard.settings import Settings
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.values.paste import find_credentials
from wizard.values.shapes import clean
from wizard.world import World

_TOKEN = CREDENTIALS["access_token"]
_SAID = {
    RotationStage.TESTING: "Testing …",
    RotationStage.EXCHANGING: "Exchanging …",
    RotationStage.SWAPPING: "Storing …",
    RotationStage.RETESTING: "Testing again …",
}


def rotate(settings: Settings, from_stdin: bool, long_lived: bool) -> RotationResult:
    """How it ended; what it is about to do is said on stderr."""
    world = world_from_keyring(settings)
    token = _token_in(prompt_or_stdin(_TOKEN, from_stdin)) if from_stdin else None
    if not from_stdin:
        asyncio.run(_load(world))
        if world.vault_error is not None:
            return RotationResult(
                Report.of(settings.profile, [finding_for_vault_error(world.vault_error)]),
                swapped=False,
            )
        token = _asked(world, long_lived, layout_of(settings))

    rotation = Rotation(world, on_event=_tell, note=Noting(settings))
    try:
        return asyncio.run(_run(rotation, token, long_lived))
    except KeyboardInterrupt:
        if rotation.swapped:
            say("The new token is stored, but was not tested again.", err=True)
        raise
    finally:
        _clear()


async def _load(world: World) -> None:
    await await_keyring(world.load())


async def _run(rotation: Rotation, token: Secret | None, long_lived: bool) -> RotationResult:
    async with rotation.world:
        rotated = await rotation.run(token, long_lived=long_lived)
    if rotation.unlocked:
        say(
            "Can't lock this profile, so a second rotation would not be detected: "
            f"{rotation.unlocked}",
            err=True,
        )
    return rotated


def _asked(world: World, long_lived: bool, layout: str | None) -> Secret | None:
    """The token from a prompt; none where the stored one is to be exchanged."""
    stored = world.values.access_token is not None
    if long_lived and stored and not sys.stdin.isatty():
        if _holds_something():
            raise click.UsageError(
                "Standard input has data. To read the token from it, add --stdin."
            )
        say("No token given. Exchanging the stored one.", err=True)
        return None
    if sys.stdin.isatty():
        step = fill_places("Click {generate_token} (step 7.1)", layout)
        say(f"{step}: {guide().by_id['7.1'].url(world.values.app_id, layout)}", err=True)
    if long_lived and stored:
        hint = f"{_TOKEN.label} (press enter for the stored one)"
        said = click.prompt(hint, default="", hide_input=True, show_default=False, err=True)
        return _token_in(said) if said.strip() else None
    return _token_in(prompt_or_stdin(_TOKEN, from_stdin=False))


def _holds_something() -> bool:
    """Whether standard input holds anything, as far as that can be told without waiting for it."""
    try:
        ready, _, _ = select.select([sys.stdin], [], [], 0)
        there = sys.stdin.buffer if ready else None
        return isinstance(there, io.BufferedReader) and bool(there.peek(1))
    except (OSError, ValueError):
        return False  # a pipe on Windows, or a stream that is closed


def _token_in(text: str) -> Secret:
    value = find_credentials(text).get(_TOKEN.name) or clean(_TOKEN.name, text)
    if not isinstance(value, Secret) or not len(value):
        raise click.UsageError("The input is empty. Nothing was changed.")
    return value


def _tell(said: RotationStage | Event) -> None:
    if said is RotationStage.WAITING:
        say("Another rotation of this profile is running. Waiting for it to end …", err=True)
    elif isinstance(said, RotationStage) and sys.stderr.isatty():
        echo(f"\033[K{_SAID[said]}\r", err=True, nl=False)


def _clear() -> None:
    if sys.stderr.isatty():
        echo("\033[K", err=True, nl=False)


class Noting:
    """Changes what is remembered of the profile; says once where that can't be."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._why = ""

    async def __call__(self, change: Change) -> None:
        why = update_progress(self._settings, change)
        if why and why != self._why:
            say(f"Can't save the test time: {why}", err=True)
        self._why = why
