"""Meta's record: whom does it call for this app, for what, and does a lower level go before?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace

from wizard.checks.callback.handshake import finding_for_probe_error, finding_for_response
from wizard.checks.context import CheckContext
from wizard.checks.facts import Override
from wizard.findings import Finding, Status, new_finding, skipped
from wizard.graph.callbacks import FIELD, Subscription
from wizard.webhook.probe import ProbeError, handshake

_GONE = {
    "webhook.dns",
    "webhook.connect",
    "webhook.timeout",
    "webhook.no_deployment",
    "tunnel.offline",
}
_STANDBY = "Messages have arrived on standby"


def _told(override: Override, record: Subscription | None) -> str:
    app = f"the app's own is {record.callback_url}" if record else "the app has none"
    return f"Meta calls {override.url}, an override of {override.level}; {app}"


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    if await context.not_restored() is not None:
        yield skipped("webhook", "webhook.not_restored")
        return
    app_id, record, override = context.app_id, await context.record(), await context.override()
    told = [_told(override, record)] if override else []
    if record is None:
        evidence = "; ".join([*_of_other_objects(await context.hooks()), *told])
        yield new_finding("webhook.not_registered", evidence, app_id=app_id)
        return
    if not record.active:
        evidence = "; ".join([f"Meta has {record.callback_url}", *told])
        yield new_finding("webhook.inactive", evidence, app_id=app_id)
        return
    if override is None and context.own_callback not in {None, record.callback_url}:
        yield await _another(context, record)
        return
    for finding in _in_force(context, record, override):
        yield finding


def _in_force(
    context: CheckContext, record: Subscription, override: Override | None
) -> Iterator[Finding]:
    """What is to be said of a record that is active, and of what goes before it."""
    app_id, target = context.app_id, context.own_callback
    told = _told(override, record) if override else f"Meta calls {record.callback_url}"
    is_missed = override is not None and target not in {None, override.url}
    if is_missed or (override is not None and override.url not in {target, record.callback_url}):
        finding = new_finding("webhook.overridden", told, app_id=app_id)
        # Where nobody has said which URL it should be, this one may well be meant.
        yield finding if is_missed else replace(finding, status=Status.WARN)
    if FIELD not in record.fields:
        said = ", ".join(sorted(record.fields)) or "no field"
        yield new_finding("webhook.field_missing", f"Subscribed: {said}", app_id=app_id)
    elif not is_missed:
        yield new_finding("webhook.registered", told)
    if context.world.webhook.standby:
        yield replace(new_finding("webhook.standby", app_id=app_id), title=_STANDBY)


def _of_other_objects(hooks: Iterable[Subscription]) -> list[str]:
    """The callbacks that stand under other kinds of object, where WhatsApp's events never come."""
    return [f'The object "{hook.object}" has {hook.callback_url}' for hook in hooks]


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
