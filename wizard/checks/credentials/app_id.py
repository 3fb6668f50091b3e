"""App ID: does the app exist?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext, UnusableInput
from wizard.findings import Finding, new_finding, skipped
from wizard.graph import GraphError, Reason
from wizard.graph.errors import NO_ANSWER


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    app_id = context.app_id
    try:
        await context.app()
    except UnusableInput as unasked:
        yield await _told_by_token(context, unasked.shape_result.finding or "app_secret.missing")
    except GraphError as error:
        if error.reason is Reason.APP_UNKNOWN or _is_nobody(error, context):
            yield new_finding("app_id.unknown", error.evidence)
        elif error.reason is Reason.SECRET_MISMATCH:
            yield new_finding("app_id.valid", "Graph knows the app", app_id=app_id)
        else:
            raise
    else:
        yield new_finding("app_id.valid", "Graph knows the app", app_id=app_id)


def _is_nobody(error: GraphError, context: CheckContext) -> bool:
    """Whether it is the app that does not exist, rather than the path that was asked."""
    return error.reason is Reason.NOT_FOUND and (context.app_id or "-") in error.message


async def _told_by_token(context: CheckContext, because: str) -> Finding:
    """Without an App Secret nobody but the app's own token can vouch for an App ID."""
    if context.sendable("access_token"):
        try:
            info = await context.token()
        except GraphError as error:
            if error.reason in NO_ANSWER:
                raise
        else:
            if info.error is None and info.app_id == context.values.app_id:
                name = f' "{info.app_name}"' if info.app_name else ""
                return new_finding("app_id.valid", f"The access token belongs to this app{name}")
    return skipped("app_id", because)
