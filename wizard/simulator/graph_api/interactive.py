"""Whether an interactive message is one that Meta takes: buttons, lists, flows and so on.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from wizard.simulator import errors
from wizard.simulator.graph_api.cloud_errors import invalid

Content: TypeAlias = Mapping[str, Any]
CheckMedia: TypeAlias = Callable[[str, Content], None]

_BODILESS = ("product",)
_MAX_BUTTONS, _MAX_ROWS = 3, 10
_HEADERS = ("text", "image", "video", "document", "gif")


def check(content: Content, check_media: CheckMedia) -> None:
    kind = str(_part(content, "interactive", "type")).lower()
    if kind not in _ACTIONS:
        raise errors.not_among("interactive['type']", kind, [*_ACTIONS])
    _check_header(content, check_media)
    if kind not in _BODILESS:
        body = _object(_part(content, "interactive", "body"), "interactive['body']")
        _within(
            _part(body, "interactive['body']", "text"),
            "Body text",
            4096 if kind == "list" else 1024,
        )
    if (footer := content.get("footer")) is not None:
        path = "interactive['footer']"
        _within(_part(_object(footer, path), path, "text"), "Footer text", 60)
    action = _object(_part(content, "interactive", "action"), "interactive['action']")
    _ACTIONS[kind](action)


def _check_header(content: Content, check_media: CheckMedia) -> None:
    if (given := content.get("header")) is None:
        return
    path = "interactive['header']"
    header = _object(given, path)
    kind = str(_part(header, path, "type")).lower()
    if kind not in _HEADERS:
        raise errors.not_among(f"{path}['type']", kind, _HEADERS)
    found = _part(header, path, kind)
    if kind == "text":
        _within(found, "Header text", 60)
    else:
        check_media(f"{path}['{kind}']", _object(found, f"{path}['{kind}']"))


def _check_buttons(action: Content) -> None:
    buttons = _list(action, "buttons")
    if len(buttons) > _MAX_BUTTONS:
        raise invalid(
            f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {_MAX_BUTTONS}"
        )
    ids, titles = [], []
    for place, one in enumerate(buttons):
        path = f"interactive['action']['buttons'][{place}]"
        reply = _object(_part(_object(one, path), path, "reply"), f"{path}['reply']")
        ids.append(str(_part(reply, f"{path}['reply']", "id")))
        titles.append(_within(reply.get("title", ""), "Button title", 20))
        _within(ids[-1], "Button id", 256)
    if len(set(ids)) < len(ids) or len(set(titles)) < len(titles):
        raise invalid("Button ids and titles have to differ from each other.")


def _check_list(action: Content) -> None:
    _within(_part(action, "interactive['action']", "button"), "Button label", 20)
    sections, rows = _list(action, "sections"), []
    for place, one in enumerate(sections):
        path = f"interactive['action']['sections'][{place}]"
        section = _object(one, path)
        if len(sections) > 1:
            _within(_part(section, path, "title"), "Section title", 24)
        rows += _object_list(section.get("rows"), f"{path}['rows']")
    if not 1 <= len(rows) <= _MAX_ROWS:
        raise invalid(f"Total row count exceed max allowed count: {_MAX_ROWS}")
    for row in rows:
        path = "interactive['action']['sections']['rows']"
        _within(_part(row, path, "id"), "Row id", 200)
        _within(_part(row, path, "title"), "Row title", 24)
        if row.get("description"):
            _within(row["description"], "Row description", 72)
    if len({str(row["id"]) for row in rows}) < len(rows):
        raise invalid("Row id must be unique.")


def _check_flow(action: Content) -> None:
    found = _named(action, "flow")
    if not (found.get("flow_id") or found.get("flow_name")):
        path = "interactive['action']['parameters']"
        raise errors.bad_parameter(
            f"The parameter {path}['flow_id'] or {path}['flow_name'] is required."
        )
    _within(_part(found, "interactive['action']['parameters']", "flow_cta"), "Flow CTA", 30)


def _check_link(action: Content) -> None:
    path, found = "interactive['action']['parameters']", _named(action, "cta_url")
    _within(_part(found, path, "display_text"), "Display text", 20)
    if not str(_part(found, path, "url")).startswith(("http://", "https://")):
        raise errors.bad_parameter(f"Param {path}['url'] is not a valid URL.")


def _check_product(action: Content) -> None:
    for name in ("catalog_id", "product_retailer_id"):
        _part(action, "interactive['action']", name)


def _check_products(action: Content) -> None:
    _part(action, "interactive['action']", "catalog_id")
    _list(action, "sections")


def _check_name(action: Content) -> None:
    _part(action, "interactive['action']", "name")


def _check_anything(_action: Content) -> None:
    """Nothing more is known of these."""


_ACTIONS: Mapping[str, Callable[[Content], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "product": _check_product,
    "product_list": _check_products,
    "catalog_message": _check_name,
    "flow": _check_flow,
    "cta_url": _check_link,
    "location_request_message": _check_name,
    "address_message": _check_name,
    "call_permission_request": _check_name,
    "voice_call": _check_name,
    "order_details": _check_name,
    "order_status": _check_name,
    "carousel": _check_anything,
    "request_contact_info": _check_anything,
}


def _named(action: Content, name: str) -> Content:
    """The parameters of an action that bears this name."""
    path = "interactive['action']"
    if (given := str(_part(action, path, "name"))) != name:
        raise errors.not_among(f"{path}['name']", given, [name])
    return _object(_part(action, path, "parameters"), f"{path}['parameters']")


def _list(action: Content, name: str) -> list[Any]:
    found = _part(action, "interactive['action']", name)
    if not isinstance(found, list) or not found:
        raise errors.bad_parameter(f"Param interactive['action']['{name}'] must be an array.")
    return found


def _object_list(given: object, path: str) -> list[Content]:
    if not isinstance(given, list):
        raise errors.bad_parameter(f"Param {path} must be an array.")
    return [_object(one, path) for one in given]


def _object(given: object, path: str) -> Content:
    if not isinstance(given, dict):
        raise errors.bad_parameter(f"Param {path} must be a JSON object.")
    return given


def _part(content: Content, path: str, name: str) -> Any:
    if (found := content.get(name)) in ("", None, [], {}):
        raise errors.bad_parameter(f"The parameter {path}['{name}'] is required.")
    return found


def _within(given: object, name: str, longest: int) -> str:
    said = str(given)
    if not 1 <= len(said) <= longest:
        raise invalid(f"{name} length invalid. Min length: 1, Max length: {longest}")
    return said
