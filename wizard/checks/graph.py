"""The Graph API: does anything answer, and in which version?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.questions import Questions
from wizard.findings import Finding, found


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    heard = await questions.first_answer()
    yield found("graph.ok", f"{heard.served} answered in {heard.milliseconds} ms")
    if heard.served != heard.asked:
        yield found("graph.version_retired", f"asked {heard.asked}, {heard.served} answered")


CHECK = Check("graph", judge)
