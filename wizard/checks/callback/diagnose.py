"""The diagnosis of one callback URL, whoever runs it: as Meta would meet it, and a little more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

from wizard.checks.callback.address import shown, url_problem
from wizard.checks.callback.deliveries import Delivered, Tried, findings_for_deliveries
from wizard.checks.callback.handshake import (
    SLOW,
    finding_for_probe_error,
    finding_for_response,
    pace,
)
from wizard.checks.callback.pages import recognize_wall
from wizard.checks.callback.probes import CallbackProbes, random_token
from wizard.checks.callback.refusals import explain_refusal
from wizard.findings import Finding, Status, new_finding
from wizard.support.addresses import is_loopback
from wizard.values.credentials import Secret
from wizard.values.redaction import redact
from wizard.webhook.probe import TIMEOUT, ProbeError, ProbeResponse

_WELL = {Status.PASS, Status.WARN}
_REFUSALS = {
    "webhook.token_mismatch",
    "webhook.unauthorized",
    "webhook.wrong_status",
    "webhook.wrong_body",
}


async def diagnose_callback(
    url: str,
    verify_token: Secret | None,
    app_secret: Secret | None = None,
    *,
    marker: str | None = None,
    limit: float = TIMEOUT,
) -> AsyncIterator[Finding]:
    """What is wrong with a callback: one failure at most, the cause of what else would follow from
    it; warnings beside it. `limit` is a single call's, in seconds.

    Without a verify token a stranger's is tried, and without an App Secret nothing is signed
    rightly. A message that is delivered is Meta's own sample.
    """
    calls = CallbackProbes(url, verify_token or None, app_secret or None, marker, limit)
    hidden = [secret for secret in (verify_token, app_secret) if secret is not None]
    trouble = url_problem(url)
    if trouble is not None and trouble.id != "webhook.plus_in_path":
        findings = iter([trouble])
    elif trouble is not None:
        findings = iter([await _with_plus(calls, trouble)])
    else:
        findings = await _called(calls)
    for finding in findings:
        yield replace(finding, evidence=redact(finding.evidence, hidden))
    if is_loopback(url):
        yield new_finding("webhook.local_only", shown(url))


async def _with_plus(calls: CallbackProbes, trouble: Finding) -> Finding:
    tried = await calls.handshake()
    met = _judged(tried, calls.url)
    said = f"which responds correctly: {met.evidence}" if met.status in _WELL else met.title.lower()
    return replace(trouble, evidence=f"{trouble.evidence}; called so: {said}")


def _judged(tried: Tried, url: str) -> Finding:
    return (
        finding_for_probe_error(tried)
        if isinstance(tried, ProbeError)
        else finding_for_response(tried, url)
    )


async def _called(calls: CallbackProbes) -> Iterator[Finding]:
    first = await calls.handshake()
    finding = _judged(first, calls.url)
    if isinstance(first, ProbeError):
        return iter([finding])
    if finding.status in _WELL:
        return await _beyond(calls, first)
    finding = await explain_refusal(calls, first, finding)
    if calls.token is None and _may_know_another(first, finding):
        return await _without_token(calls, first)
    return iter([finding])


def _may_know_another(first: ProbeResponse, finding: Finding) -> bool:
    """Whether a stranger's token may have been refused for being a stranger's."""
    page = first.text.lstrip()[:1] == "<" and first.status == 200
    return (
        finding.id in _REFUSALS
        and first.challenge not in first.text
        and not page
        and not recognize_wall(first.status, first.headers, first.text)
    )


async def _without_token(calls: CallbackProbes, first: ProbeResponse) -> Iterator[Finding]:
    said = f"{shown(calls.url)} rejects a made-up token with {first.status}"
    return iter(
        [
            new_finding("webhook.token_untested", said),
            *findings_for_deliveries(await calls.delivered()),
        ]
    )


@dataclass(frozen=True)
class _Beyond:
    """What a careful owner wants to know of an endpoint that took the handshake."""

    again: Tried
    stranger: Tried
    other_mode: Tried | None
    delivered: Delivered


async def _beyond(calls: CallbackProbes, first: ProbeResponse) -> Iterator[Finding]:
    if first.seconds > SLOW:
        # Asked one by one: what is slow may well do one thing at a time.
        met = _Beyond(
            again=first,
            stranger=await calls.handshake(random_token()),
            other_mode=None,
            delivered=await calls.delivered_alone(),
        )
        return _all_told(calls, first, met)
    again, wrong, other, delivered = await asyncio.gather(
        calls.handshake(),
        calls.handshake(random_token()),
        calls.handshake(mode="unsubscribe"),
        calls.delivered(),
    )
    if isinstance(again, ProbeError) or again.status == 429:
        again = await calls.handshake()
    return _all_told(calls, first, _Beyond(again, wrong, other, delivered))


def _all_told(calls: CallbackProbes, first: ProbeResponse, beyond: _Beyond) -> Iterator[Finding]:
    finding = _twice(calls, first, beyond.again)
    yield finding
    if finding.status is Status.FAIL:
        return
    if first.seconds > SLOW:
        yield new_finding("webhook.slow", pace(first, calls.url))
    if isinstance(beyond.stranger, ProbeResponse) and beyond.stranger.echoes_challenge:
        yield new_finding("webhook.accepts_any_token", "It accepted a made-up token")
    if isinstance(beyond.other_mode, ProbeResponse) and beyond.other_mode.echoes_challenge:
        yield new_finding("webhook.accepts_any_mode", "It accepted hub.mode=unsubscribe")
    yield from findings_for_deliveries(beyond.delivered)


def _twice(calls: CallbackProbes, first: ProbeResponse, again: Tried) -> Finding:
    """The handshake was made twice: a cache, or one of several servers, may spoil the second."""
    same = isinstance(again, ProbeResponse) and again.status == 200 and again.body == first.body
    if same and again is not first:
        said = f"{shown(calls.url)} returns the previous challenge, from a cache"
        return new_finding("webhook.wrong_body", said)
    finding = _judged(again, calls.url)
    if finding.status in _WELL or (isinstance(again, ProbeResponse) and again.status == 429):
        return new_finding("webhook.verified", pace(first, calls.url))
    return replace(finding, evidence=f"It responds correctly once, and then: {finding.evidence}")
