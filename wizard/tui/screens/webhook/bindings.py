"""The keys of the webhook's screen."""

from __future__ import annotations

from textual.binding import Binding, BindingType

WEBHOOK_BINDINGS: list[BindingType] = [
    Binding("w", "open", "start", tooltip="Start endpoint and tunnel"),
    Binding("enter", "open", "start", show=False),
    Binding("a", "choose", "other tunnel", tooltip="Choose another tunnel"),
    Binding("r", "register", "register", tooltip="Register with Meta"),
    Binding("p", "restore", "restore", tooltip="Restore the previous URL"),
    Binding("b", "press", "Verify and save", tooltip="Click Verify and save"),
    Binding("m", "write", "get a message", tooltip="Simulate a customer's message"),
    Binding("M", "write(True)", "no number", tooltip="Simulate one who shares no number"),
    Binding("s", "answer", "reply", tooltip="Reply to the last sender"),
    Binding("f", "replay", "forward", tooltip="Forward this event"),
    Binding("F", "pass_on", "forward to", show=False, tooltip="Change the forwarding URL"),
    Binding("q", "code", "QR code", tooltip="Show a QR code"),
    Binding("u", "copy_url", "copy callback URL", show=False, tooltip="Copy the callback URL"),
    Binding("v", "copy_token", "copy verify token", show=False, tooltip="Copy the verify token"),
    Binding("x", "end", "stop", tooltip="Stop endpoint and tunnel"),
    Binding("d", "doctor", "doctor", tooltip="Run the doctor"),
    Binding("escape", "leave", "back", key_display="esc", tooltip="Back to the guide"),
]
