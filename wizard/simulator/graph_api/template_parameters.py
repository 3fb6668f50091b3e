"""Whether what fills a template's variables fits the template.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.cloud_errors import cloud, missing
from wizard.simulator.world.templates import NAMED, Component, Template, variables

CheckMedia: TypeAlias = Callable[[str, Mapping[str, Any]], object]
"""Given the place of a media object and the object; raises `GraphError` where it is not right."""

_TYPES = ("header", "body", "button", "carousel", "limited_time_offer", "order_status")
_MEDIA = ("image", "video", "document")
_TAKING = {"URL": "Url", "COPY_CODE": "CopyCode", "OTP": "Otp"}


def check(template: Template, given: object, check_media: CheckMedia) -> None:
    """Raises `GraphError` where the components of a message don't fill the template's own."""
    path = "template['components']"
    if given in (None, ""):
        given = []
    if not isinstance(given, list):
        raise errors.bad_parameter(f"Param {path} must be an array.")
    components = [_component(one, f"{path}[{place}]") for place, one in enumerate(given)]
    _check_header(template, _of(components, "header"), path, check_media)
    _check_text(template, "BODY", _parameters(_of(components, "body"), path))
    _check_buttons(template, components, path)


def _component(given: object, path: str) -> Component:
    if not isinstance(given, dict):
        raise errors.bad_parameter(f"Param {path} must be a JSON object.")
    kind = str(given.get("type", "")).lower()
    if not kind:
        raise errors.parameter_missing(f"{path}['type']")
    if kind not in _TYPES:
        raise errors.not_among(f"{path}['type']", kind, [one.upper() for one in _TYPES])
    return {**given, "type": kind}


def _of(components: Sequence[Component], kind: str) -> Component:
    return next((one for one in components if one["type"] == kind), {})


def _parameters(component: Component, path: str) -> list[Component]:
    found = component.get("parameters", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise errors.bad_parameter(f"Param {path} must hold parameters that are JSON objects.")
    for one in found:
        if not one.get("type"):
            raise errors.parameter_missing(f"{path}['parameters']['type']")
    return found


def _check_header(
    template: Template, component: Component, path: str, check_media: CheckMedia
) -> None:
    wanted, given = template.header_format(), _parameters(component, path)
    if wanted in (None, "TEXT"):
        _check_text(template, "HEADER", given)
        return
    received = str(given[0]["type"]).upper() if given else "UNKNOWN"
    if received != wanted:
        raise cloud(
            132012,
            "Parameter format does not match format in the created template",
            f"header: Format mismatch, expected {wanted}, received {received}",
        )
    kind = received.lower()
    if kind in _MEDIA:
        found = given[0].get(kind)
        check_media(f"{path}[0]['parameters'][0]['{kind}']", found if found is not None else {})


def _check_text(template: Template, kind: str, given: Sequence[Component]) -> None:
    names = variables(template.text_of(kind))
    if len(given) != len(names):
        raise _count(kind.lower(), len(given), len(names))
    if template.parameter_format != NAMED:
        return
    told = [str(one.get("parameter_name") or "") for one in given]
    if sorted(told) != sorted(names):
        raise cloud(
            100,
            "Invalid parameter",
            f"{kind.lower()}: the template's parameters are named {', '.join(names)}",
        )


def _check_buttons(template: Template, components: Sequence[Component], path: str) -> None:
    given = {str(one.get("index", 0)): one for one in components if one["type"] == "button"}
    places = set()
    for place, button in template.buttons():
        places.add(str(place))
        found = _parameters(given.get(str(place), {}), path)
        kind = str(button.get("type", "")).upper()
        needs = kind in {"COPY_CODE", "OTP"} or bool(variables(str(button.get("url") or "")))
        if needs and not found:
            sort = _TAKING.get(kind, "Url")
            raise missing(f"buttons: Button at index {place} of type {sort} requires a parameter")
        if kind in {"URL", "PHONE_NUMBER"} and not needs and found:
            raise _count("button", len(found), 0)
    if extra := [one for place, one in given.items() if place not in places]:
        raise _count("button", len(extra), 0)


def _count(kind: str, given: int, expected: int) -> GraphError:
    return cloud(
        132000,
        "Number of parameters does not match the expected number of params",
        f"{kind}: number of localizable_params ({given}) does not match the expected number of"
        f" params ({expected})",
    )
