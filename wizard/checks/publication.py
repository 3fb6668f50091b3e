"""Whether the app is published, which the API does not show: a possibility, and never a failure."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, found


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    if not questions.world.webhook.heard and questions.taken is not None:
        yield found("webhook.app_unpublished", app_id=questions.app_id)


CHECK = Check(
    "webhook",
    judge,
    needs=("callback", "record", "subscription"),
    rung="publication",
)
