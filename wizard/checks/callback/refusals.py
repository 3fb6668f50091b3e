"""Why the right token was turned away: asked again in other ways, until the cause shows."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from wizard.checks.callback.deliveries import Tried
from wizard.checks.callback.handshake import SLOW
from wizard.checks.callback.pages import recognize_sure_wall, recognize_wall
from wizard.checks.callback.probes import CallbackProbes
from wizard.findings import Finding, new_finding
from wizard.webhook.lookalikes import lookalikes
from wizard.webhook.probe import ProbeResponse

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_MAY_BE_REFUSED = {
    "webhook.token_mismatch",
    "webhook.unauthorized",
    "webhook.wrong_status",
    "webhook.wrong_body",
}


async def explain_refusal(calls: CallbackProbes, first: ProbeResponse, finding: Finding) -> Finding:
    """The finding for a wrong answer to the right token, refined by what other calls meet."""
    if first.seconds > SLOW or first.status == 429:
        return finding  # more calls would take too long, or be too many
    if finding.id == "webhook.not_found":
        return await _other_path(calls, finding)
    if finding.id not in _MAY_BE_REFUSED or first.challenge in first.text:
        return finding
    alike = list(lookalikes(calls.token)) if calls.token else []
    *answers, browser, bare, beside, post = await asyncio.gather(
        *(calls.handshake(like.token) for like in alike),
        calls.handshake(agent=BROWSER),
        calls.get_bare(),
        calls.get_bare(calls.beside),
        calls.post_best(),
    )
    for like, answer in zip(alike, answers, strict=True):
        if isinstance(answer, ProbeResponse) and answer.echoes_challenge:
            return new_finding(f"webhook.{like.finding}", f"It accepts the token {like.how}")
    if isinstance(browser, ProbeResponse) and browser.echoes_challenge:
        said = "It accepts a browser and rejects Meta's user agent"
        return new_finding("webhook.unauthorized", f"{finding.evidence}; {said}")
    return _ours_or_theirs(calls, first, finding, (bare, beside, post))


async def _other_path(calls: CallbackProbes, finding: Finding) -> Finding:
    """Is it the slash at the end, or GET alone that is not served there?"""
    slashed, post = await asyncio.gather(calls.handshake(url=calls.slashed), calls.post_best())
    if isinstance(slashed, ProbeResponse) and slashed.echoes_challenge:
        said = (
            "with a trailing slash" if calls.slashed.endswith("/") else "without the trailing slash"
        )
        return replace(finding, evidence=f"{finding.evidence}; {said} it responds correctly")
    if isinstance(post, ProbeResponse) and post.status not in {404, 405, 410, 501}:
        return replace(finding, evidence=f"{finding.evidence}; a POST there gets {post.status}")
    return finding


def _ours_or_theirs(
    calls: CallbackProbes,
    first: ProbeResponse,
    finding: Finding,
    others: tuple[Tried, Tried, Tried],
) -> Finding:
    """Of a 401 or 403 that bears nobody's mark: a wall turns everything away alike, an endpoint
    that dislikes the token does not."""
    if first.status not in {401, 403} or recognize_sure_wall(first.status, first.headers):
        return finding
    bare, beside, post = (o.status if isinstance(o, ProbeResponse) else 0 for o in others)
    if recognize_wall(first.status, first.headers, first.text):
        # Mere words, which an endpoint may say too; but no wall would let a message through.
        through = beside == 404 and 200 <= post < 300
        return _ours(finding, f"a POST gets {post}") if through else finding
    if beside not in {0, 401, 403}:
        return _ours(finding, f"a path beside it gets {beside}")
    if bare not in {0, 401, 403}:
        return _ours(finding, f"without the three parameters it gets {bare}")
    if 200 <= post < 300 or post in {400, 415, 422}:
        return _ours(finding, f"a POST gets {post}")
    alike = {first.status} == {bare, beside, post}
    if alike and (first.status == 401 or calls.secret is not None):
        said = f"{finding.evidence}; every request gets this answer"
        return new_finding("webhook.unauthorized", said)
    return finding


def _ours(finding: Finding, how: str) -> Finding:
    return new_finding("webhook.token_mismatch", f"{finding.evidence}; {how}")
