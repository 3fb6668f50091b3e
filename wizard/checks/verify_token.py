"""Verify token: a value of our own making, so only its shape can be judged without a webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.questions import Questions
from wizard.findings import Finding, found
from wizard.shapes import judge as judge_shape


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    shape = judge_shape("verify_token", questions.values.verify_token)
    if shape.finding:
        yield found(shape.finding, shape.note)
    yield found("verify_token.untested")


CHECK = Check("verify_token", judge)
