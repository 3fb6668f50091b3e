"""What comes back when no proper answer does: a captive portal, half an answer, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import Phone, Waba
from wizard.simulator.world.state import Outage

Answer: TypeAlias = Callable[[Call], ASGIApp | None]

_LOGIN = "/login"
_PORTAL = (
    "<!DOCTYPE html><html><head><title>Guest Wi-Fi</title></head>"
    "<body><h1>Welcome to Hotel Merdeka</h1><form>Room number <input></form></body></html>"
)
_FAULT = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"
_MANUAL = "https://developers.facebook.com/docs/graph-api/overview/rate-limiting"


def outage(call: Call) -> ASGIApp | None:
    """What answers in place of Graph, or `None` where Graph answers after all.

    An outage that speaks Graph is raised as `GraphError`.
    """
    return _OUTAGES[call.meta.outage](call) if call.meta.outage else None


async def _hang(_scope: Scope, receive: Receive, _send: Send) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _portal(_call: Call) -> ASGIApp:
    return HTMLResponse(_PORTAL)


def _redirect(call: Call) -> ASGIApp:
    return _portal(call) if call.parts == ("login",) else RedirectResponse(_LOGIN, 302)


def _cut_short(_call: Call) -> ASGIApp:
    return Response('{"id":"1078', media_type="application/json")


def _html_error(_call: Call) -> ASGIApp:
    return HTMLResponse(_FAULT, 502)


def _json_error(_call: Call) -> ASGIApp:
    sentence = "An unexpected error has occurred. Please retry your request later."
    raise GraphError(500, sentence, 2, transient=True)


def _unknown_error(_call: Call) -> ASGIApp:
    raise GraphError(500, "An unknown error occurred", 1, transient=False)


def _app_limit(_call: Call) -> ASGIApp:
    raise GraphError(403, "(#4) Application request limit reached", 4, transient=True)


def _waba_limit(call: Call) -> ASGIApp | None:
    """This limit counts the calls to one account alone, so calls to the app still pass."""
    if not call.parts or not isinstance(call.meta.find_node(call.parts[0]), Waba | Phone):
        return None
    sentence = (
        "(#80007) There have been too many calls to this WhatsApp Business account. Wait a bit"
        f" and try again. For more info, please refer to {_MANUAL}."
    )
    raise GraphError(400, sentence, 80007)


def _bare_limit(_call: Call) -> ASGIApp:
    return Response(status_code=429, headers={"retry-after": "60"})


def _refused(_call: Call) -> ASGIApp:
    raise GraphError(400, "Error performing query.", 1675030)


def _field_gone(_call: Call) -> ASGIApp:
    """In the words of Meta's own example: https://github.com/facebook/openapi"""
    sentence = "Invalid field requested. Available fields: name_status, code_verification_status"
    raise GraphError(400, sentence, 100)


_OUTAGES: Mapping[Outage, Answer] = {
    Outage.HANG: lambda _call: _hang,
    Outage.PORTAL: _portal,
    Outage.REDIRECT: _redirect,
    Outage.EMPTY: lambda _call: Response(),
    Outage.CUT_SHORT: _cut_short,
    Outage.HTML_ERROR: _html_error,
    Outage.JSON_ERROR: _json_error,
    Outage.UNKNOWN_ERROR: _unknown_error,
    Outage.APP_LIMIT: _app_limit,
    Outage.WABA_LIMIT: _waba_limit,
    Outage.BARE_LIMIT: _bare_limit,
    Outage.REFUSED: _refused,
    Outage.FIELD_GONE: _field_gone,
}
