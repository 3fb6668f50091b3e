"""Meta's handshake: three parameters, and what was wrong with them."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from wizard.values.credentials import Secret
from wizard.webhook.event_queue import HandshakeReason


def verify_query(query: bytes, token: Secret) -> tuple[HandshakeReason | None, bytes]:
    """What is wrong with this query, or `None`; and the challenge, byte for byte.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    # surrogateescape: bytes that are no UTF-8 come out of encode() as they went in.
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
    given = {name: value.encode(errors="surrogateescape") for name, value in reversed(pairs)}
    mode, challenge, theirs = (
        given.get(f"hub.{name}", b"") for name in ("mode", "challenge", "verify_token")
    )
    if not (mode and challenge and theirs):
        return "missing_parameter", challenge
    if mode != b"subscribe":
        return "wrong_mode", challenge
    return _difference(theirs, token.reveal().encode(errors="surrogatepass")), challenge


def _difference(theirs: bytes, ours: bytes) -> HandshakeReason | None:
    if hmac.compare_digest(theirs, ours):
        return None
    if hmac.compare_digest(_tight(theirs), _tight(ours)):
        return "wrong_token_whitespace"
    if hmac.compare_digest(_folded(theirs), _folded(ours)):
        return "wrong_token_case"
    return "wrong_token"


def _tight(token: bytes) -> bytes:
    """Without spaces, and without `+`, which becomes one where a query is written carelessly."""
    return b"".join(token.replace(b"+", b" ").split())


def _folded(token: bytes) -> bytes:
    return token.decode(errors="replace").casefold().encode()
