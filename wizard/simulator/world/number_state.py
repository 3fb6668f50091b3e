"""What a business sets up for one of its numbers, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VERTICALS = (
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
    "UNDEFINED",
    "NOT_A_BIZ",
)
CODE = "123456"
"""The verification code that every number is sent."""


@dataclass(eq=False)
class QrCode:
    """A code that opens a chat with `prefilled_message` in it; `image` is its format, if any."""

    code: str
    prefilled_message: str
    image: str | None
    created_at: float


@dataclass
class Automation:
    """The commands and the ice breakers that a chat offers."""

    enable_welcome_message: bool = False
    prompts: list[str] = field(default_factory=list)
    commands: list[dict[str, str]] = field(default_factory=list)


def _settings() -> dict[str, dict[str, Any]]:
    return {
        "calling": {
            "status": "disabled",
            "call_icon_visibility": "DEFAULT",
            "ip_addresses": {"default": []},
            "callback_permission_status": "disabled",
        },
        "payload_encryption": {"status": "disabled"},
        "storage_configuration": {"status": "default"},
    }


@dataclass(eq=False)
class NumberState:
    """Beside the number itself; every part of it may be changed at any time."""

    profile: dict[str, Any] = field(default_factory=lambda: {"vertical": "OTHER"})
    settings: dict[str, dict[str, Any]] = field(default_factory=_settings)
    automation: Automation = field(default_factory=Automation)
    is_cart_enabled: bool = True
    is_catalog_visible: bool = False
    blocked: list[str] = field(default_factory=list)
    """The numbers, in digits, and the user IDs of those who were blocked."""
    qr_codes: dict[str, QrCode] = field(default_factory=dict)
    is_code_requested: bool = False
    """Whether a verification code is on its way."""
    public_key: str | None = None
    search_visibility: str = "VISIBLE"
    username: str | None = None
    new_display_name: str | None = None
