"""`/oauth/access_token`: tokens for a proof of who one is."""

from __future__ import annotations

from wizard.credentials import Secret
from wizard.simulator import errors
from wizard.simulator.call import Call, read_token
from wizard.simulator.meta import DAY
from wizard.simulator.objects import App, Kind

_LONG_LIVED = 60 * DAY


def access_token(call: Call) -> dict[str, object]:
    """The grants `client_credentials` and `fb_exchange_token`.

    https://developers.facebook.com/docs/facebook-login/guides/access-tokens
    """
    app = _client(call)
    grant = call.params.get("grant_type")
    if grant == "client_credentials":
        token = call.meta.issue_app_token(app)
        return {"access_token": token.text.reveal(), "token_type": "bearer"}
    if grant == "fb_exchange_token":
        return _exchange(call, app)
    raise errors.GraphError(400, "Missing redirect_uri parameter.", 191)


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


def _exchange(call: Call, app: App) -> dict[str, object]:
    text = call.params.get("fb_exchange_token")
    if not text:
        raise errors.GraphError(400, "fb_exchange_token parameter not specified", 1)
    token = read_token(call.meta, text)
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
