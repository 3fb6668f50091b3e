"""Profiles in a line each, from what is remembered of them; the keyring is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.onboarding.token_expiry import Expiry, expiry_stored
from wizard.journeys.profiles.listing import ProfileInfo
from wizard.settings import Settings
from wizard.values.credentials import CREDENTIALS

_MOST = 20


def profile_lines(known: Iterable[ProfileInfo], settings: Settings) -> Iterator[str]:
    """Name, last tests and the token's end of each; the one in use bears a mark."""
    known = list(known)
    wide = max(len(one.name) for one in known)
    for one in known:
        here = one.name == settings.profile
        sign = click.style("▸", fg="green") if here else " "
        name = click.style(f"{one.name:<{wide}}", bold=here)
        token = _life(one, settings)
        portal = f"  portal {one.progress.portal}" if one.progress.portal else ""
        yield f"{sign} {name}  {_tested(one)}" + (f"  {_token(token)}" if token else "") + portal
        if one.unfinished:
            yield click.style(f"{' ' * (wide + 4)}{one.unfinished}", fg="yellow")


def all_profiles_line(known: list[ProfileInfo], settings: Settings) -> Iterator[str]:
    """The same of as many as one can look over, those first that want something."""
    shown = sorted(known, key=lambda one: not _wants(one, settings))[:_MOST]
    yield from profile_lines(shown, settings)
    if left := len(known) - len(shown):
        yield f"  and {left} more: whatsapp-wizard profile list"


def profile_dict(one: ProfileInfo, settings: Settings) -> dict[str, Any]:
    """The same for a program."""
    token = _life(one, settings)
    return {
        "name": one.name,
        "current": one.name == settings.profile,
        "passed": one.having(CheckOutcome.PASSED),
        "failed": one.having(CheckOutcome.FAILED),
        "token": {
            "kind": one.progress.token_kind,
            "expires_at": one.progress.token_expires_at,
            "seconds_left": token.seconds if token else None,
            "ends_soon": token is not None and token.soon,
        },
        "portal": one.progress.portal,
        "taken_from": one.taken_from,
        "moved_to": one.moved_to,
    }


def _wants(one: ProfileInfo, settings: Settings) -> bool:
    token = _life(one, settings)
    return bool(one.having(CheckOutcome.FAILED) or one.unfinished) or (
        token is not None and token.soon
    )


def _tested(one: ProfileInfo) -> str:
    passed, failed = one.having(CheckOutcome.PASSED), one.having(CheckOutcome.FAILED)
    said = f"{len(passed)} of {len(CREDENTIALS)} passed"
    if failed:
        labels = ", ".join(CREDENTIALS[name].label for name in failed)
        return f"{said}, " + click.style(f"failed: {labels}", fg="red")
    return said if passed else click.style("nothing tested", dim=True)


def _life(one: ProfileInfo, settings: Settings) -> Expiry | None:
    return expiry_stored(one.progress, settings.warn_ahead)


def _token(token: Expiry) -> str:
    said = f"token {token.words}"
    if token.ended:
        return click.style(said, fg="red")
    return click.style(said, fg="yellow") if token.soon else said
