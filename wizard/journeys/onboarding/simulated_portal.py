"""What a person does in Meta's portal and on a phone, where both are pretended."""

from __future__ import annotations

from typing import Protocol

from wizard.values.credentials import Secret


class Portal(Protocol):
    """What a person can press where Meta's portal is a pretended one."""

    @property
    def recipient(self) -> str:
        """The number of somebody with a phone, in digits, who may be written to."""

    def copied(self, text: str) -> str:
        """A part of the portal's page as a copy of it gives it, its `{waba_id}` and the like
        replaced by the values that it shows; no secret is among them."""

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        """The button of step 8.4, with `messages` subscribed as in step 8.5. Raises `GraphError`
        with Meta's verdict."""

    async def generate_token(self, *, permanent: bool = False) -> Secret:
        """A new access token: that of the button of step 7.1, or of a system user's."""

    async def write_to_us(self, text: str) -> None:
        """Somebody writes to the business number."""

    async def write_without_number(self, text: str) -> None:
        """Somebody writes who is known by a username and a user ID alone."""
