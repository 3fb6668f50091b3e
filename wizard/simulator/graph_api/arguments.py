"""What a call asks for, whether it came as JSON, as a form or in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api.call import Call

_TRUE, _FALSE = {"true", "1"}, {"false", "0"}


def arguments(call: Call) -> Mapping[str, Any]:
    """Everything given, each as it was written; JSON keeps its types."""
    return {**call.params, **call.body}


def needed(asked: Mapping[str, Any], name: str) -> Any:
    """What stands there; `GraphError` 100 where it is missing or empty."""
    if (found := asked.get(name)) in ("", None):
        raise errors.parameter_missing(name)
    return found


def text(asked: Mapping[str, Any], name: str, longest: int | None = None) -> str | None:
    """A text, `None` where it is not given; `GraphError` 100 where it is too long or no text."""
    found = asked.get(name)
    if found is None:
        return None
    if isinstance(found, Mapping | list | bool):
        raise errors.bad_parameter(f"Param {name} must be a string.")
    if longest is not None and len(str(found)) > longest:
        raise errors.bad_parameter(f"Param {name} must be at most {longest} characters long.")
    return str(found)


def word(asked: Mapping[str, Any], name: str, offered: Sequence[str]) -> str | None:
    """One of the words offered, in their spelling; `GraphError` 100 for any other."""
    found = text(asked, name)
    if found is None:
        return None
    for one in offered:
        if one.upper() == found.upper():
            return one
    raise errors.not_among(name, found, offered)


def flag(asked: Mapping[str, Any], name: str) -> bool | None:
    """A yes or no, `None` where it is not given; `GraphError` 100 for anything else."""
    found = asked.get(name)
    if found is None or isinstance(found, bool):
        return found
    said = str(found).lower()
    if said in _TRUE | _FALSE:
        return said in _TRUE
    raise errors.bad_parameter(f"Param {name} must be a boolean.")


def items(asked: Mapping[str, Any], name: str) -> list[Any] | None:
    """A list, which in a form is written as JSON; `GraphError` 100 for anything else."""
    found = read(asked.get(name))
    if found is None or isinstance(found, list):
        return found
    raise errors.bad_parameter(f"Param {name} must be an array.")


def member(asked: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """An object, which in a form is written as JSON; `GraphError` 100 for anything else."""
    found = read(asked.get(name))
    if found is None or isinstance(found, dict):
        return found
    raise errors.bad_parameter(f"Param {name} must be a JSON object.")


def read(given: object) -> Any:
    """A value as it is, or what a text says as JSON, where it says a list or an object."""
    if not isinstance(given, str) or given[:1] not in ("[", "{"):
        return given
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given


def need_product(asked: Mapping[str, Any]) -> None:
    """Raises `GraphError` 100 unless the call is about WhatsApp, which most of them have to say."""
    if (given := needed(asked, "messaging_product")) != "whatsapp":
        raise errors.not_among("messaging_product", str(given), ("WHATSAPP",))
