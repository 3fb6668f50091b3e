"""Builds the world that a command's flags ask for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from wizard.cli.input.settings import state_file
from wizard.cli.input.stdin import MOST_BYTES, as_text
from wizard.cli.output.lines import say, say_once
from wizard.cli.output.waiting import say_waiting
from wizard.journeys.profiles.vault import ProfileVault
from wizard.settings import Settings
from wizard.state import Progress, StateError
from wizard.values.credentials import CREDENTIALS, Values, plain
from wizard.vault import KeyringVault, MachineVault, waiting
from wizard.world import World

_MOST_NAMED = 10
_PATIENCE = 1.0
"""Seconds after which one wonders what is going on."""

Answer = TypeVar("Answer")


def world_from_keyring(settings: Settings) -> World:
    """A profile's world, its values still in the keyring."""
    world = World.from_settings(settings, vault=vault_of(settings))
    world.machine_vault = MachineVault(turn=state_file(settings).keyring_turn)
    return world


def vault_of(settings: Settings) -> ProfileVault:
    profile = settings.profile
    state = state_file(settings)
    return ProfileVault(profile, KeyringVault(profile, turn=state.keyring_turn), state)


def bare_vault(profile: str) -> KeyringVault:
    """A profile's vault for who takes the turn of all writers and lists the profile himself."""
    return KeyringVault(profile)


def world_from_flags(settings: Settings, env: bool, env_file: Path | None) -> World:
    """The world of `--env` and `--env-file`, or else the profile's."""
    if env and env_file:
        raise click.UsageError("--env can't be combined with --env-file.")
    if env_file:
        return World.from_settings(settings, values=_values_of_file(read_text(env_file)))
    return (
        World.from_settings(settings, values=values_of_env())
        if env
        else world_from_keyring(settings)
    )


def _values_of_file(text: str) -> Values:
    """The values in a file; where a secret is missing, what may be it is named."""
    values = values_of_text(text)
    lacks = values.access_token is None or values.app_secret is None
    if lacks and (said := unknown_names(text, only_metas=True)):
        say_once(said)
    return values


def progress_of(settings: Settings) -> Progress:
    """What is remembered of the profile; nothing where the file can't be read."""
    state = state_file(settings)
    try:
        return state.load(settings.profile)
    except StateError:
        return Progress()
    finally:
        if state.notice:
            say_once(state.notice)


def update_progress(settings: Settings, change: Callable[[Progress], Progress]) -> str:
    """Changes what is remembered of the profile; returns why it could not be, or nothing."""
    state = state_file(settings)
    try:
        before = state.load(settings.profile)
        after = change(before)
        if after != before:
            state.merge({settings.profile: after}, lambda now, _: change(now))
    except StateError as error:
        return str(error)
    if state.notice:
        say_once(state.notice)
    return ""


def remember_layout(settings: Settings, layout: str) -> str:
    """Saves which layout of the portal the profile's person sees; returns why it could not be, or
    nothing."""
    return update_progress(settings, lambda progress: replace(progress, portal=layout))


def layout_of(settings: Settings) -> str | None:
    """The layout of the portal that is remembered of the profile, if any."""
    try:
        layout = state_file(settings).load(settings.profile).portal
    except StateError:
        return None
    from wizard.portal import layouts

    return layout if layout in layouts() else None


def layout_for(settings: Settings, world: World) -> str | None:
    """The same, for a report on the profile's own values; values that came by flags are nobody's
    whose portal is known."""
    return layout_of(settings) if world.vault is not None else None


def clear_results(settings: Settings, *names: str) -> None:
    """A value that was replaced or deleted takes with it what was found out about it."""
    from wizard.journeys.onboarding.check_results import clear

    if trouble := update_progress(settings, lambda progress: clear(progress, *names)):
        say(f"Can't delete earlier test results: {trouble}", err=True)


async def await_keyring(call: Awaitable[Answer]) -> Answer:
    """Awaits the keyring, and says on stderr what is waited for where that takes a while."""
    waiting = asyncio.ensure_future(call)
    try:
        done, _ = await asyncio.wait({waiting}, timeout=_PATIENCE)
        if not done:
            say_waiting()
        return await waiting
    finally:
        waiting.cancel()


waiting.on_wait[:] = [say_waiting]
"""Whatever a command asks of the keyring, whoever waits for it is told."""


def values_of_env(env: Mapping[str, str] = os.environ) -> Values:
    """The six variables of the contract, cleaned as a paste is."""
    from wizard.values.shapes import clean

    values = Values()
    for name, credential in CREDENTIALS.items():
        value = clean(name, env.get(credential.env, ""))
        if plain(value):
            values = values.with_(name, value)
    return values


def values_of_text(text: str) -> Values:
    """Whatever of the six stands in the text with its name."""
    from wizard.values.paste import find_credentials

    values = Values()
    for name, value in find_credentials(text).items():
        values = values.with_(name, value)
    return values


def unknown_names(text: str, *, only_metas: bool = False) -> str:
    """What is said of names in the text whose values look secret, and of which nobody knows what
    they are; `only_metas` leaves out those that do not look like Meta's. Empty where none is."""
    from wizard.values.paste import find_unknown

    names = find_unknown(text, only_metas=only_metas)
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    listed = ", ".join(names[:_MOST_NAMED]) + more
    return f"Unknown names, left out: {listed}. To store one of them: whatsapp-wizard set NAME"


def read_text(path: Path) -> str:
    """A small text file; or a pipe, whose size nobody knows beforehand."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise click.UsageError(f"{path} is too large for a .env file.")
        return as_text(content)
    except (OSError, UnicodeError) as error:
        raise click.UsageError(f"Can't read {path} as text: {error}.") from None
