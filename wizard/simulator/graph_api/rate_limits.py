"""How much of its calls an app has used up, as the headers of its calls tell.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.call import Call
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import App, Phone, Waba
from wizard.simulator.world.state import HOUR

_CALLS_AN_HOUR = 200


def headers(call: Call) -> Mapping[str, str]:
    """The usage of the app that calls; on a path that begins with a WABA or a number, that with
    this account too. Nothing where nobody calls whom Meta knows."""
    try:
        token = call.token_or_none()
    except GraphError:
        return {}
    if token is None:
        return {}
    told = {"x-app-usage": _written(_spent(call.meta, token.app))}
    thing = call.meta.find_node(call.parts[0]) if call.parts else None
    if isinstance(thing, Waba | Phone):
        waba = call.meta.waba_of(thing) if isinstance(thing, Phone) else thing
        spent = _spent(call.meta, token.app, waba)
        case = {"type": "whatsapp_business_management", **spent}
        told["x-business-use-case-usage"] = _written(
            {waba.id: [{**case, "estimated_time_to_regain_access": 0}]}
        )
    return told


def _spent(meta: Meta, app: App, waba: Waba | None = None) -> Mapping[str, int]:
    """What the calls of the last hour come to, this one among them."""
    times, now = meta.spent[app.id, waba.id if waba else ""], meta.now()
    times.append(now)
    while times[0] <= now - HOUR:
        times.popleft()
    used = min(100, len(times) * 100 // _CALLS_AN_HOUR)
    return {"call_count": used, "total_cputime": 0, "total_time": 0}


def _written(usage: object) -> str:
    return json.dumps(usage, separators=(",", ":"))
