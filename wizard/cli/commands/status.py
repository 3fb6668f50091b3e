"""`status`: what is stored, masked; no network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from wizard.cli.input.options import json_option, profile_option
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.output.lines import say, say_all, say_once
from wizard.cli.output.waiting import say_waiting
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.onboarding.token_expiry import Expiry, expiry_stored
from wizard.journeys.profiles.listing import ProfileInfo, list_profiles
from wizard.journeys.webhook.pending_restore import not_restored
from wizard.settings import Settings
from wizard.state import Progress, ReplacedCallback, StateError, StateFile
from wizard.support.times import bar, in_words
from wizard.values.credentials import CREDENTIALS, MASK, NGROK_AUTHTOKEN, Values, shown
from wizard.vault.glance import Held, glance

_EXAMPLES = """\b
Examples:
  whatsapp-wizard status
  whatsapp-wizard status --profile shop
  whatsapp-wizard status --json
"""


@click.command(epilog=_EXAMPLES)
@json_option
@profile_option
def status(as_json: bool, profile: str | None) -> int:
    """Show stored credentials, masked, and when the token expires.

    Shows one line for each other profile.
    """
    settings = settings_for(profile)
    state = state_file(settings)
    known = _known(state)
    progress = next((one.progress for one in known if one.name == settings.profile), Progress())
    held = glance(settings.profile, say_waiting)
    if as_json:
        _say_json(settings, state, known, progress, held)
    elif held.error is not None:
        from wizard.checks.keyring_errors import finding_for_vault_error
        from wizard.cli.output.reports import problem_lines

        say_all(problem_lines(finding_for_vault_error(held.error)))
    else:
        say_all(_lines(settings, progress, held))
        if len(known) > 1:
            from wizard.cli.output.profiles import all_profiles_line

            say_all(["", "Profiles", *all_profiles_line(known, settings)])
    return 4 if held.error is not None else 0


def _say_json(
    settings: Settings,
    state: StateFile,
    known: list[ProfileInfo],
    progress: Progress,
    held: Held,
) -> None:
    from wizard.cli.output.json_text import json_text
    from wizard.cli.output.profiles import profile_dict
    from wizard.cli.output.replaced import not_restored_dict

    said = _as_dict(settings, progress, held)
    profiles = [profile_dict(one, settings) for one in known]
    left = [not_restored_dict(one) for one in _not_restored(state, settings.profile)]
    say(json_text({**said, "not_restored": left, "profiles": profiles}))


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


def _lines(settings: Settings, progress: Progress, held: Held) -> Iterator[str]:
    if any(held.values.present()):
        where = held.backend.name if held.backend else "no keyring"
        yield from (
            f"Profile {settings.profile}, {where}",
            "",
            *_credentials(held.values, progress),
        )
    else:
        from wizard.cli.output.reports import nothing_stored, wrapped

        yield from wrapped(nothing_stored(settings.profile))
    if held.has_authtoken:
        whose = click.style("for this machine, all profiles", dim=True)
        yield f"  {NGROK_AUTHTOKEN.label:<16} {MASK:<18} {whose}"
    if progress.portal:
        yield from _portal(progress.portal)
    if left := _left(_expiry(settings, progress, held)):
        yield ""
        yield f"  {left}"


def _portal(name: str) -> Iterator[str]:
    from wizard.portal import layouts

    if layout := layouts().get(name):
        yield f"  {'Portal':<16} {layout.name:<18} {click.style(layout.sign, dim=True)}"


def _credentials(values: Values, progress: Progress) -> Iterator[str]:
    now = datetime.now(UTC)
    for name, credential in CREDENTIALS.items():
        value = shown(values.get(name)) or "–"
        yield f"  {credential.label:<16} {value:<18} {_tested(progress, name, now, values)}"


def _tested(progress: Progress, name: str, now: datetime, values: Values) -> str:
    if values.get(name) is None:
        return click.style("missing", dim=True)
    tested = progress.tested.get(name)
    if tested is None or tested.outcome == CheckOutcome.UNTESTED:
        return click.style("stored, not tested", dim=True)
    ago = in_words((now - tested.at).total_seconds())
    colour = "green" if tested.outcome == CheckOutcome.PASSED else "red"
    return f"{click.style(tested.outcome, fg=colour)}, tested {ago} ago"


def _expiry(settings: Settings, progress: Progress, held: Held) -> Expiry | None:
    if held.values.access_token is None:
        return None
    return expiry_stored(progress, settings.warn_ahead)


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
    from wizard.findings import SIGNS, Status

    return click.style(f"{SIGNS[Status.WARN]} {line}  whatsapp-wizard rotate", fg="yellow")


def _as_dict(settings: Settings, progress: Progress, held: Held) -> dict[str, Any]:
    from wizard.checks.keyring_errors import finding_for_vault_error
    from wizard.findings import SCHEMA

    token = _expiry(settings, progress, held)
    return {
        "schema": SCHEMA,
        "profile": settings.profile,
        "keyring": {
            "backend": held.backend.name if held.backend else None,
            "finding": finding_for_vault_error(held.error).id if held.error else None,
        },
        "credentials": [
            {
                "name": name,
                "stored": held.values.get(name) is not None,
                "value": None if credential.secret else held.values.get(name),
                "outcome": tested.outcome if tested else None,
                "tested_at": tested.at.isoformat() if tested else None,
            }
            for name, credential in CREDENTIALS.items()
            for tested in [progress.tested.get(name) if held.values.get(name) else None]
        ],
        "portal": progress.portal,
        "machine": {NGROK_AUTHTOKEN.name: held.has_authtoken},
        "token": {
            "kind": progress.token_kind if held.values.access_token else None,
            "expires_at": progress.token_expires_at if held.values.access_token else None,
            "seconds_left": token.seconds if token else None,
            "ends_soon": token is not None and token.soon,
        },
    }
