"""Whether the app is published, which the API does not show: a possibility, and never a failure."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    met = context.taken or context.met
    if not context.world.webhook.heard and met is not None:
        yield new_finding("webhook.app_unpublished", app_id=context.app_id)


CHECK = Check(
    "webhook",
    run,
    needs=("callback", "record", "subscription"),
    rung="publication",
)
