"""Our own endpoint: does it answer on this machine, where a run of ours said that it listens, and
did such a run leave its callback at Meta in the place of another?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, Status, found
from wizard.state import Replaced
from wizard.webhook.probe import ProbeError, shake_hands


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    if (before := await questions.not_restored()) is not None:
        yield replace(_not_restored(questions, before), status=Status.FAIL)
        return
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


def _not_restored(questions: Questions, before: Replaced) -> Finding:
    was = before.callback_url or "none of its own"
    said = f"Meta calls {before.by}, where nobody listens any more; before, it called {was}"
    return found("webhook.not_restored", said, app_id=questions.app_id)


CHECK = Check("webhook", judge, rung="endpoint")
