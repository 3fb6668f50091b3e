"""Faults of the App ID and the App Secret."""

from __future__ import annotations

from wizard.simulator.faults.definitions import Scenario, change_meta, with_value, without
from wizard.simulator.meta import Meta
from wizard.simulator.world import fake_ids


def _mistyped(meta: Meta) -> str:
    app_id = meta.app.id
    return app_id[:-1] + str((int(app_id[-1]) + 1) % 10)


def _native(meta: Meta) -> None:
    meta.app.native = True


SCENARIOS = (
    Scenario("app_id.missing", "There is no App ID.", without("app_id")),
    Scenario(
        "app_id.malformed",
        "The app's name is given as its ID.",
        with_value("app_id", lambda meta: meta.app.name),
    ),
    Scenario(
        "app_id.unknown", "One digit of the App ID is wrong.", with_value("app_id", _mistyped)
    ),
    Scenario("app_secret.missing", "There is no App Secret.", without("app_secret")),
    Scenario(
        "app_secret.malformed",
        "The access token is given as the App Secret.",
        with_value("app_secret", lambda meta: meta.token.text.reveal()),
    ),
    Scenario(
        "app_secret.mismatch",
        "The App Secret was reset in the portal after it was copied.",
        with_value("app_secret", lambda meta: fake_ids.hexadecimal(meta.seed, "secret before", 32)),
    ),
    Scenario(
        "app_secret.malformed/cut_short",
        "The last character of the App Secret was not copied.",
        with_value("app_secret", lambda meta: meta.app.secret.reveal()[:-1]),
    ),
    Scenario(
        "app_secret.mismatch/other_app",
        "The App Secret belongs to another app.",
        with_value("app_secret", lambda meta: meta.other_app.secret.reveal()),
    ),
    Scenario(
        "app_secret.app_token_refused",
        "The app is set up as a native or desktop app.",
        change_meta(_native),
    ),
)
