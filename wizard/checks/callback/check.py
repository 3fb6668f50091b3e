"""The callback URL met as Meta meets it: the one asked about, ours, or the one on record."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.diagnose import OF_TOKEN, Terms, diagnose_callback
from wizard.checks.callback.proof import takes_our_signature
from wizard.checks.context import CheckContext
from wizard.findings import Finding, Status, catalogue, new_finding, skipped
from wizard.graph import GraphError, Reason
from wizard.graph.callbacks import LEVELS

_OF_APP = "application"
_NOBODY = {"webhook.connect", "webhook.dns", "webhook.timeout", "tunnel.offline"}


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    url, values = await _target(context), context.values
    if url is None:
        return
    before = await context.not_restored()
    if before is not None and before.by == url:
        yield skipped("webhook", "webhook.not_restored")
        return
    secret = values.app_secret if context.sendable("app_secret") else None
    marker = context.world.webhook.marker
    terms = Terms(
        may_deliver=context.world.may_deliver, is_verified=lambda: _has_verified(context, url)
    )
    diagnosis = diagnose_callback(
        url, values.verify_token, secret, marker=marker, terms=terms, proof=context.proof
    )
    async for finding in diagnosis:
        if finding.id == "webhook.signature_mismatch" and await _secret_is_wrong(context):
            continue  # said of the App Secret itself
        if finding.id == "webhook.accepts_any_token":
            context.proof.token = False
        if finding.id == "webhook.verified":
            context.taken = url
        elif context.taken is None and catalogue()[finding.id].status is Status.FAIL:
            context.met = f"{url}: {finding.title}"
        yield _ours(context, url, finding)
        is_refused = finding.id in OF_TOKEN and finding.status is Status.FAIL
        if is_refused and secret is not None and context.may_prove:
            context.proof.signature = await takes_our_signature(url, secret, marker)


async def _has_verified(context: CheckContext, url: str) -> bool:
    """Whether Meta's record is active with this very URL, or an override names it."""
    in_force = await _in_force(context)
    if url in {in_force.get(level) for level in LEVELS if level != _OF_APP or not context.paired}:
        return True
    try:
        record = await context.record() if context.paired else None
    except GraphError:
        record = None
    if record is not None and record.active and record.callback_url == url:
        return True
    # Of a stranger's URL the account is not asked.
    override = await context.override() if context.world.target is None else None
    return override is not None and override.url == url


async def _secret_is_wrong(context: CheckContext) -> bool:
    if context.world.target is not None or not context.paired:
        return False
    try:
        await context.app()
    except GraphError as error:
        return error.reason in {Reason.SECRET_MISMATCH, Reason.APP_UNKNOWN}
    return False


def _ours(context: CheckContext, url: str, finding: Finding) -> Finding:
    """Where nobody answers at a callback of our own, and nothing of ours runs, that is why."""
    kept = context.world.webhook
    if finding.id in _NOBODY and url == kept.callback_url and kept.local_url is None:
        return new_finding(
            "webhook.not_listening", f"{url}: {finding.title}; listen is not running"
        )
    return finding


async def _target(context: CheckContext) -> str | None:
    if context.own_callback is not None:
        return context.own_callback
    if (override := await context.override()) is not None:
        return override.url
    of_app = (await _in_force(context)).get(_OF_APP)
    return of_app or await _on_record(context) or context.world.webhook.callback_url


async def _in_force(context: CheckContext) -> dict[str, str]:
    try:
        asked = context.sendable("phone_number_id") and context.sendable("access_token")
        return dict(await context.webhook_configuration()) if asked else {}
    except GraphError:
        return {}


async def _on_record(context: CheckContext) -> str | None:
    try:
        record = await context.record() if context.paired else None
    except GraphError:
        return None
    return record.callback_url if record else None
