"""`/debug_token`: what a token is and may do.

https://developers.facebook.com/docs/graph-api/reference/debug_token
"""

from __future__ import annotations

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import operations
from wizard.simulator.graph_api.call import Call, read_token
from wizard.simulator.world.objects import BUSINESS, MANAGEMENT, MESSAGING, Kind, Token
from wizard.simulator.world.state import DAY

_DATA_ACCESS = 90 * DAY


def debug_token(call: Call) -> dict[str, object]:
    """A dead or garbled token is no error here, but an answer with `is_valid` false."""
    caller = call.token_or_none()
    if caller is None or not _may_inspect(caller):
        raise errors.may_not_inspect()
    (text,) = (call.required(name) for name in operations.required("debugToken"))
    try:
        token = read_token(call.meta, text)
    except GraphError as error:
        return _answer({"error": _error(error), "is_valid": False, "scopes": []})
    if token.app is not caller.app:
        raise errors.not_viewing_app()
    dead = errors.dead_token(call.meta, token)
    return _answer(_dead(token, dead) if dead else _alive(token))


def _answer(known: dict[str, object]) -> dict[str, object]:
    names = operations.fields("Inspection.data")
    return {"data": {name: known[name] for name in names if name in known}}


def _may_inspect(caller: Token) -> bool:
    """An app token may, and the user token of one of its app's developers."""
    if caller.kind is Kind.APP:
        return True
    is_person = caller.kind is Kind.USER and caller.user is not None
    return is_person and caller.user is not None and caller.app in caller.user.develops


def _alive(token: Token) -> dict[str, object]:
    data: dict[str, object] = {**_who(token), "is_valid": True, "scopes": list(token.scopes)}
    if token.kind is Kind.APP:
        return data
    person = token.kind is Kind.USER
    data["data_access_expires_at"] = int(token.issued_at + _DATA_ACCESS) if person else 0
    data["expires_at"] = int(token.expires_at)
    if token.long_lived or not person:
        data["issued_at"] = int(token.issued_at)
    data["granular_scopes"] = [_granted(token, scope) for scope in token.scopes]
    return data


def _dead(token: Token, error: GraphError) -> dict[str, object]:
    return {
        **_who(token),
        "error": _error(error),
        "expires_at": int(token.expires_at),
        "is_valid": False,
        "scopes": [],
    }


def _who(token: Token) -> dict[str, object]:
    who: dict[str, object] = {
        "app_id": token.app.id,
        "type": str(token.kind),
        "application": token.app.name,
    }
    if token.user:
        who["user_id"] = token.user.id
    return who


def _error(error: GraphError) -> dict[str, object]:
    said: dict[str, object] = {"code": error.code, "message": error.message}
    return said if error.subcode is None else {**said, "subcode": error.subcode}


def _granted(token: Token, scope: str) -> dict[str, object]:
    targets: list[str] = []
    if scope in {MANAGEMENT, MESSAGING}:
        targets = [waba.id for waba in token.wabas]
    elif scope == BUSINESS:
        targets = sorted({waba.business.id for waba in token.wabas})
    if not targets or not token.names_targets:
        return {"scope": scope}
    return {"scope": scope, "target_ids": targets}
