"""App Secret: does it belong to the app?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding
from wizard.graph import GraphError, Reason
from wizard.values.shapes import Shape
from wizard.values.shapes import check_shape as judge_shape


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    app_id = context.app_id
    try:
        await context.app()
    except GraphError as error:
        if error.reason is Reason.APP_TOKEN_REFUSED:
            yield new_finding("app_secret.app_token_refused", error.evidence, app_id=app_id)
        elif error.reason is Reason.SECRET_MISMATCH:
            yield _refused(context, error.evidence)
        else:
            raise
    else:
        yield new_finding("app_secret.valid", "App ID and App Secret are a pair", app_id=app_id)


def _refused(context: CheckContext, evidence: str) -> Finding:
    """Graph alone can refuse a secret; its shape then tells why."""
    app_id, secret = context.app_id, context.values.app_secret
    shape = judge_shape("app_secret", secret)
    if shape.shape is Shape.GOOD:
        return new_finding("app_secret.mismatch", evidence, app_id=app_id)
    return new_finding("app_secret.malformed", f"{evidence}; {shape.note}", app_id=app_id)
