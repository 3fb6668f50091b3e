"""Calls: begun by the business, or taken and ended.

https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference
"""

from __future__ import annotations

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world import fake_ids
from wizard.simulator.world.objects import Phone

_ACTIONS = ("connect", "pre_accept", "accept", "reject", "terminate")


async def manage(call: Call, _phone: Phone) -> dict[str, object]:
    """Nobody's phone rings; the answers are those of a call that goes well."""
    asked = arguments.arguments(call)
    arguments.need_product(asked)
    action = arguments.word(asked, "action", _ACTIONS) or arguments.needed(asked, "action")
    if action != "connect":
        asked.get("call_id") or arguments.needed(asked, "to")
        return {"success": True}
    if not (asked.get("to") or asked.get("recipient")):
        raise errors.parameter_missing("to")
    arguments.needed(arguments.member(asked, "session") or {}, "sdp")
    call_id = "wacid." + fake_ids.letters(call.meta.seed, f"call/{call.meta.calls}", 40)
    return {"messaging_product": "whatsapp", "calls": [{"id": call_id}], "success": True}
