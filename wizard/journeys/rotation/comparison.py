"""What a new access token lacks that the old one had."""

from __future__ import annotations

from dataclasses import replace

from wizard.checks.context import CheckContext
from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, new_finding
from wizard.graph import GraphError, TokenInfo
from wizard.graph.errors import SILENT
from wizard.support.texts import printable
from wizard.values.credentials import Secret
from wizard.world import World

_OF_LOGIN = {"public_profile", "email", "openid"}
"""A person's token has some of these and a system user's none; nothing of WhatsApp's needs them."""


async def compare_tokens(trial: World, old: Secret | None) -> Finding | None:
    """What speaks against the trial's token beside the old one; `None` where nothing does, or
    where nobody can tell what the old one was."""
    if old is None:
        return None
    try:
        new = await _known(trial)
        before = await _remembered(replace(trial, values=trial.values.with_("access_token", old)))
    except GraphError as error:
        return finding_for_error(error)
    return _other_app(trial, new, before) or _lost(trial, new, before) or _left(trial, new, before)


def unexchanged(error: GraphError) -> Finding:
    """The finding for a token that Graph gives no long-lived one for."""
    if error.reason in SILENT:
        return finding_for_error(error)
    return new_finding("access_token.not_exchanged", error.evidence)


async def _known(world: World) -> TokenInfo:
    questions = CheckContext(world)
    try:
        return await questions.token()
    finally:
        await questions.close()


async def _remembered(world: World) -> TokenInfo:
    """What Graph still knows of the old token, which may have ended long ago."""
    try:
        return await _known(world)
    except GraphError as error:
        if error.reason in SILENT:
            raise
    return TokenInfo(app_id="")


def _other_app(trial: World, new: TokenInfo, before: TokenInfo) -> Finding | None:
    """Where the App ID is stored, the check of the token has compared it already."""
    if trial.values.app_id or not before.app_id or new.app_id == before.app_id:
        return None
    evidence = f"It belongs to app {_app(new)}; the stored one to {_app(before)}"
    return new_finding("access_token.other_app", evidence)


def _lost(trial: World, new: TokenInfo, before: TokenInfo) -> Finding | None:
    if before.scopes is None or new.scopes is None:
        return None
    lost = sorted(before.scopes - new.scopes - _OF_LOGIN)
    if not lost:
        return None
    evidence = f"The stored one has {', '.join(lost)}; the new one doesn't"
    return new_finding("access_token.lost_permission", evidence, app_id=trial.values.app_id)


def _left(trial: World, new: TokenInfo, before: TokenInfo) -> Finding | None:
    """The accounts that were left out, where no WABA ID is stored to compare with."""
    if trial.values.waba_id or not new.granted or not before.granted - new.granted:
        return None
    left = ", ".join(sorted(before.granted - new.granted))
    evidence = f"The stored one is granted for {left}; the new one isn't"
    return new_finding("access_token.no_grant", evidence, app_id=trial.values.app_id)


def _app(info: TokenInfo) -> str:
    name = printable(info.app_name)
    return f'"{name}" {info.app_id}' if name else info.app_id
