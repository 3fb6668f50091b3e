"""The names of the screens that a key or another screen leads to."""

from __future__ import annotations

TOKEN = "token"
DOCTOR = "doctor"
ROTATE = "rotate"
LONGER = "60 days"
SEND = "send"
WEBHOOK = "webhook"
LEAVING = "leaving"
"""What asks whether to leave."""
