"""The diagnosis of one callback URL, whoever runs it: as Meta would meet it, and a little more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace

from wizard.checks.callback.address import shown, url_problem
from wizard.checks.callback.deliveries import (
    Delivered,
    answers,
    deliver_first,
    deliver_rest,
    takes_anything,
    took,
)
from wizard.checks.callback.delivery_findings import findings_for_deliveries
from wizard.checks.callback.fixes import names_token
from wizard.checks.callback.handshake import (
    SLOW,
    finding_for_probe_error,
    finding_for_response,
    pace,
)
from wizard.checks.callback.limits import PAUSE, Pace, Tried, recognize_limit
from wizard.checks.callback.pages import recognize_wall
from wizard.checks.callback.probes import CallbackProbes, random_token
from wizard.checks.callback.refusals import explain_refusal, explain_silence
from wizard.checks.facts import CallbackProof
from wizard.findings import Finding, Status, new_finding
from wizard.support.addresses import is_loopback
from wizard.values.credentials import Secret
from wizard.values.redaction import redact
from wizard.webhook.probe import TIMEOUT, Failure, ProbeError, ProbeResponse

_WELL = {Status.PASS, Status.WARN}
OF_TOKEN = {"webhook.token_mismatch", "webhook.token_whitespace", "webhook.token_case"}
_REFUSALS = {
    *OF_TOKEN,
    "webhook.unauthorized",
    "webhook.wrong_status",
    "webhook.wrong_body",
}
_LOST = {"webhook.not_found", "webhook.method_not_allowed"}
"""As some libraries answer another token, or where messages alone have a handler."""
_CRASH = 500
"""As frameworks answer where a handler returns nothing for another token."""
_VERIFIED = "Meta has verified this URL, so this matters only at the next Verify and save"


async def _never() -> bool:
    return False


@dataclass(frozen=True)
class Terms:
    """How a callback is examined: a call's limit and the pause after a server's own, in seconds;
    whether test messages may be posted; and what finds out whether Meta has verified this very
    URL, which is asked only where it matters."""

    limit: float = TIMEOUT
    pause: float = PAUSE
    may_deliver: bool = True
    is_verified: Callable[[], Awaitable[bool]] = _never


async def diagnose_callback(
    url: str,
    verify_token: Secret | None,
    app_secret: Secret | None = None,
    *,
    marker: str | None = None,
    terms: Terms | None = None,
    proof: CallbackProof | None = None,
) -> AsyncIterator[Finding]:
    """What is wrong with a callback: one failure at most, the cause of what else would follow from
    it; warnings beside it. `proof` is told what shows that it is this app's.

    Without a verify token a stranger's is tried, and without an App Secret nothing is signed
    rightly. What is posted are messages that say that they are a test.
    """
    terms = terms or Terms()
    calls = CallbackProbes(
        url,
        verify_token or None,
        app_secret or None,
        marker,
        terms.limit,
        terms.may_deliver,
        Pace(terms.pause),
    )
    hidden = [secret for secret in (verify_token, app_secret) if secret is not None]
    trouble = url_problem(url)
    if trouble is not None and trouble.id != "webhook.plus_in_path":
        findings = [trouble]
    elif trouble is not None:
        findings = [await _with_plus(calls, trouble)]
    else:
        findings = await _Diagnosis(calls, terms, proof or CallbackProof()).run()
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


@dataclass
class _Diagnosis:
    """One callback, from its first handshake on."""

    calls: CallbackProbes
    terms: Terms
    proof: CallbackProof
    woken: list[Finding] = field(default_factory=list)

    async def run(self) -> list[Finding]:
        first = await self._first()
        if isinstance(first, ProbeError):
            finding = await explain_silence(self.calls, first)
            if self.calls.token is None and names_token(finding):
                return await self._maybe_a_strangers("doesn't answer a made-up token", finding)
            is_silent = finding.id == "webhook.timeout"
            return (is_silent and await self._verified_before(finding)) or [finding]
        finding = finding_for_response(first, self.calls.url)
        if finding.status in _WELL:
            self.proof.token = self.calls.token is not None
            return [*await self._beyond(first), *self.woken]
        finding = await explain_refusal(self.calls, first, finding)
        if self.calls.token is None:
            how = f"rejects a made-up token with {first.status}"
            if _may_know_another(first, finding):
                return self._untested(how, await self._delivered())
            if names_token(finding):
                return await self._maybe_a_strangers(how, finding)
        may_refuse = finding.id in _REFUSALS | _LOST or first.status == _CRASH
        is_refusal = may_refuse and first.challenge not in first.content
        return (is_refusal and await self._verified_before(finding)) or [finding]

    async def _first(self) -> Tried:
        """The first handshake; where the server takes the connection and says nothing, a second
        one after a while, for servers that were put to sleep."""
        tried = await self.calls.handshake()
        if not _is_asleep(tried):
            return tried
        pause = self.terms.limit / 3
        await asyncio.sleep(pause)
        again = await self.calls.handshake()
        if isinstance(again, ProbeError):
            twice = f"{again.detail}, and again {pause:.0f} s later"
            return ProbeError(again.failure, twice, is_connected=again.is_connected)
        if again.echoes_challenge:
            said = f"No response at first, then one in {round(again.seconds * 1000)} ms"
            self.woken = [
                new_finding("webhook.slow", f"{said}: the hosting plan may put the server to sleep")
            ]
        return again

    async def _verified_before(self, finding: Finding) -> list[Finding] | None:
        """Where Meta has verified this very URL, a verify token that is refused is a warning, and
        whether messages are taken is still asked; `None` where that does not hold."""
        if not await self.terms.is_verified():
            return None
        told = await self._delivered()
        passed = took(told.signed) or (told.signed is None and took(told.unsigned))
        if not passed and finding.id not in OF_TOKEN:
            return None
        said = f"{finding.evidence}. {_VERIFIED}"
        warning = replace(finding, status=Status.WARN, evidence=said)
        return [warning, *findings_for_deliveries(told)]

    async def _maybe_a_strangers(self, how: str, finding: Finding) -> list[Finding]:
        """Where no verify token is known: whether the answer may be one to a stranger's, from an
        endpoint that messages show to be there."""
        told = await self._delivered()
        return self._untested(how, told) if answers(told) else [finding]

    def _untested(self, how: str, told: Delivered) -> list[Finding]:
        said = f"{shown(self.calls.url)} {how}{self._unsent}"
        return [new_finding("webhook.token_untested", said), *findings_for_deliveries(told)]

    async def _delivered(self) -> Delivered:
        told = await deliver_rest(self.calls, await deliver_first(self.calls))
        self._take_proof(told)
        return told

    def _take_proof(self, told: Delivered) -> None:
        signs = took(told.signed) and isinstance(told.forged, ProbeResponse)
        self.proof.signature = signs and not takes_anything(told, told.forged)

    async def _beyond(self, first: ProbeResponse) -> list[Finding]:
        """What a careful owner wants to know of an endpoint that took the handshake."""
        told = await deliver_first(self.calls)
        if first.seconds > SLOW:
            # Asked one by one: what is slow may well do one thing at a time.
            wrong = await self.calls.handshake(random_token())
            told.unsigned = told.unsigned or await self._unsigned()
            return list(self._all_told(first, first, wrong, None, told))
        again, wrong, other, told = await asyncio.gather(
            self.calls.handshake(),
            self.calls.handshake(random_token()),
            self.calls.handshake(mode="unsubscribe"),
            deliver_rest(self.calls, told),
        )
        if isinstance(again, ProbeError):
            again = await self.calls.handshake()
        self._take_proof(told)
        return list(self._all_told(first, again, wrong, other, told))

    async def _unsigned(self) -> Tried | None:
        return await self.calls.post(None) if self.terms.may_deliver else None

    def _all_told(
        self, first: ProbeResponse, again: Tried, wrong: Tried, other: Tried | None, told: Delivered
    ) -> Iterator[Finding]:
        finding = self._twice(first, again)
        yield finding
        if finding.status is Status.FAIL:
            return
        if first.seconds > SLOW:
            yield new_finding("webhook.slow", pace(first, self.calls.url))
        if isinstance(wrong, ProbeResponse) and wrong.echoes_challenge:
            yield new_finding("webhook.accepts_any_token", "It accepted a made-up token")
        if isinstance(other, ProbeResponse) and other.echoes_challenge:
            yield new_finding("webhook.accepts_any_mode", "It accepted hub.mode=unsubscribe")
        yield from findings_for_deliveries(told)

    def _twice(self, first: ProbeResponse, again: Tried) -> Finding:
        """It was made twice: a cache, or one of several servers, may spoil the second."""
        url = self.calls.url
        same = isinstance(again, ProbeResponse) and again.status == 200 and again.body == first.body
        if same and again is not first:
            said = f"{shown(url)} returns the previous challenge, from a cache"
            return new_finding("webhook.wrong_body", said)
        finding = _judged(again, url)
        if finding.status in _WELL or recognize_limit(again):
            return new_finding(
                "webhook.verified", f"{pace(first, url)}{self._limited}{self._unsent}"
            )
        return replace(
            finding, evidence=f"It responds correctly once, and then: {finding.evidence}"
        )

    @property
    def _limited(self) -> str:
        met = self.calls.pace.was_limited
        return "; it limits its request rate, so the tests ran one by one" if met else ""

    @property
    def _unsent(self) -> str:
        if not self.terms.may_deliver:
            return "; no test message was sent (--no-deliveries)"
        if self.calls.secret is None:
            return "; no signed POST was sent, as no App Secret is known"
        return ""


def _is_asleep(tried: Tried) -> bool:
    if isinstance(tried, ProbeError):
        return tried.failure is Failure.TIMEOUT and tried.is_connected
    return "hibernate" in tried.headers.get("x-render-routing", "")


def _may_know_another(first: ProbeResponse, finding: Finding) -> bool:
    """Whether a stranger's token may have been refused for being a stranger's."""
    page = first.text.lstrip()[:1] == "<" and first.status == 200
    return (
        finding.id in _REFUSALS
        and first.challenge not in first.content
        and not page
        and not recognize_wall(first.status, first.headers, first.words)
    )
