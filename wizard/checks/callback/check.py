"""The callback URL met as Meta meets it: the one asked about, ours, or the one on record."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.diagnose import examine_callback
from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, Status, found, skipped
from wizard.graph import GraphError, Reason
from wizard.graph.callbacks import LEVELS

_NOBODY = {"webhook.connect", "webhook.dns", "webhook.timeout", "tunnel.offline"}


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    url, values = await _target(questions), questions.values
    if url is None:
        return
    before = await questions.not_restored()
    if before is not None and before.by == url:
        yield skipped("webhook", "webhook.not_restored")
        return
    secret = values.app_secret if questions.sendable("app_secret") else None
    marker = questions.world.webhook.marker
    async for finding in examine_callback(url, values.verify_token, secret, marker=marker):
        if finding.id == "webhook.signature_mismatch" and await _secret_is_wrong(questions):
            continue  # said of the App Secret itself
        if finding.id == "webhook.verified":
            questions.taken = url
        elif finding.status is Status.FAIL and questions.taken is None:
            questions.met = f"{url}: {finding.title}"
        yield _ours(questions, url, finding)


async def _secret_is_wrong(questions: Questions) -> bool:
    if questions.world.target is not None or not questions.paired:
        return False
    try:
        await questions.app()
    except GraphError as error:
        return error.reason in {Reason.SECRET_MISMATCH, Reason.APP_UNKNOWN}
    return False


def _ours(questions: Questions, url: str, finding: Finding) -> Finding:
    """Where nobody answers at a callback of our own, and nothing of ours runs, that is why."""
    kept = questions.world.webhook
    if finding.id in _NOBODY and url == kept.callback_url and kept.local_url is None:
        return found("webhook.not_listening", f"{url}: {finding.title}; listen is not running")
    return finding


async def _target(questions: Questions) -> str | None:
    if questions.own_callback is not None:
        return questions.own_callback
    in_force = await _in_force(questions)
    levels = (in_force[level] for level in LEVELS if in_force.get(level))
    return next(levels, None) or await _on_record(questions) or questions.world.webhook.callback_url


async def _in_force(questions: Questions) -> dict[str, str]:
    try:
        asked = questions.sendable("phone_number_id") and questions.sendable("access_token")
        return dict(await questions.in_force()) if asked else {}
    except GraphError:
        return {}


async def _on_record(questions: Questions) -> str | None:
    try:
        record = await questions.record() if questions.paired else None
    except GraphError:
        return None
    return record.callback_url if record else None


CHECK = Check("webhook", judge, rung="callback")
