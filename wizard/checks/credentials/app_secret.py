"""App Secret: does it belong to the app?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, found
from wizard.graph import GraphError, Reason
from wizard.values.shapes import Shape
from wizard.values.shapes import judge as judge_shape


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    app_id = questions.app_id
    try:
        await questions.app()
    except GraphError as error:
        if error.reason is Reason.APP_TOKEN_REFUSED:
            yield found("app_secret.app_token_refused", error.evidence, app_id=app_id)
        elif error.reason is Reason.SECRET_MISMATCH:
            yield _refused(questions, error.evidence)
        else:
            raise
    else:
        yield found("app_secret.valid", "App ID and App Secret are a pair", app_id=app_id)


def _refused(questions: Questions, evidence: str) -> Finding:
    """Graph alone can refuse a secret; its shape then tells why."""
    app_id, secret = questions.app_id, questions.values.app_secret
    shape = judge_shape("app_secret", secret)
    if shape.shape is Shape.GOOD:
        return found("app_secret.mismatch", evidence, app_id=app_id)
    return found("app_secret.malformed", f"{evidence}; {shape.note}", app_id=app_id)


CHECK = Check("app_secret", judge, asks=(Questions.app,), needs=("app_id",))
