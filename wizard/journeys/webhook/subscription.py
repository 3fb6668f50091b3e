"""The WABA's subscription to the app, made without touching any callback."""

from __future__ import annotations

from contextlib import suppress

from wizard.checks.context import CheckContext, UnusableInput
from wizard.checks.graph_errors import explain
from wizard.findings import Finding, new_finding
from wizard.graph import GraphError
from wizard.values.credentials import Secret
from wizard.world import World


async def subscribe_waba(world: World) -> Finding:
    """Subscribes the token's app to the world's WABA and reads that back: `waba_id.app_subscribed`
    where it is so now, or was before; else why it is not.

    A plain call takes an override of the WABA's callback away, so none is made where the app is
    subscribed already:
    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
    """
    token, waba_id = world.values.access_token, world.values.waba_id
    if token is None or waba_id is None:
        return new_finding("access_token.missing" if token is None else "waba_id.missing")
    context = CheckContext(world)
    try:
        return await _subscribe(context, waba_id, token)
    except UnusableInput as error:
        judged = error.shape_result
        return new_finding(judged.finding or f"{error.name}.malformed", judged.note)
    except GraphError as error:
        return await _explained(context, error)
    finally:
        await context.close()


async def finding_for_refusal(world: World, error: GraphError) -> Finding:
    """Why Meta refused the subscription of the world's WABA, with regard to whether it shows it."""
    context = CheckContext(world)
    try:
        return await _explained(context, error)
    finally:
        await context.close()


async def _explained(context: CheckContext, error: GraphError) -> Finding:
    with suppress(GraphError, UnusableInput):
        await context.waba()  # whether it is there at all
    return await explain(context, error, "waba_id")


async def _subscribe(context: CheckContext, waba_id: str, token: Secret) -> Finding:
    callbacks, app_id = context.graph.callbacks, context.app_id
    own = await _own_app(context, token)
    if app_id and own and own != app_id:
        said = (
            f"Graph: it was made for app {own}, which would be subscribed; your App ID is {app_id}"
        )
        return new_finding("access_token.other_app", said, app_id=app_id)
    app_id = app_id or own
    apps = await context.subscribed_apps()
    if app_id in {app.id for app in apps}:
        said = f"App {app_id} was subscribed before; nothing changed"
        return new_finding("waba_id.app_subscribed", said, app_id=app_id)
    if app_id is None and any(app.override for app in apps):
        return new_finding("app_id.missing", "Without it nobody knows whose override would go")
    await callbacks.subscribe(waba_id, token)
    now = {app.id for app in await callbacks.list_subscribed_apps(waba_id, token)}
    if app_id in now or (app_id is None and now):
        said = f"App {app_id or ', '.join(sorted(now))} is subscribed; every callback URL stays"
        return new_finding("waba_id.app_subscribed", said, app_id=app_id)
    said = f"Meta accepted the request, but does not list app {app_id}"
    return new_finding("waba_id.app_not_subscribed", said, app_id=app_id)


async def _own_app(context: CheckContext, token: Secret) -> str | None:
    """The app that the token was made for, which is the one that gets subscribed."""
    with suppress(GraphError):
        return (await context.graph.own_app(token))[0]
    return None
