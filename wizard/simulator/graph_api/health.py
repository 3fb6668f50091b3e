"""`health_status`: whether messages would go out, entity by entity.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status
"""

from __future__ import annotations

from typing import TypeAlias

from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import App, Business, Health, Phone, Template, Waba

Entity: TypeAlias = tuple[str, App | Business | Waba | Phone]


def of_phone(call: Call, phone: Phone) -> dict[str, object]:
    waba = call.meta.waba_of(phone)
    return _chain(("PHONE_NUMBER", phone), *_above(call, waba))


def of_waba(call: Call, waba: Waba) -> dict[str, object]:
    return _chain(*_above(call, waba))


def of_template(call: Call, template: Template) -> dict[str, object]:
    waba = next(one for one in call.meta.wabas if template in one.templates)
    approved = template.status == "APPROVED"
    health = Health() if approved else Health("BLOCKED", 141002, "The template is not approved.")
    chain = _chain(*_above(call, waba))
    listed = chain["entities"]
    own = _entity("MESSAGE_TEMPLATE", template.id, health)
    chain["entities"] = [own, *listed] if isinstance(listed, list) else [own]
    return chain if approved else {**chain, "can_send_message": "BLOCKED"}


def _above(call: Call, waba: Waba) -> tuple[Entity, ...]:
    return (("WABA", waba), ("BUSINESS", waba.business), ("APP", call.token().app))


def _chain(*entities: Entity) -> dict[str, object]:
    states = [thing.health.can_send for _, thing in entities]
    worst = next((state for state in ("BLOCKED", "LIMITED") if state in states), "AVAILABLE")
    listed = [_entity(label, thing.id, thing.health) for label, thing in entities]
    return {"can_send_message": worst, "entities": listed}


def _entity(label: str, entity_id: str, health: Health) -> dict[str, object]:
    entity: dict[str, object] = {
        "entity_type": label,
        "id": entity_id,
        "can_send_message": health.can_send,
    }
    if health.can_send == "LIMITED":
        entity["additional_info"] = [health.description]
    if health.can_send == "BLOCKED":
        entity["errors"] = [
            {
                "error_code": health.code,
                "error_description": health.description,
                "possible_solution": health.solution,
            }
        ]
    return entity
