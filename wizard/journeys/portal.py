"""What a person does in Meta's portal and on a phone, where both are pretended."""

from __future__ import annotations

from typing import Protocol

from wizard.credentials import Secret


class Portal(Protocol):
    """What a person can press where Meta's portal is a pretended one."""

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        """The button of step 8.4, with `messages` subscribed as in step 8.5. Raises `GraphError`
        with Meta's verdict."""

    async def write_to_us(self, text: str) -> None:
        """Somebody writes to the business number."""
