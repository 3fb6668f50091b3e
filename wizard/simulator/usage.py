"""How much of its calls an app has used up, as the headers of every answer tell.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from wizard.simulator.meta import Meta
from wizard.simulator.objects import Phone, Waba

_CALLS_AN_HOUR = 200


def headers(meta: Meta, parts: tuple[str, ...]) -> Mapping[str, str]:
    """The app's own usage; on a path that begins with a WABA or a number, that account's too."""
    used = min(100, meta.calls * 100 // _CALLS_AN_HOUR)
    spent = {"call_count": used, "total_cputime": 0, "total_time": 0}
    told = {"x-app-usage": _written(spent)}
    thing = meta.find_node(parts[0]) if parts else None
    if isinstance(thing, Waba | Phone):
        waba = meta.waba_of(thing) if isinstance(thing, Phone) else thing
        case = {"type": "whatsapp_business_management", **spent}
        told["x-business-use-case-usage"] = _written(
            {waba.id: [{**case, "estimated_time_to_regain_access": 0}]}
        )
    return told


def _written(usage: object) -> str:
    return json.dumps(usage, separators=(",", ":"))
