"""What a message template is made of, as it is created.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.cloud_errors import ManagementError, managed
from wizard.simulator.world.templates import NAMED, Component, kind_of, variables

TYPES = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
_FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "GIF", "PRODUCT")
_LONGEST = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
_MAX_BUTTONS = 10
_OTP = "https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}"
_SAFE = " For your security, do not share this code."


def read(asked: Mapping[str, Any], category: str) -> list[Component]:
    """The components of a request as they will be listed. Raises `GraphError`."""
    if arguments.text(asked, "library_template_name") and "components" not in asked:
        return [{"type": "BODY", "text": "A template of Meta's library."}]
    given = arguments.items(asked, "components")
    if not given:
        raise errors.parameter_missing("components")
    components = [_component(one, place) for place, one in enumerate(given)]
    if category == "AUTHENTICATION":
        components = [_authenticating(one) for one in components]
    if not any(one["type"] == "BODY" for one in components):
        raise _incomplete("BODY", "text")
    return components


def check(components: Sequence[Component], parameter_format: str) -> bool:
    """Raises `GraphError` for texts that Meta would not approve; whether variables have names."""
    named = False
    for one in components:
        kind, text = one["type"], str(one.get("text") or "")
        if len(text) > _LONGEST.get(kind, len(text)):
            raise managed(
                2388040,
                "Field Too Long",
                f"The {kind.lower()} may have {_LONGEST[kind]} characters.",
            )
        names = variables(text)
        named = named or any(not name.isdigit() for name in names)
        _check_variables(one, text, names, parameter_format)
    return named


def _check_variables(
    component: Component, text: str, names: Sequence[str], parameter_format: str
) -> None:
    if not names:
        return
    kind, stripped = component["type"], text.strip()
    if kind == "BODY" and (stripped.startswith("{{") or stripped.endswith("}}")):
        raise managed(
            2388299,
            "Message template has leading or trailing params",
            "Variables can't be at the start or end of the template.",
        )
    numbered = [name for name in names if name.isdigit()]
    if (
        parameter_format != NAMED
        and numbered
        and numbered != [str(place) for place in range(1, len(numbered) + 1)]
    ):
        raise managed(
            2388072 if kind == "BODY" else 2388047,
            "Message template format is incorrect",
            f"The variables of the {kind.lower()} have to be numbered from {{{{1}}}} on.",
        )
    if not component.get("example") and kind in {"HEADER", "BODY"}:
        raise _incomplete(kind, "example")


def _component(given: object, place: int) -> Component:
    if not isinstance(given, dict):
        raise errors.bad_parameter(f"Param components[{place}] must be a JSON object.")
    kind = kind_of(given)
    if kind not in TYPES:
        raise errors.not_among(f"components[{place}]['type']", kind, TYPES)
    component = {**given, "type": kind}
    if kind == "HEADER":
        component["format"] = str(given.get("format") or "TEXT").upper()
        if component["format"] not in _FORMATS:
            name = f"components[{place}]['format']"
            raise errors.not_among(name, component["format"], _FORMATS)
    if kind == "BUTTONS":
        component["buttons"] = _buttons(given.get("buttons"), place)
    if kind in {"FOOTER"} and "code_expiration_minutes" not in given and not given.get("text"):
        raise _incomplete(kind, "text")
    if kind == "HEADER" and component["format"] == "TEXT" and not given.get("text"):
        raise _incomplete(kind, "text")
    if kind == "BODY" and not given.get("text") and "add_security_recommendation" not in given:
        component["text"] = ""
    return component


def _buttons(given: object, place: int) -> list[Component]:
    name = f"components[{place}]['buttons']"
    if not isinstance(given, list) or not given:
        raise _incomplete("BUTTONS", "buttons")
    if len(given) > _MAX_BUTTONS:
        raise errors.bad_parameter(f"Param {name} must have at most {_MAX_BUTTONS} items.")
    if not all(isinstance(one, dict) and one.get("type") for one in given):
        raise _incomplete("BUTTONS", "type")
    return [{**one, "type": str(one["type"]).upper()} for one in given]


def _authenticating(component: Component) -> Component:
    """The words that Meta itself puts into a template that bears a code."""
    kind = component["type"]
    if kind == "BODY":
        safe = _SAFE if component.get("add_security_recommendation") else ""
        example = {"body_text": [["123456"]]}
        text = "*{{1}}* is your verification code."
        return {**component, "text": f"{text}{safe}", "example": example}
    if kind == "FOOTER" and (minutes := component.get("code_expiration_minutes")):
        return {**component, "text": f"This code expires in {minutes} minutes."}
    if kind == "BUTTONS":
        return {**component, "buttons": [_otp_button(one) for one in component["buttons"]]}
    return component


def _otp_button(button: Component) -> Component:
    if button["type"] != "OTP":
        return button
    address = _OTP.format(kind=str(button.get("otp_type") or "COPY_CODE").upper())
    text = button.get("text") or "Copy code"
    return {"type": "URL", "text": text, "url": address, "example": [address]}


def _incomplete(kind: str, name: str) -> ManagementError:
    return managed(
        2388043,
        'Message template "components" param is missing expected field(s)',
        f"component of type {kind} is missing expected field(s) ({name})",
    )
