"""The WABA's subscription: does it send its messages to this app, not just to some app?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, found


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    app_id = questions.app_id or (await questions.token()).app_id
    apps = await questions.subscribed_apps()
    if app_id in {app.id for app in apps}:
        yield found("waba_id.app_subscribed", f"App {app_id}", app_id=app_id)
        return
    others = ", ".join(f'"{app.name}" ({app.id})' for app in apps)
    said = f"It sends them to {others}" if others else "It sends them to no app"
    yield found("waba_id.app_not_subscribed", said, app_id=app_id)


CHECK = Check(
    "waba_id",
    judge,
    asks=(Questions.subscribed_apps,),
    needs=("waba_id",),
    uses=("app_id",),
    rung="subscription",
)
