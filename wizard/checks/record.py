"""Meta's record: whom does it call for this app, for what, and does a lower level go before?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.handshake import judge_answer, no_answer
from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, Status, found, skipped
from wizard.graph import GraphError
from wizard.graph.callbacks import FIELD, Subscription
from wizard.webhook.probe import ProbeError, shake_hands

_OVERRIDES = ("phone_number", "whatsapp_business_account")
_GONE = {"webhook.dns", "webhook.connect", "webhook.timeout", "tunnel.offline"}


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    if await questions.not_restored() is not None:
        yield skipped("webhook", "webhook.not_restored")
        return
    app_id, record = questions.app_id, await questions.record()
    if record is None:
        yield found("webhook.not_registered", app_id=app_id)
        return
    if not record.active:
        yield found("webhook.inactive", f"Meta has {record.callback_url}", app_id=app_id)
        return
    target = questions.own_callback
    elsewhere = await _override(questions)
    if elsewhere is not None and target not in {None, elsewhere}:
        yield found("webhook.overridden", f"Its messages go to {elsewhere}", app_id=app_id)
    elif elsewhere is None and target not in {None, record.callback_url}:
        yield await _another(questions, record)
        return
    if FIELD not in record.fields:
        said = ", ".join(sorted(record.fields)) or "no field at all"
        yield found("webhook.field_missing", f"Subscribed: {said}", app_id=app_id)
    elif elsewhere in {None, target}:
        yield found("webhook.registered", f"Meta calls {elsewhere or record.callback_url}")


async def _override(questions: Questions) -> str | None:
    """The callback that goes before the app's for this number; `None` where there is none, or
    where nobody may ask."""
    if not questions.sendable("phone_number_id") or not questions.sendable("access_token"):
        return None
    try:
        in_force = await questions.in_force()
    except GraphError:
        return None
    return next((in_force[level] for level in _OVERRIDES if in_force.get(level)), None)


async def _another(questions: Questions, record: Subscription) -> Finding:
    """Whether the other URL is an old one of ours, or somebody else's: that one still answers."""
    url, token = record.callback_url, questions.values.verify_token
    kept = questions.world.webhook
    if url in {kept.callback_url, *(one.by for one in kept.replaced)} or token is None:
        return found("webhook.stale_url", f"Meta calls {url}", app_id=questions.app_id)
    try:
        answer = judge_answer(await shake_hands(url, token), url)
    except ProbeError as error:
        answer = no_answer(error)
    if answer.id in _GONE:
        said = f"Meta calls {url}; {answer.title[0].lower()}{answer.title[1:]}"
        return found("webhook.stale_url", said, app_id=questions.app_id)
    taken = "takes your verify token" if answer.status is Status.PASS else "is not this one"
    said = f"Meta calls {url}, where a server answers that {taken}"
    return found("webhook.shared_app", said, app_id=questions.app_id)


CHECK = Check(
    "webhook",
    judge,
    asks=(Questions.record, Questions.in_force),
    needs=("app_id", "app_secret"),
    rung="record",
)
