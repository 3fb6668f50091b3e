"""What a discovery found, as lines and as JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import click

from wizard.cli.output.reports import finding_lines
from wizard.findings import Status
from wizard.graph import Number
from wizard.journeys.discovery.accounts import Account
from wizard.journeys.discovery.discovery import Discovered
from wizard.support.texts import printable
from wizard.support.times import in_words
from wizard.values.credentials import CREDENTIALS, Values

_LONG = 300


def lines(discovered: Discovered) -> Iterator[str]:
    """The app, the token, and every account with its numbers, counted as one may choose them."""
    if discovered.app_id:
        named = f"{printable(discovered.app_name)}, " if discovered.app_name else ""
        yield f"App             {named}App ID {discovered.app_id}"
        yield f"Access token    {_lifetime(discovered)}"
        if discovered.permissions is not None:
            yield f"Permissions     {printable(', '.join(discovered.permissions), _LONG) or 'none'}"
    place = 0
    for account in discovered.accounts:
        yield ""
        name = click.style(printable(account.name) or "A WABA", bold=True)
        yield f"{name}, WABA ID {account.waba_id}"
        if account.error:
            yield f"      {printable(account.error, _LONG)}"
            continue
        for number in account.numbers or (None,):
            place += 1
            yield f"  {place:>2}  {_about(number) if number else 'no phone number yet'}"
    for finding in discovered.report.findings:
        if finding.status is Status.WARN:
            yield ""
            yield from finding_lines(finding)


def missing_lines(names: Sequence[str]) -> Iterator[str]:
    """What the token leads to none of, and how each of it comes in."""
    for name in names:
        one = CREDENTIALS[name]
        yield f"Still missing: {one.label} (step {one.step}): whatsapp-wizard set {name}"


def as_dict(discovered: Discovered, known: Values, stored: Sequence[str]) -> dict[str, Any]:
    """The report, and beside it what was found; `choose` names what there are several of, and
    `missing` what there is none of."""
    report, permissions = discovered.report.as_dict(), discovered.permissions
    return {
        "schema": report.pop("schema"),
        "profile": report.pop("profile"),
        "app": {"id": discovered.app_id, "name": discovered.app_name or None},
        "token": {
            "kind": discovered.kind,
            "expires_at": discovered.expires_at,
            "permissions": None if permissions is None else list(permissions),
        },
        "accounts": [_account(account) for account in discovered.accounts],
        "choose": list(discovered.several(known)),
        "missing": list(discovered.missing(known)),
        "stored": list(stored),
        **report,
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "waba_id": account.waba_id,
        "name": account.name or None,
        "trouble": account.error or None,
        "numbers": [
            {
                "phone_number_id": number.id,
                "display": number.display,
                "verified_name": number.name,
                "quality": number.quality or None,
                "test": number.is_test,
            }
            for number in account.numbers
        ],
    }


def _about(number: Number) -> str:
    parts = [
        printable(number.about),
        "a test number" if number.is_test else "",
        f"quality {printable(number.quality)}" if number.quality else "",
        f"ID {number.id}",
    ]
    return ", ".join(filter(None, parts))


def _lifetime(discovered: Discovered) -> str:
    kind, end = discovered.kind or "valid", discovered.expires_at
    if not end:
        return "expiry unknown" if end is None else f"{kind}, never expires"
    return f"{kind}, expires in {in_words(end - time.time())}"
