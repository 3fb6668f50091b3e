"""What this room raises: that it can't listen, and, inside, that a body is turned away."""

from __future__ import annotations

from wizard.webhook.event_queue import RejectedReason


class EndpointError(Exception):
    """The endpoint can't listen: `port_in_use`, `port_refused` (the system forbids this port)
    or `port_unusable`."""

    def __init__(self, reason: str, port: int) -> None:
        super().__init__(f"{reason}: {port}")
        self.reason = reason
        self.port = port


class RefusedError(Exception):
    """Why a body is turned away; `status` is the answer, `None` where the client is gone."""

    def __init__(self, reason: RejectedReason, status: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
