"""A real handshake by Meta, where it was allowed: the callback on record is set once more."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.handshake import judge_verdict
from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, found
from wizard.graph import GraphError
from wizard.graph.callbacks import verdict


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    if not questions.world.may_verify:
        return
    record, values = await questions.record(), questions.values
    if record is None or not values.app_id or not values.app_secret or not values.verify_token:
        return
    try:
        await questions.graph.callbacks.set_app(
            values.app_id,
            values.app_secret,
            record.callback_url,
            values.verify_token,
            sorted(record.fields),
        )
    except GraphError as error:
        told = verdict(error)
        if told is None:
            raise
        yield judge_verdict(told, record.callback_url)
        return
    yield found("webhook.verified", f"Meta called {record.callback_url} itself and was content")


CHECK = Check(
    "webhook",
    judge,
    needs=("app_id", "app_secret", "verify_token", "record"),
    rung="handshake",
)
