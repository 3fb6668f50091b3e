"""Why the right token was turned away: asked again in other ways, until the cause shows."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from wizard.checks.callback.deliveries import Tried
from wizard.checks.callback.handshake import SLOW
from wizard.checks.callback.pages import sure_wall_of, wall_of
from wizard.checks.callback.probes import Calls
from wizard.findings import Finding, found
from wizard.webhook.lookalikes import lookalikes
from wizard.webhook.probe import Answer

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_MAY_BE_REFUSED = {
    "webhook.token_mismatch",
    "webhook.unauthorized",
    "webhook.wrong_status",
    "webhook.wrong_body",
}


async def why_refused(calls: Calls, first: Answer, finding: Finding) -> Finding:
    """The finding for a wrong answer to the right token, refined by what other calls meet."""
    if first.seconds > SLOW or first.status == 429:
        return finding  # more calls would take too long, or be too many
    if finding.id == "webhook.not_found":
        return await _other_path(calls, finding)
    if finding.id not in _MAY_BE_REFUSED or first.challenge in first.text:
        return finding
    alike = list(lookalikes(calls.token)) if calls.token else []
    *answers, browser, bare, beside, post = await asyncio.gather(
        *(calls.shake(like.token) for like in alike),
        calls.shake(agent=BROWSER),
        calls.bare(),
        calls.bare(calls.beside),
        calls.post_best(),
    )
    for like, answer in zip(alike, answers, strict=True):
        if isinstance(answer, Answer) and answer.right:
            return found(f"webhook.{like.finding}", f"It takes the token {like.how}")
    if isinstance(browser, Answer) and browser.right:
        said = "It answers a browser well and turns Meta's user agent away"
        return found("webhook.unauthorized", f"{finding.evidence}; {said}")
    return _ours_or_theirs(calls, first, finding, (bare, beside, post))


async def _other_path(calls: Calls, finding: Finding) -> Finding:
    """Is it the slash at the end, or GET alone that is not served there?"""
    slashed, post = await asyncio.gather(calls.shake(url=calls.slashed), calls.post_best())
    if isinstance(slashed, Answer) and slashed.right:
        said = (
            "with a slash at its end" if calls.slashed.endswith("/") else "without the last slash"
        )
        return replace(finding, evidence=f"{finding.evidence}; {said} it answers well")
    if isinstance(post, Answer) and post.status not in {404, 405, 410, 501}:
        return replace(
            finding, evidence=f"{finding.evidence}; a POST there is answered {post.status}"
        )
    return finding


def _ours_or_theirs(
    calls: Calls, first: Answer, finding: Finding, others: tuple[Tried, Tried, Tried]
) -> Finding:
    """Of a 401 or 403 that bears nobody's mark: a wall turns everything away alike, an endpoint
    that dislikes the token does not."""
    if first.status not in {401, 403} or sure_wall_of(first.status, first.headers):
        return finding
    bare, beside, post = (o.status if isinstance(o, Answer) else 0 for o in others)
    if wall_of(first.status, first.headers, first.text):
        # Mere words, which an endpoint may say too; but no wall would let a message through.
        through = beside == 404 and 200 <= post < 300
        return _ours(finding, f"a POST is answered {post}") if through else finding
    if beside not in {0, 401, 403}:
        return _ours(finding, f"a path beside it is answered {beside}")
    if bare not in {0, 401, 403}:
        return _ours(finding, f"without the three parameters it is answered {bare}")
    if 200 <= post < 300 or post in {400, 415, 422}:
        return _ours(finding, f"a POST is answered {post}")
    alike = {first.status} == {bare, beside, post}
    if alike and (first.status == 401 or calls.secret is not None):
        said = f"{finding.evidence}; so is every call, whatever it bears"
        return found("webhook.unauthorized", said)
    return finding


def _ours(finding: Finding, how: str) -> Finding:
    return found("webhook.token_mismatch", f"{finding.evidence}; {how}")
