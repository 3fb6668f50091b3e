"""What the answers to deliveries mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wizard.checks.callback.address import shown
from wizard.checks.callback.deliveries import (
    SIGNATURE,
    Delivered,
    refuses,
    same_status,
    takes_anything,
    took,
)
from wizard.checks.callback.fixes import with_first, with_fix_of
from wizard.checks.callback.handshake import SLOW
from wizard.checks.callback.host_checks import recognize_host_check
from wizard.checks.callback.limits import Tried, recognize_limit
from wizard.checks.callback.pages import (
    CSRF,
    extract_reason,
    in_front,
    is_csrf,
    recognize_page,
    recognize_sure_wall,
    recognize_wall,
)
from wizard.checks.callback.platforms import recognize_platform
from wizard.checks.callback.refusals import are_alike
from wizard.findings import Finding, new_finding
from wizard.support.patterns import LatePattern
from wizard.webhook.probe import Failure, ProbeError, ProbeResponse

_OF_A_GUARD = LatePattern(
    r"\bno (access |auth\w* )?token\b|\bmissing (access |auth\w* )?token"
    r"|\btoken (is )?(missing|required|not provided)|\b(invalid|forbidden|missing) origin"
    r"|\borigin\b.{0,20}\bnot allowed",
    re.IGNORECASE,
)
"""A message has no token and no origin, so an endpoint for messages misses neither."""
_NO_POST = {404, 405, 410, 501}


def findings_for_deliveries(told: Delivered) -> Iterator[Finding]:
    """A failure for what would keep messages out, a warning for what lets others in or is not as
    Meta wants it; nothing where all is well, or nothing was sent."""
    problem = _of_signed(told) if told.signed is not None else _of_unsigned(told.unsigned)
    if problem is not None:
        yield problem
    elif isinstance(told.signed, ProbeResponse):
        yield from _beside_success(told, told.signed)
    named = ["an unsigned"] if takes_anything(told, told.unsigned) else []
    named += ["a wrongly signed"] if takes_anything(told, told.forged) else []
    if named:
        yield new_finding("webhook.signature_unchecked", f"It accepts {' and '.join(named)} POST")


def _beside_success(told: Delivered, signed: ProbeResponse) -> Iterator[Finding]:
    if signed.seconds > SLOW:
        said = f"It responds to a message in {round(signed.seconds * 1000)} ms"
        yield new_finding("webhook.slow", said)
    if took(signed) and signed.status != 200:
        yield new_finding("webhook.post_status", f"A signed POST gets {signed.status}")
    if took(told.small) and _is_refused_for_its_size(told.large):
        yield _too_large(told.large)


def _is_refused_for_its_size(large: Tried | None) -> bool:
    if isinstance(large, ProbeError):
        return large.failure is not Failure.TIMEOUT  # the line from here may be slow
    return large is not None and not took(large) and not recognize_limit(large)


def _too_large(large: Tried | None) -> Finding:
    met = str(large.status) if isinstance(large, ProbeResponse) else "no response"
    who = in_front_of(large) if isinstance(large, ProbeResponse) else ""
    said = (
        f"A delivery of 1.5 MB gets {met}{f' from {who}' if who else ''}, a small one is accepted"
    )
    return with_fix_of(new_finding("webhook.post_too_large", said), who)


def in_front_of(answer: ProbeResponse) -> str:
    """The server or framework whose answer this is, where it names itself."""
    said = f"{answer.headers.get('server', '')} {answer.headers.get('x-powered-by', '')}"
    text = f"{said} {answer.text[:2000]}".lower()
    known = {"nginx": "nginx", "openresty": "nginx", "apache": "Apache", "express": "Express",
             "payloadtoolargeerror": "Express", "fst_err": "Fastify"}  # fmt: skip
    return next((name for mark, name in known.items() if mark in text), "")


def _of_signed(told: Delivered) -> Finding | None:
    """What a rightly signed delivery met, where that keeps messages out."""
    signed = told.signed
    if isinstance(signed, ProbeError):
        id_ = "webhook.timeout" if signed.failure is Failure.TIMEOUT else "webhook.post_rejected"
        return new_finding(id_, f"A signed POST gets no response: {signed.detail}")
    if signed is None:
        return None
    if took(signed):
        return _of_escaped(told, signed)
    said = f"A signed POST gets {signed.status}"
    if limit := recognize_limit(signed):
        return _limited(told, f"{said}: {limit}, also 1 second later")
    if reason := _barrier(signed):
        return _barred(said, reason, signed)
    if refuses(signed) and signed.status not in _NO_POST:
        return _refused(told, signed, f"{said}{quoted(signed)}")
    front = in_front(signed.status, signed.headers, signed.text)
    more = f"; {front}" if front else _redirected(signed) or quoted(signed)
    return new_finding("webhook.post_rejected", said + more)


def _redirected(answer: ProbeResponse) -> str:
    to = answer.header("location") if 300 <= answer.status < 400 else ""
    return f" and redirects to {shown(to)}" if to else ""


def _barred(said: str, reason: str, answer: ProbeResponse) -> Finding:
    """A delivery that something refused before it came to the endpoint."""
    finding = new_finding("webhook.post_rejected", f"{said} with {reason}{quoted(answer)}")
    return with_first(finding, "CSRF" if reason == CSRF else "guard")


def _limited(told: Delivered, said: str) -> Finding:
    """A limit on our calls says little of Meta's; one on each POST keeps messages out."""
    if isinstance(told.after, ProbeResponse) and told.after.echoes_challenge:
        return new_finding("webhook.post_rejected", f"{said}, but a GET is accepted")
    return new_finding("webhook.rate_limited", said)


def _of_escaped(told: Delivered, signed: ProbeResponse) -> Finding | None:
    """What a delivery met that has what Meta escapes in it, where one in plain ASCII was taken."""
    escaped = told.escaped
    plain = "A signed message in plain ASCII is accepted, one with an accent, an emoji and \\/"
    if escaped is None or (isinstance(escaped, ProbeResponse) and recognize_limit(escaped)):
        return None
    if isinstance(escaped, ProbeError):
        id_ = "webhook.timeout" if escaped.failure is Failure.TIMEOUT else "webhook.post_rejected"
        return new_finding(id_, f"{plain} gets no response: {escaped.detail}")
    # It gets the very answer of a wrongly signed one, and a plain one gets another.
    is_denied = are_alike(escaped, told.forged) and not are_alike(signed, told.forged)
    if took(escaped) and not is_denied:
        return None
    if told.again is not None and not took(told.again):
        said = f"A first signed POST is accepted, a second one gets {escaped.status}"
        return new_finding("webhook.post_rejected", f"{said}{quoted(escaped)}")
    said = f"{plain} gets {escaped.status}{quoted(escaped)}"
    denied = escaped.status in {401, 403} or SIGNATURE.search(escaped.words[:2000])
    if is_denied or (refuses(escaped) and denied):
        return with_fix_of(new_finding("webhook.signature_rewritten", said), in_front_of(escaped))
    return new_finding("webhook.post_rejected", said)


def _refused(told: Delivered, signed: ProbeResponse, said: str) -> Finding:
    """Whether the endpoint refused a rightly signed delivery, over its signature or over what is
    in it, or something in front of it, which refuses alike at a path beside."""
    if told.is_rewritten:
        more = "one that rewriting doesn't change is accepted"
        return new_finding("webhook.signature_rewritten", f"{said}, and {more}")
    speaks = bool(SIGNATURE.search(signed.words[:2000]))
    if not same_status(signed, told.forged) and not speaks:
        return new_finding(
            "webhook.post_rejected", f"{said}; it accepts the signature, but not the content"
        )
    serves_all = isinstance(told.beside_get, ProbeResponse) and told.beside_get.echoes_challenge
    if are_alike(signed, told.beside) and not speaks and not serves_all:
        wall = recognize_wall(signed.status, signed.headers, signed.words)
        front = wall or "something in front of your handler, such as a login or guard"
        said = f"{said}, and so does one to a path beside it: {front}"
        return with_first(new_finding("webhook.post_rejected", said), "guard")
    if signed.status not in {401, 403} and not speaks:
        return new_finding("webhook.post_rejected", f"{said}, and so does a wrongly signed one")
    wall = None if speaks else recognize_wall(signed.status, signed.headers, signed.words)
    if not wall and not speaks and _OF_A_GUARD.search(signed.words[:2000]):
        wall = "a login or guard"
    if wall:
        return with_first(new_finding("webhook.post_rejected", f"{said} with {wall}"), "guard")
    if speaks or not same_status(signed, told.unsigned):
        return new_finding("webhook.signature_mismatch", said)
    both = "it has another App Secret, or a login or guard rejects every POST"
    return new_finding(
        "webhook.signature_mismatch", f"{said}, as do an unsigned and a wrongly signed one: {both}"
    )


def _of_unsigned(unsigned: Tried | None) -> Finding | None:
    """What an unsigned delivery met, where that was no refusal of its missing signature."""
    if unsigned is None:
        return None
    if isinstance(unsigned, ProbeError):
        if unsigned.failure is not Failure.TIMEOUT:
            return None
        return new_finding("webhook.timeout", f"A POST gets no response: {unsigned.detail}")
    said = f"A POST gets {unsigned.status}"
    if reason := _barrier(unsigned):
        return _barred(said, reason, unsigned)
    if unsigned.status in _NO_POST or 300 <= unsigned.status < 400:
        more = _redirected(unsigned) or quoted(unsigned)
        return new_finding("webhook.post_rejected", f"{said}{more}")
    return None


def _barrier(answer: ProbeResponse) -> str:
    """What refused a delivery that certainly is not the endpoint, in words."""
    status, headers, text = answer.status, answer.headers, answer.words
    if SIGNATURE.search(text[:2000]) and not is_csrf(status, text):
        return ""
    if is_csrf(status, text):
        return CSRF
    if recognize_host_check(status, text) and status != 404:
        return "a host name check"
    if page := recognize_page(status, headers, text):
        return page.whose
    if platform := recognize_platform(status, headers, text):
        return platform.described
    return recognize_sure_wall(status, headers) or "" if status in {401, 403, 407} else ""


def quoted(answer: ProbeResponse) -> str:
    """What the answer says of its own in a line, as the end of a sentence."""
    reason = extract_reason(answer.words)
    return f" (“{reason}”)" if reason else ""
