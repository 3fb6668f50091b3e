"""The WABA's subscription: does it send its messages to this app, not just to some app?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    app_id = context.app_id or (await context.token()).app_id
    apps = await context.subscribed_apps()
    if app_id in {app.id for app in apps}:
        yield new_finding("waba_id.app_subscribed", f"App {app_id}", app_id=app_id)
        return
    others = ", ".join(f'"{app.name}" ({app.id})' for app in apps)
    said = f"Subscribed: {others}" if others else "No app is subscribed to it"
    yield new_finding("waba_id.app_not_subscribed", said, app_id=app_id)


CHECK = Check(
    "waba_id",
    run,
    prefetch=(CheckContext.subscribed_apps,),
    needs=("waba_id",),
    uses=("app_id",),
    rung="subscription",
)
