"""The lists that hang off an object, such as the numbers of a WABA."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from wizard.simulator import errors
from wizard.simulator.graph_api import analytics, blocking, flows, qr_codes, templates
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.nodes import Thing
from wizard.simulator.graph_api.paging import MOST
from wizard.simulator.world.objects import (
    BUSINESS,
    App,
    Business,
    Flow,
    Kind,
    Phone,
    SubscribedApp,
    User,
    Waba,
)

Row: TypeAlias = dict[str, object]
_ORDERS = tuple(
    f"{time}.{way}" for time in ("creation_time", "last_onboarded_time") for way in ("asc", "desc")
)
Lister: TypeAlias = Callable[[Call, Any, Mapping[str, str]], Sequence[Thing | Row]]


class Edge(NamedTuple):
    """A list, asked for with the request's parameters; some lists come in one piece, and some take
    no parameter that is not as https://github.com/facebook/openapi describes it."""

    items: Lister
    paged: bool = True
    strict: bool = False
    summary: Callable[[Any], dict[str, object]] | None = None
    """What stands beside the list where the request asks for a summary."""


def edges_of(thing: Thing) -> Mapping[str, Edge]:
    return _EDGES.get(type(thing), {})


def check(edge: Edge, params: Mapping[str, str]) -> None:
    """Raises `GraphError` 100 for what a strict list does not take."""
    if not edge.strict:
        return
    limit, sort = params.get("limit", ""), params.get("sort")
    if limit.isdecimal() and int(limit) > MOST:
        raise errors.bad_parameter(f"param limit must be at most {MOST}")
    if sort is not None and sort not in _ORDERS:
        raise errors.not_among("sort", sort, _ORDERS)
    try:
        json.loads(params.get("filtering", "[]"))
    except ValueError:
        raise errors.bad_filter() from None


def is_edge(name: str) -> bool:
    """Whether some kind of object has a list of this name."""
    return any(name in edges for edges in _EDGES.values())


def _subscriptions(call: Call, app: App, _params: Mapping[str, str]) -> list[Row]:
    if call.token().kind is not Kind.APP:
        raise errors.needs_app_token()
    version = call.meta.newest_version
    return [
        {
            "object": hook.object,
            "callback_url": hook.callback_url,
            "active": hook.active,
            "fields": [{"name": name, "version": version} for name in hook.fields],
        }
        for hook in app.subscriptions
    ]


def _businesses(call: Call, _user: User, _params: Mapping[str, str]) -> list[Business]:
    _need_business(call)
    return [call.meta.business]


def _owned_wabas(call: Call, business: Business, _params: Mapping[str, str]) -> list[Waba]:
    _need_business(call)
    return [waba for waba in call.meta.wabas if waba.business is business]


def _client_wabas(call: Call, _business: Business, _params: Mapping[str, str]) -> list[Waba]:
    _need_business(call)
    return []


def _need_business(call: Call) -> None:
    if BUSINESS not in call.token().scopes:
        raise errors.needs_permission(BUSINESS)


def _phone_numbers(_call: Call, waba: Waba, _params: Mapping[str, str]) -> list[Phone]:
    return waba.phones


def _subscribed_apps(_call: Call, waba: Waba, _params: Mapping[str, str]) -> list[Row]:
    return [_subscribed(entry) for entry in waba.subscribed]


def _subscribed(entry: SubscribedApp) -> Row:
    app = entry.app
    row: Row = {"whatsapp_business_api_data": {"id": app.id, "name": app.name, "link": app.link}}
    if entry.override_callback_uri:
        row["override_callback_uri"] = entry.override_callback_uri
    return row


def _flows(_call: Call, waba: Waba, _params: Mapping[str, str]) -> list[Flow]:
    return waba.flows


_EDGES: Mapping[type, Mapping[str, Edge]] = {
    App: {"subscriptions": Edge(_subscriptions, paged=False)},
    User: {"businesses": Edge(_businesses)},
    Business: {
        "owned_whatsapp_business_accounts": Edge(_owned_wabas),
        "client_whatsapp_business_accounts": Edge(_client_wabas, strict=True),
    },
    Waba: {
        "phone_numbers": Edge(_phone_numbers, strict=True),
        "subscribed_apps": Edge(_subscribed_apps, paged=False),
        "message_templates": Edge(templates.listed, summary=templates.summary),
        "flows": Edge(_flows),
        "template_analytics": Edge(analytics.templates),
    },
    Phone: {"block_users": Edge(blocking.blocked), "message_qrdls": Edge(qr_codes.listed)},
    Flow: {"assets": Edge(flows.assets)},
}
