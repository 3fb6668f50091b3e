"""Faults of the access token and the verify token."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wizard.simulator.faults.definitions import Break, Scenario, change_meta, with_value, without
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import (
    APP_REMOVED,
    CHECKPOINT,
    LOGGED_OUT,
    MANAGEMENT,
    MESSAGING,
    PASSWORD_CHANGED,
    Ended,
)
from wizard.simulator.world.state import DAY, HOUR


def _ended(reason: Ended) -> Break:
    def end(meta: Meta) -> None:
        meta.token.ended = reason

    return change_meta(end)


def _ends_in(seconds: float) -> Break:
    def shorten(meta: Meta) -> None:
        meta.token.issued_at = min(meta.token.issued_at, meta.now() + seconds - HOUR)
        meta.token.expires_at = meta.now() + seconds

    return change_meta(shorten)


def _scopes(scopes: Iterable[str]) -> Break:
    def narrow(meta: Meta) -> None:
        meta.token.scopes = tuple(scopes)

    return change_meta(narrow)


def _ungranted(hides: bool) -> Callable[[Meta], None]:
    def change(meta: Meta) -> None:
        meta.token.wabas = [meta.other_waba]
        meta.hides_unseen = hides

    return change


def _blocked(meta: Meta) -> None:
    meta.token.blocked = True


def _all_accounts(meta: Meta) -> None:
    meta.token.wabas = list(meta.wabas)
    meta.token.names_targets = False


def _token(meta: Meta) -> str:
    return meta.token.text.reveal()


SCENARIOS = (
    Scenario(
        "access_token.valid",
        "A system user's token never expires.",
        with_value("access_token", lambda meta: meta.system_token.text.reveal()),
    ),
    Scenario(
        "access_token.valid/all_accounts",
        "The token is granted for all WABAs, so Meta lists none of them.",
        change_meta(_all_accounts),
    ),
    Scenario("access_token.missing", "There is no access token.", without("access_token")),
    Scenario(
        "access_token.malformed",
        "The end of the token was not copied.",
        with_value("access_token", lambda meta: _token(meta)[:-31]),
    ),
    Scenario(
        "access_token.malformed/echoed",
        "The token has a stray character, and Meta's answer repeats the whole token.",
        with_value("access_token", lambda meta: f"{_token(meta)[:90]}_{_token(meta)[90:]}"),
    ),
    Scenario(
        "access_token.malformed/other_product",
        "The token belongs to Instagram.",
        with_value("access_token", lambda meta: "IGAA" + _token(meta)[3:]),
    ),
    Scenario("access_token.expired", "The token expired an hour ago.", _ends_in(-HOUR)),
    Scenario("access_token.revoked", "The person logged out.", _ended(LOGGED_OUT)),
    Scenario(
        "access_token.revoked/password_changed",
        "The person changed the password.",
        _ended(PASSWORD_CHANGED),
    ),
    Scenario(
        "access_token.revoked/app_removed",
        "The person removed the app's access.",
        _ended(APP_REMOVED),
    ),
    Scenario(
        "access_token.other_app",
        "The token was generated while another app was open.",
        with_value("access_token", lambda meta: meta.other_token.text.reveal()),
    ),
    Scenario(
        "access_token.no_permission", "The token can read, but not send.", _scopes([MANAGEMENT])
    ),
    Scenario(
        "access_token.no_permission/management",
        "The token can send, but not read.",
        _scopes([MESSAGING]),
    ),
    Scenario(
        "access_token.no_permission/none",
        "The token has neither of the WhatsApp permissions.",
        _scopes(["public_profile"]),
    ),
    Scenario(
        "access_token.no_grant",
        "The token was granted for another WABA, so this one doesn't seem to exist.",
        change_meta(_ungranted(hides=True)),
    ),
    Scenario(
        "access_token.no_grant/said",
        "The token was granted for another WABA, and Meta reports a missing permission.",
        change_meta(_ungranted(hides=False)),
    ),
    Scenario("access_token.expires_soon", "The token expires in 30 minutes.", _ends_in(HOUR / 2)),
    Scenario(
        "access_token.expires_soon/long_lived",
        "A long-lived token expires in 3 days.",
        _ends_in(3 * DAY),
    ),
    Scenario(
        "access_token.is_app_token",
        "App ID, bar and App Secret are given as the token.",
        with_value("access_token", lambda meta: meta.app.token.reveal()),
    ),
    Scenario(
        "access_token.is_app_token/issued",
        "An app token is given as the access token.",
        with_value("access_token", lambda meta: meta.issue_app_token(meta.app).text.reveal()),
    ),
    Scenario("access_token.blocked", "Meta blocks the app's calls.", change_meta(_blocked)),
    Scenario(
        "access_token.blocked/checkpoint",
        "The person must pass a security check on facebook.com.",
        _ended(CHECKPOINT),
    ),
    Scenario("verify_token.missing", "There is no verify token.", without("verify_token")),
    Scenario(
        "verify_token.weak",
        "The verify token is a word.",
        with_value("verify_token", lambda _: "hello"),
    ),
    Scenario(
        "verify_token.whitespace",
        "The verify token contains a space.",
        with_value("verify_token", lambda _: "correct horse battery staple"),
    ),
    Scenario(
        "verify_token.special_characters",
        "The verify token is base64.",
        with_value("verify_token", lambda _: "q83vEjRWeJCrze8SNFZ4kA+/=="),
    ),
    Scenario(
        "verify_token.masked",
        "The dots that the portal shows stand in place of the verify token.",
        with_value("verify_token", lambda _: "••••••••••"),
    ),
    Scenario(
        "verify_token.is_access_token",
        "The access token stands in place of the verify token.",
        with_value("verify_token", lambda meta: meta.token.text.reveal()),
    ),
)
