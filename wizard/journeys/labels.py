"""What the doctor's rungs, and the subjects of findings, are called."""

from __future__ import annotations

from wizard.values.credentials import CREDENTIALS

_LABELS = {
    "keyring": "Keyring",
    "graph": "Graph API",
    "tunnel": "Tunnel",
    "webhook": "Webhook",
    "message": "Message",
    "endpoint": "Endpoint",
    "callback": "Callback URL",
    "record": "Registration",
    "subscription": "Subscription",
    "handshake": "Verification",
    "publication": "Publication",
}


def label(subject: str) -> str:
    """The name of a subject, or of a rung, for people."""
    return _LABELS.get(subject) or CREDENTIALS[subject].label
