"""Meta's handshake: three parameters, and what was wrong with them."""

from __future__ import annotations

import hmac
from urllib.parse import unquote_to_bytes

from wizard.values.credentials import Secret
from wizard.webhook.event_queue import HandshakeReason

_NAMES = (b"hub.mode", b"hub.challenge", b"hub.verify_token")


def verify_query(query: bytes, token: Secret) -> tuple[HandshakeReason | None, bytes]:
    """What is wrong with this query, or `None`; and the challenge, byte for byte.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    given = dict(map(_named, reversed(query.split(b"&"))))  # of one name the first counts
    mode, challenge, theirs = (given.get(name, b"") for name in _NAMES)
    if not (mode and challenge and theirs):
        return "missing_parameter", challenge
    if mode != b"subscribe":
        return "wrong_mode", challenge
    return _difference(theirs, token.reveal().encode(errors="surrogatepass")), challenge


def _named(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.partition(b"=")
    return _unquoted(name), _unquoted(value)


def _unquoted(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


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
