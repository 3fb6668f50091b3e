"""Message templates as plain data, and the variables in their texts.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Component: TypeAlias = dict[str, Any]

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
POSITIONAL, NAMED = "POSITIONAL", "NAMED"


def hello_world() -> list[Component]:
    """The template that Meta puts into every account."""
    body = (
        "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp"
        " message notification from the Cloud API, hosted by Meta. Thank you for taking the time"
        " to test with us."
    )
    return [
        {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
        {"type": "BODY", "text": body},
        {"type": "FOOTER", "text": "WhatsApp Business Platform sample message"},
    ]


@dataclass(eq=False)
class Template:
    """`components` are as they were created; the other fields bear Meta's names."""

    id: str
    name: str
    language: str
    status: str = "APPROVED"
    category: str = "UTILITY"
    components: list[Component] = field(default_factory=hello_world)
    parameter_format: str = POSITIONAL
    previous_category: str | None = None
    sub_category: str | None = None
    message_send_ttl_seconds: int | None = None
    library_template_name: str | None = None
    cta_url_link_tracking_opted_out: bool | None = None
    rejected_reason: str = "NONE"
    score: str = "UNKNOWN"
    scored_at: float = 0.0
    sent: list[tuple[float, str]] = field(default_factory=list)
    """When it was sent, delivered or read, for the analytics."""

    def component(self, kind: str) -> Component | None:
        """Its header, body or footer."""
        return next((one for one in self.components if kind_of(one) == kind), None)

    def text_of(self, kind: str) -> str:
        """The text of a component, in which its variables stand."""
        found = self.component(kind)
        return str(found.get("text") or "") if found else ""

    def header_format(self) -> str | None:
        """`TEXT`, `IMAGE` and so on, `None` without a header."""
        found = self.component("HEADER")
        return str(found.get("format") or "TEXT").upper() if found else None

    def buttons(self) -> Iterator[tuple[int, Component]]:
        """Each button, and its place."""
        found = self.component("BUTTONS")
        given = found.get("buttons") if found else None
        if isinstance(given, list):
            yield from enumerate(one for one in given if isinstance(one, dict))


def kind_of(component: Component) -> str:
    """The component's type in capitals, whatever it was written in."""
    return str(component.get("type", "")).upper()


def variables(text: str) -> list[str]:
    """The names or numbers of a text's variables, each once, in their order."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))
