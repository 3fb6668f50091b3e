"""The WABA's subscription: does it send its messages to this app, not just to some app?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext
from wizard.findings import Finding, new_finding
from wizard.graph.callbacks import SubscribedApp
from wizard.support.texts import printable

_METAS_OWN = "2202427980234937"
_METAS_NAME = "WA DevX Webhook Events 1P App"
"""The app to which Meta subscribes each new test account, for the log of events in the portal."""


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    app_id = context.app_id or (await context.token()).app_id
    apps = await context.subscribed_apps()
    if app_id in {app.id for app in apps}:
        yield new_finding("waba_id.app_subscribed", f"App {app_id}", app_id=app_id)
        return
    others = ", ".join(_named(app) for app in apps)
    said = f"Subscribed: {others}" if others else "No app is subscribed to it"
    yield new_finding("waba_id.app_not_subscribed", said, app_id=app_id)


def _named(app: SubscribedApp) -> str:
    whose = "Meta's own " if app.id == _METAS_OWN or app.name == _METAS_NAME else ""
    return f'{whose}"{printable(app.name)}" ({app.id})'
