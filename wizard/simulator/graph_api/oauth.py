"""`/oauth/access_token`: tokens for a proof of who one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wizard.simulator import errors
from wizard.simulator.graph_api import operations
from wizard.simulator.graph_api.call import Call, read_token
from wizard.simulator.world.objects import App, Kind
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret

_LONG_LIVED = 60 * DAY


def access_token(call: Call) -> dict[str, object]:
    """The grants `client_credentials` and `fb_exchange_token`.

    https://developers.facebook.com/docs/facebook-login/guides/access-tokens
    """
    app, grant = _client(call), call.params.get("grant_type", "")
    needs = operations.grants().get(grant)
    if needs is None:
        raise errors.GraphError(400, "Missing redirect_uri parameter.", 191)
    for name in needs:
        if not call.params.get(name):
            raise errors.GraphError(400, f"{name} parameter not specified", 1)
    return _GRANTS[grant](call, app)


def _client(call: Call) -> App:
    app_id = call.params.get("client_id")
    if not app_id:
        raise errors.GraphError(400, "Missing client_id parameter.", 101)
    app = call.meta.find_app(app_id)
    if app is None:
        raise errors.unknown_app(app_id)
    if Secret(call.params.get("client_secret", "")) != app.secret:
        raise errors.wrong_secret()
    return app


def _app_token(call: Call, app: App) -> dict[str, object]:
    token = call.meta.issue_app_token(app)
    return {"access_token": token.text.reveal(), "token_type": "bearer"}


def _exchange(call: Call, app: App) -> dict[str, object]:
    token = read_token(call.meta, call.params["fb_exchange_token"])
    if dead := errors.dead_token(call.meta, token):
        raise dead
    if token.app is not app or token.kind is Kind.APP:
        raise errors.foreign_token(app.id)
    longer = call.meta.issue(app, token.kind, token.scopes, lifetime=_LONG_LIVED)
    longer.wabas, longer.names_targets = token.wabas, token.names_targets
    longer.long_lived = True
    return {
        "access_token": longer.text.reveal(),
        "token_type": "bearer",
        "expires_in": int(_LONG_LIVED),
    }


_GRANTS: Mapping[str, Callable[[Call, App], dict[str, object]]] = {
    "client_credentials": _app_token,
    "fb_exchange_token": _exchange,
}
