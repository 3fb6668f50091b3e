"""Meta's record: whom does it call for this app, for what, and does a lower level go before?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.handshake import finding_for_probe_error, finding_for_response
from wizard.checks.check import Check
from wizard.checks.context import CheckContext
from wizard.findings import Finding, Status, new_finding, skipped
from wizard.graph import GraphError
from wizard.graph.callbacks import FIELD, Subscription
from wizard.webhook.probe import ProbeError, handshake

_OVERRIDES = ("phone_number", "whatsapp_business_account")
_GONE = {
    "webhook.dns",
    "webhook.connect",
    "webhook.timeout",
    "webhook.no_deployment",
    "tunnel.offline",
}


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    if await context.not_restored() is not None:
        yield skipped("webhook", "webhook.not_restored")
        return
    app_id, record = context.app_id, await context.record()
    if record is None:
        yield new_finding("webhook.not_registered", app_id=app_id)
        return
    if not record.active:
        yield new_finding("webhook.inactive", f"Meta has {record.callback_url}", app_id=app_id)
        return
    target = context.own_callback
    elsewhere = await _override(context)
    if elsewhere is not None and target not in {None, elsewhere}:
        yield new_finding("webhook.overridden", f"Its messages go to {elsewhere}", app_id=app_id)
    elif elsewhere is None and target not in {None, record.callback_url}:
        yield await _another(context, record)
        return
    if FIELD not in record.fields:
        said = ", ".join(sorted(record.fields)) or "no field"
        yield new_finding("webhook.field_missing", f"Subscribed: {said}", app_id=app_id)
    elif elsewhere in {None, target}:
        yield new_finding("webhook.registered", f"Meta calls {elsewhere or record.callback_url}")


async def _override(context: CheckContext) -> str | None:
    """The callback that goes before the app's for this number; `None` where there is none, or
    where nobody may ask."""
    if not context.sendable("phone_number_id") or not context.sendable("access_token"):
        return None
    try:
        in_force = await context.webhook_configuration()
    except GraphError:
        return None
    return next((in_force[level] for level in _OVERRIDES if in_force.get(level)), None)


async def _another(context: CheckContext, record: Subscription) -> Finding:
    """Whether the other URL is an old one of ours, or somebody else's: that one still answers."""
    url, token = record.callback_url, context.values.verify_token
    kept = context.world.webhook
    if url in {kept.callback_url, *(one.by for one in kept.replaced)} or token is None:
        return new_finding("webhook.stale_url", f"Meta calls {url}", app_id=context.app_id)
    try:
        answer = finding_for_response(await handshake(url, token), url)
    except ProbeError as error:
        answer = finding_for_probe_error(error)
    if answer.id in _GONE:
        said = f"Meta calls {url}; {answer.title[0].lower()}{answer.title[1:]}"
        return new_finding("webhook.stale_url", said, app_id=context.app_id)
    taken = "accepts your verify token" if answer.status is Status.PASS else "is not this one"
    said = f"Meta calls {url}, where a server answers that {taken}"
    return new_finding("webhook.shared_app", said, app_id=context.app_id)


CHECK = Check(
    "webhook",
    run,
    prefetch=(CheckContext.record, CheckContext.webhook_configuration),
    needs=("app_id", "app_secret"),
    rung="record",
)
