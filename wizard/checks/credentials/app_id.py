"""App ID: does the app exist?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions, Unasked
from wizard.findings import Finding, found, skipped
from wizard.graph import GraphError, Reason
from wizard.graph.errors import NO_ANSWER


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    app_id = questions.app_id
    try:
        await questions.app()
    except Unasked as unasked:
        yield await _told_by_token(questions, unasked.judgement.finding or "app_secret.missing")
    except GraphError as error:
        if error.reason is Reason.APP_UNKNOWN or _is_nobody(error, questions):
            yield found("app_id.unknown", error.evidence)
        elif error.reason is Reason.SECRET_MISMATCH:
            yield found("app_id.valid", "Graph knows the app", app_id=app_id)
        else:
            raise
    else:
        yield found("app_id.valid", "Graph knows the app", app_id=app_id)


def _is_nobody(error: GraphError, questions: Questions) -> bool:
    """Whether it is the app that does not exist, rather than the path that was asked."""
    return error.reason is Reason.NOT_FOUND and (questions.app_id or "-") in error.message


async def _told_by_token(questions: Questions, because: str) -> Finding:
    """Without an App Secret nobody but the app's own token can vouch for an App ID."""
    if questions.sendable("access_token"):
        try:
            info = await questions.token()
        except GraphError as error:
            if error.reason in NO_ANSWER:
                raise
        else:
            if info.trouble is None and info.app_id == questions.values.app_id:
                name = f' "{info.app_name}"' if info.app_name else ""
                return found("app_id.valid", f"The access token was made for this app{name}")
    return skipped("app_id", because)


CHECK = Check("app_id", judge, asks=(Questions.app,))
