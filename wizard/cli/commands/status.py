"""`status`: what is stored, masked; no network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import json_option, profile_option
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.world import await_keyring, world_from_keyring
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all, say_once
from wizard.cli.output.profiles import all_profiles_line, profile_dict
from wizard.cli.output.replaced import not_restored_dict
from wizard.cli.output.reports import nothing_stored, problem_lines, wrapped
from wizard.findings import SCHEMA, SIGNS, Status
from wizard.journeys.onboarding.check_results import CheckOutcome
from wizard.journeys.onboarding.token_expiry import Expiry, expiry
from wizard.journeys.profiles.profiles import ProfileInfo, list_profiles
from wizard.journeys.webhook.pending_restore import not_restored
from wizard.portal import layouts
from wizard.state import Progress, ReplacedCallback, StateError, StateFile
from wizard.support.times import bar, in_words
from wizard.values.credentials import CREDENTIALS, MASK, NGROK_AUTHTOKEN, Values, shown
from wizard.vault import Backend, VaultError
from wizard.world import World

_EXAMPLES = """\b
Examples:
  whatsapp-wizard status
  whatsapp-wizard status --profile shop
  whatsapp-wizard status --json
"""


@dataclass(frozen=True)
class Keyring:
    """What is known of the keyring beside the six: nothing where it could not be asked."""

    backend: Backend | None = None
    authtoken: bool | None = None


@click.command(epilog=_EXAMPLES)
@json_option
@profile_option
def status(as_json: bool, profile: str | None) -> int:
    """Show stored credentials, masked, and when the token expires.

    Shows one line for each other profile.
    """
    settings = settings_for(profile)
    world, state = world_from_keyring(settings), state_file(settings)
    known = _known(state)
    progress = next((one.progress for one in known if one.name == world.profile), Progress())
    keyring = asyncio.run(_look(world))
    if as_json:
        said = _as_dict(world, progress, keyring)
        profiles = [profile_dict(one, world.profile, world) for one in known]
        left = [not_restored_dict(one) for one in _not_restored(state, world.profile)]
        whole = {**said, "not_restored": left, "profiles": profiles}
        say(json_text(whole))
    elif world.vault_error is not None:
        say_all(problem_lines(finding_for_vault_error(world.vault_error)))
    else:
        say_all(_lines(world, progress, keyring))
        if len(known) > 1:
            say_all(["", "Profiles", *all_profiles_line(known, world.profile, world)])
    return 4 if world.vault_error is not None else 0


async def _look(world: World) -> Keyring:
    await await_keyring(world.load())
    if world.vault_error is not None or world.vault is None or world.machine_vault is None:
        return Keyring()
    try:
        held = await await_keyring(world.machine_vault.authtoken())
        return Keyring(await world.vault.describe(), held is not None)
    except VaultError as error:
        world.vault_error = error
        return Keyring()


def _known(state: StateFile) -> list[ProfileInfo]:
    try:
        return list_profiles(state)
    except StateError as error:
        say(f"Can't read earlier test results: {error}", err=True)
        return []
    finally:
        if state.notice:
            say_once(state.notice)


def _not_restored(state: StateFile, profile: str) -> tuple[ReplacedCallback, ...]:
    try:
        return not_restored(state, profile)
    except StateError:
        return ()


def _lines(world: World, progress: Progress, keyring: Keyring) -> Iterator[str]:
    if any(world.values.present()):
        where = keyring.backend.name if keyring.backend else "no keyring"
        yield from (f"Profile {world.profile}, {where}", "", *_credentials(world, progress))
    else:
        yield from wrapped(nothing_stored(world.profile))
    if keyring.authtoken:
        whose = click.style("for this machine, all profiles", dim=True)
        yield f"  {NGROK_AUTHTOKEN.label:<16} {MASK:<18} {whose}"
    if layout := layouts().get(progress.portal or ""):
        yield f"  {'Portal':<16} {layout.name:<18} {click.style(layout.sign, dim=True)}"
    if left := _left(expiry(progress, world)):
        yield ""
        yield f"  {left}"


def _credentials(world: World, progress: Progress) -> Iterator[str]:
    now = world.clock()
    for name, credential in CREDENTIALS.items():
        value = shown(world.values.get(name)) or "–"
        yield f"  {credential.label:<16} {value:<18} {_tested(progress, name, now, world.values)}"


def _tested(progress: Progress, name: str, now: datetime, values: Values) -> str:
    if values.get(name) is None:
        return click.style("missing", dim=True)
    tested = progress.tested.get(name)
    if tested is None or tested.outcome == CheckOutcome.UNTESTED:
        return click.style("stored, not tested", dim=True)
    ago = in_words((now - tested.at).total_seconds())
    colour = "green" if tested.outcome == CheckOutcome.PASSED else "red"
    return f"{click.style(tested.outcome, fg=colour)}, tested {ago} ago"


def _left(token: Expiry | None) -> str:
    """Kind and time left of the token, in words and as a bar."""
    if token is None:
        return ""
    kind = f" ({token.kind})" if token.kind else ""
    line = f"The access token {token.words}{kind}."
    if token.ended:
        return click.style(f"{line} Replace it: whatsapp-wizard rotate", fg="red")
    if token.seconds is None:
        return line
    line = f"{line}  {bar(token.share)}"
    if not token.soon:
        return line
    return click.style(f"{SIGNS[Status.WARN]} {line}  whatsapp-wizard rotate", fg="yellow")


def _as_dict(world: World, progress: Progress, keyring: Keyring) -> dict[str, Any]:
    token = expiry(progress, world)
    return {
        "schema": SCHEMA,
        "profile": world.profile,
        "keyring": {
            "backend": keyring.backend.name if keyring.backend else None,
            "finding": finding_for_vault_error(world.vault_error).id if world.vault_error else None,
        },
        "credentials": [
            {
                "name": name,
                "stored": world.values.get(name) is not None,
                "value": None if credential.secret else world.values.get(name),
                "outcome": tested.outcome if tested else None,
                "tested_at": tested.at.isoformat() if tested else None,
            }
            for name, credential in CREDENTIALS.items()
            for tested in [progress.tested.get(name) if world.values.get(name) else None]
        ],
        "portal": progress.portal,
        "machine": {NGROK_AUTHTOKEN.name: keyring.authtoken},
        "token": {
            "kind": progress.token_kind if world.values.access_token else None,
            "expires_at": progress.token_expires_at if world.values.access_token else None,
            "seconds_left": token.seconds if token else None,
            "ends_soon": token is not None and token.soon,
        },
    }
