"""Meta's signature of a body."""

from __future__ import annotations

import hmac

from wizard.values.credentials import Secret


def sign(secret: Secret, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for these very bytes.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    key = secret.reveal().encode(errors="surrogatepass")
    return f"sha256={hmac.digest(key, body, 'sha256').hex()}"


def verify_signature(secret: Secret, body: bytes, header: str | None) -> bool:
    """Whether the header was made from this body with this secret; in constant time."""
    given = (header or "").encode(errors="surrogatepass")
    return hmac.compare_digest(sign(secret, body).encode(), given)
