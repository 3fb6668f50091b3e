"""What the answers to signed, unsigned and wrongly signed deliveries mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from wizard.checks.callback.handshake import SLOW
from wizard.checks.callback.pages import recognize_page, recognize_wall
from wizard.findings import Finding, new_finding
from wizard.webhook.probe import Failure, ProbeError, ProbeResponse

Tried: TypeAlias = ProbeResponse | ProbeError
"""An answer, or why there was none."""

_SIGNATURE = re.compile(r"signature|hmac|sha-?256|digest", re.IGNORECASE)
_NO_POST = {404, 405, 410, 501}


@dataclass(frozen=True)
class Delivered:
    """What Meta's sample met: without a signature, with a wrong one, and with the right one where
    the App Secret is known."""

    unsigned: Tried
    forged: Tried
    signed: Tried | None = None


def findings_for_deliveries(told: Delivered) -> Iterator[Finding]:
    """A failure for what would keep messages out, a warning for what lets others in; nothing
    where all is well."""
    trouble = _refused(told.signed) if told.signed is not None else _unheard(told.unsigned)
    if trouble is not None:
        yield trouble
    elif isinstance(told.signed, ProbeResponse) and told.signed.seconds > SLOW:
        said = f"It responds to a message in {round(told.signed.seconds * 1000)} ms"
        yield new_finding("webhook.slow", said)
    named = ["an unsigned"] if _took(told.unsigned) else []
    named += ["a wrongly signed"] if told.forged is not told.unsigned and _took(told.forged) else []
    if named:
        yield new_finding("webhook.signature_unchecked", f"It accepts {' and '.join(named)} POST")


def _took(tried: Tried) -> bool:
    return isinstance(tried, ProbeResponse) and 200 <= tried.status < 300


def _refused(signed: Tried) -> Finding | None:
    """What a rightly signed delivery met, where that was not 200."""
    if isinstance(signed, ProbeError):
        id_ = "webhook.timeout" if signed.failure is Failure.TIMEOUT else "webhook.post_rejected"
        return new_finding(id_, f"A signed POST gets no response: {signed.detail}")
    if signed.status == 200:
        return None
    said = f"A signed POST gets {signed.status}"
    wall = recognize_wall(signed.status, signed.headers, signed.text)
    speaks = _SIGNATURE.search(signed.text[:2000])
    if (signed.status in {401, 403} and not wall) or (400 <= signed.status < 500 and speaks):
        return new_finding("webhook.signature_mismatch", said)
    page = recognize_page(signed.status, signed.headers, signed.text)
    whose = page.whose if page else wall
    return new_finding("webhook.post_rejected", f"{said} with {whose}" if whose else said)


def _unheard(unsigned: Tried) -> Finding | None:
    """What an unsigned delivery met, where that was no refusal of its missing signature."""
    if isinstance(unsigned, ProbeError):
        if unsigned.failure is not Failure.TIMEOUT:
            return None
        return new_finding("webhook.timeout", f"A POST gets no response: {unsigned.detail}")
    if unsigned.status in _NO_POST or 300 <= unsigned.status < 400:
        return new_finding("webhook.post_rejected", f"A POST gets {unsigned.status}")
    return None
