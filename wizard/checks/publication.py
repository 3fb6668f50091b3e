"""What the API does not show: whether the app is published, and whether an agent of Meta's takes
the messages. Possibilities, and never failures."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    met = context.taken or context.met
    if not context.world.webhook.heard and met is not None:
        yield new_finding("webhook.app_unpublished", app_id=context.app_id)
        if not context.world.webhook.standby:
            yield new_finding("webhook.standby", app_id=context.app_id)
