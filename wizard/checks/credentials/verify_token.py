"""Verify token: its shape, and a handshake with the callback that is known to be ours."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.callback.handshake import judge_answer, no_answer
from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, Status, found
from wizard.values.credentials import Secret
from wizard.values.shapes import judge as judge_shape
from wizard.webhook.probe import ProbeError, shake_hands


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    token, url = questions.values.verify_token, questions.world.webhook.callback_url
    shape = judge_shape("verify_token", token)
    if shape.finding:
        yield found(shape.finding, shape.note)
    if questions.taken is not None:
        yield found("verify_token.valid", f"{questions.taken} took it")
    elif questions.met is not None or token is None or url is None:
        yield found("verify_token.untested", questions.met or "")
    else:
        answer = await _shaken(url, token, questions.world.webhook.marker)
        good = answer.status in {Status.PASS, Status.WARN}
        said = f"{url} took it" if good else f"{url}: {answer.title}"
        yield found("verify_token.valid" if good else "verify_token.untested", said)


async def _shaken(url: str, token: Secret, marker: str | None) -> Finding:
    try:
        return judge_answer(await shake_hands(url, token, marker=marker), url)
    except ProbeError as error:
        return no_answer(error)


CHECK = Check("verify_token", judge, after=("callback",))
