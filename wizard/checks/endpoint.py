"""Our own endpoint: does it answer on this machine, where a run of ours said that it listens?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.questions import Questions
from wizard.findings import Finding, found
from wizard.webhook.probe import ProbeError, shake_hands


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    kept, token = questions.world.webhook, questions.values.verify_token
    url = kept.local_url
    if url is None or token is None or questions.world.target is not None:
        return
    try:
        answer = await shake_hands(url, token, marker=kept.marker)
    except ProbeError as error:
        yield found("webhook.not_listening", f"{url}: {error.detail}")
        return
    yield found("webhook.listening", f"{url} answers in {round(answer.seconds * 1000)} ms")


CHECK = Check("webhook", judge, rung="endpoint")
