"""A real handshake by Meta, where it was allowed: the callback on record is set once more."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.handshake import finding_for_callback_failure
from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding
from wizard.graph import GraphError
from wizard.graph.callbacks import parse_callback_failure


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    if not context.world.may_verify:
        return
    record, values = await context.record(), context.values
    if record is None or not values.app_id or not values.app_secret or not values.verify_token:
        return
    try:
        await context.graph.callbacks.set_app_subscription(
            values.app_id,
            values.app_secret,
            record.callback_url,
            values.verify_token,
            sorted(record.fields),
        )
    except GraphError as error:
        told = parse_callback_failure(error)
        if told is None:
            raise
        yield finding_for_callback_failure(told, record.callback_url)
        return
    yield new_finding("webhook.verified", f"Meta verified {record.callback_url}")
