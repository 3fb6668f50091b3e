"""Flows as plain data.

https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

DRAFT, PUBLISHED, DEPRECATED = "DRAFT", "PUBLISHED", "DEPRECATED"
CATEGORIES = (
    "SIGN_UP",
    "SIGN_IN",
    "APPOINTMENT_BOOKING",
    "LEAD_GENERATION",
    "CONTACT_US",
    "CUSTOMER_SUPPORT",
    "SURVEY",
    "OTHER",
)
_EMPTY = '{"version": "7.1", "screens": []}'


@dataclass(eq=False)
class Flow:
    """`flow_json` is the text of its one asset."""

    id: str
    name: str
    categories: list[str] = field(default_factory=list)
    status: str = DRAFT
    flow_json: str = _EMPTY
    endpoint_uri: str | None = None
    application_id: str | None = None
    updated_at: float = 0.0

    def parsed(self) -> dict[str, Any]:
        """The asset as an object, empty where it is none."""
        try:
            found = json.loads(self.flow_json)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def validation_errors(self) -> list[dict[str, object]]:
        """What Meta would not publish: text that is no JSON, and what every flow has to have."""
        try:
            found = json.loads(self.flow_json)
        except (ValueError, RecursionError) as error:
            return [_error("INVALID_JSON", f"The Flow JSON can't be parsed: {error}")]
        if not isinstance(found, dict):
            return [_error("INVALID_JSON", "The Flow JSON has to be an object.")]
        return [
            _error("MISSING_REQUIRED_PROPERTY", f'The required property "{name}" is missing.')
            for name in ("version", "screens")
            if not found.get(name)
        ]


def _error(name: str, message: str) -> dict[str, object]:
    place = {"line_start": 1, "line_end": 1, "column_start": 1, "column_end": 1}
    return {"error": name, "error_type": "FLOW_JSON_ERROR", "message": message, **place}
