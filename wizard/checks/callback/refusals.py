"""Why the right token was turned away: asked again in other ways, until the cause shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wizard.checks.callback.fixes import with_first, with_token_named
from wizard.checks.callback.handshake import SLOW, finding_for_probe_error, host_refused
from wizard.checks.callback.host_checks import ANY, recognize_host_check
from wizard.checks.callback.limits import Tried
from wizard.checks.callback.pages import denies_token, recognize_sure_wall, recognize_wall
from wizard.checks.callback.platforms import speaks_of_no_app
from wizard.checks.callback.probes import CallbackProbes, random_token
from wizard.findings import Finding, new_finding
from wizard.support.patterns import LatePattern
from wizard.webhook.lookalikes import Lookalike, lookalikes
from wizard.webhook.probe import ProbeError, ProbeResponse

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_MAY_BE_REFUSED = {
    "webhook.token_mismatch",
    "webhook.unauthorized",
    "webhook.wrong_status",
    "webhook.wrong_body",
    "webhook.server_error",
}
_MAY_BE_NO_APP = {*_MAY_BE_REFUSED, "webhook.not_found"}
_OTHER_NAMES = {
    "hub_{}": "hub_mode, hub_challenge and hub_verify_token",
    "hub[{}]": "hub[mode], hub[challenge] and hub[verify_token]",
    "{}": "mode, challenge and verify_token",
}
_HERE = {200, 201, 202, 204, 400, 401, 403, 415, 422}
"""What a POST gets from an endpoint that is there."""
_MISSES = LatePattern(r"missing|required|hub[._](mode|challenge)", re.IGNORECASE)
_BY_NAME = LatePattern(r"keyerror.{0,2000}\bhub_(mode|challenge|verify_token)\b", re.I | re.S)
"""Of a crash over a parameter that was read by another name."""
_CONTENT = LatePattern(
    r"^\W*(ok|okay|true|hello|welcome|alive|healthy|pong|up|accepted|received)\b"
    r"|running|\b(is|are) (up|live|online)\b|\b(endpoint|webhook|server|bot|api) (active|ready)\b"
    r"|\"(status|state|message)\":\s*\"(ok|up|running|healthy|alive|success)\""
    r"|\"(ok|success)\":\s*true",
    re.IGNORECASE,
)
"""Of a handler that is content, whatever it was asked: it may make no handshake at all."""


@dataclass(frozen=True)
class _Otherwise:
    """What a handshake met that was made in other ways."""

    likes: Sequence[tuple[Lookalike, Tried]]
    names: Sequence[tuple[str, Tried]]
    browser: Tried
    local: Tried


@dataclass(frozen=True)
class _Compared:
    """What calls met that no token is right in: without the parameters, at a path beside, with a
    made-up token, and by POST where one may be sent."""

    bare: Tried
    beside: Tried
    stranger: Tried
    post: Tried | None


async def explain_refusal(calls: CallbackProbes, first: ProbeResponse, finding: Finding) -> Finding:
    """The finding for a wrong answer to the right token, refined by what other calls meet."""
    if first.seconds > SLOW or calls.pace.was_limited:
        return finding  # more calls would take too long, or be too many
    if no_app := await _no_app(calls, first, finding):
        return no_app
    if finding.id == "webhook.not_found":
        return await _other_path(calls, finding)
    if finding.id == "webhook.redirect":
        return await _redirected(calls, finding)
    if not _may_be_refused(first, finding):
        return finding
    otherwise, bare, beside, made_up = await asyncio.gather(
        _asked_otherwise(calls),
        calls.get_bare(),
        calls.get_bare(calls.beside),
        calls.handshake(random_token()),
    )
    if named := _named(first, finding, otherwise):
        return named
    post = await calls.post_best()
    return _by_comparison(calls, first, finding, _Compared(bare, beside, made_up, post))


def _may_be_refused(first: ProbeResponse, finding: Finding) -> bool:
    crashed = finding.id == "webhook.server_error" and first.status == 500
    refused = finding.id in _MAY_BE_REFUSED and finding.id != "webhook.server_error"
    return (refused or crashed) and first.challenge not in first.content


async def _asked_otherwise(calls: CallbackProbes) -> _Otherwise:
    likes = list(lookalikes(calls.token)) if calls.token else []
    names = list(_OTHER_NAMES)
    *answers, browser, local = await asyncio.gather(
        *(calls.handshake(like.token) for like in likes),
        *(calls.handshake(names=form) for form in names),
        calls.handshake(agent=BROWSER),
        calls.handshake(host="localhost"),
    )
    by_name = zip((_OTHER_NAMES[form] for form in names), answers[len(likes) :], strict=True)
    return _Otherwise(list(zip(likes, answers, strict=False)), list(by_name), browser, local)


def _named(first: ProbeResponse, finding: Finding, met: _Otherwise) -> Finding | None:
    """The cause, where one of the other ways is answered well."""
    for like, answer in met.likes:
        if _is_right(answer):
            return new_finding(f"webhook.{like.finding}", f"It accepts the token {like.how}")
    for names, answer in met.names:
        if _is_right(answer):
            return _named_otherwise(finding, names)
    if _is_right(met.browser):
        said = "It accepts a browser and rejects Meta's user agent"
        return new_finding("webhook.unauthorized", f"{finding.evidence}; {said}")
    if _is_right(met.local):
        check = recognize_host_check(first.status, first.words)
        said = f"{finding.evidence}, and responds correctly to the host name localhost,"
        return host_refused(said, check.framework if check else ANY)
    return None


async def _no_app(calls: CallbackProbes, first: ProbeResponse, finding: Finding) -> Finding | None:
    """The finding where the page speaks of no app, and every path of the host is answered so."""
    if finding.id not in _MAY_BE_NO_APP or not speaks_of_no_app(first.status, first.words):
        return None
    root, beside = await asyncio.gather(calls.get_bare(calls.root), calls.get_bare(calls.beside))
    if not (are_alike(root, first) and are_alike(beside, first)):
        return None
    said = f"{finding.evidence}, and so does every path of this host"
    return new_finding("webhook.no_deployment", said)


async def explain_silence(calls: CallbackProbes, error: ProbeError) -> Finding:
    """The finding for a handshake that the server took and never answered: is it the server, or
    a handler that answers nothing where the token differs?"""
    finding = finding_for_probe_error(error)
    if not error.is_connected:
        return finding
    beside = await calls.get_bare(calls.beside)
    post = await calls.post_best()
    quick = [
        f"{what} gets {tried.status} at once"
        for what, tried in (("a path beside it", beside), ("a POST", post))
        if isinstance(tried, ProbeResponse) and tried.seconds <= SLOW and tried.status < 500
    ]
    if not quick:
        return finding
    how = "the handler may send no response if the verify token differs"
    return with_token_named(
        replace(finding, evidence=f"{finding.evidence}; {' and '.join(quick)}: {how}")
    )


def are_alike(one: Tried | None, other: Tried | None) -> bool:
    """Whether two answers are the same, but for numbers, IDs and paths in them."""
    if not isinstance(one, ProbeResponse) or not isinstance(other, ProbeResponse):
        return False
    return one.status == other.status and _gist(one) == _gist(other)


def _gist(answer: ProbeResponse) -> str:
    text = re.sub(r"/[\w./%-]*|[0-9a-fA-F-]{8,}|\d+", "#", answer.words)
    return " ".join(text.split())[:600]


def _is_right(tried: Tried) -> bool:
    return isinstance(tried, ProbeResponse) and tried.echoes_challenge


def _named_otherwise(finding: Finding, names: str) -> Finding:
    """The endpoint answers well where the parameters are named otherwise than Meta names them."""
    if finding.id in {"webhook.token_mismatch", "webhook.unauthorized"}:
        finding = new_finding("webhook.wrong_status", finding.evidence)
    said = f"{finding.evidence}; it responds correctly if the parameters are named {names}"
    return with_first(replace(finding, evidence=said), "hub_mode")


async def _other_path(calls: CallbackProbes, finding: Finding) -> Finding:
    """Is it the slash at the end, or GET alone that is not served there?"""
    slashed = await calls.handshake(url=calls.slashed)
    if _is_right(slashed):
        said = (
            "with a trailing slash" if calls.slashed.endswith("/") else "without the trailing slash"
        )
        return replace(finding, evidence=f"{finding.evidence}; {said} it responds correctly")
    post = await calls.post_best()
    if isinstance(post, ProbeResponse) and post.status in _HERE:
        said = f"{finding.evidence}; a POST there gets {post.status}"
        return with_token_named(replace(finding, evidence=said), first=False)
    return finding


async def _redirected(calls: CallbackProbes, finding: Finding) -> Finding:
    """Is every call redirected, or a verification alone, as some handlers refuse another token?"""
    beside = await calls.get_bare(calls.beside)
    post = await calls.post_best()
    if not isinstance(post, ProbeResponse) or post.status not in _HERE:
        return finding
    if isinstance(beside, ProbeResponse) and beside.status in {404, 405}:
        said = f"{finding.evidence}; a POST there gets {post.status}"
        return with_token_named(replace(finding, evidence=said), first=False)
    return finding


def _by_comparison(
    calls: CallbackProbes, first: ProbeResponse, finding: Finding, met: _Compared
) -> Finding:
    if first.status in {401, 403}:
        return _ours_or_theirs(calls, first, finding, met)
    if _is_caddys(first) and are_alike(first, met.beside) and are_alike(first, met.bare):
        said = f"{finding.evidence}: Caddy responds so if none of its sites or routes matches"
        return new_finding("webhook.not_found", said)
    return _token_or_not(first, finding, met)


def _is_caddys(answer: ProbeResponse) -> bool:
    return (
        answer.status == 200
        and not answer.body
        and answer.headers.get("server", "").lower().startswith("caddy")
    )


def _token_or_not(first: ProbeResponse, finding: Finding, met: _Compared) -> Finding:
    """Of an answer that is no refusal by its status: many libraries answer another token so."""
    how = _shown_to_be_here(first, met) if are_alike(first, met.stranger) else ""
    if not how:
        return finding
    said = f"{finding.evidence}, whatever the token is; {how}"
    misses = bool(_MISSES.search(first.words)) and first.status < 500
    if _BY_NAME.search(first.words) and not misses:
        finding = with_first(finding, "hub_mode")
    if misses:
        said = f"{said}. It reports missing parameters, but they were sent"
    # A handler without a branch for another token fails in many a framework.
    crashed = first.status >= 500 and not denies_token(first.words)
    if misses or crashed or _is_content(first, met.post):
        return with_token_named(replace(finding, evidence=said), first=False)
    return new_finding("webhook.token_mismatch", said)


def _is_content(first: ProbeResponse, post: Tried | None) -> bool:
    """Whether a handler may answer every call alike, whatever it is asked."""
    says_the_same = bool(first.words.strip()) and are_alike(first, post)
    return first.status == 200 and (says_the_same or bool(_CONTENT.search(first.words)))


def _shown_to_be_here(first: ProbeResponse, met: _Compared) -> str:
    """What shows that an endpoint answers, and no page for all paths, in words."""
    is_page = first.status < 500 and first.text.lstrip()[:1] == "<"
    if isinstance(met.beside, ProbeResponse) and met.beside.status in {404, 405} and not is_page:
        return f"a path beside it gets {met.beside.status}"
    post = met.post
    is_here = isinstance(post, ProbeResponse) and post.status in _HERE - {400, 415, 422}
    if isinstance(post, ProbeResponse) and is_here and not are_alike(post, first) and not is_page:
        return f"a POST gets {post.status}"
    return ""


def _ours_or_theirs(
    calls: CallbackProbes, first: ProbeResponse, finding: Finding, met: _Compared
) -> Finding:
    """Of a 401 or 403 that bears nobody's mark: a wall turns everything away alike, an endpoint
    that dislikes the token does not."""
    if recognize_sure_wall(first.status, first.headers):
        return finding
    bare, beside, post = (
        o.status if isinstance(o, ProbeResponse) else 0 for o in (met.bare, met.beside, met.post)
    )
    if recognize_wall(first.status, first.headers, first.words):
        # Mere words, which an endpoint may say too; but no wall would let a message through.
        through = beside == 404 and 200 <= post < 300
        return _ours(finding, f"a POST gets {post}") if through else finding
    if beside not in {0, 401, 403}:
        return _ours(finding, f"a path beside it gets {beside}")
    if bare not in {0, 401, 403}:
        return _ours(finding, f"without the three parameters it gets {bare}")
    if 200 <= post < 300 or post in {400, 415, 422}:
        return _ours(finding, f"a POST gets {post}")
    same = {first.status} == {bare, beside, post or first.status}
    if same and (first.status == 401 or calls.secret is not None):
        said = f"{finding.evidence}; every request gets this answer"
        return new_finding("webhook.unauthorized", said)
    return finding


def _ours(finding: Finding, how: str) -> Finding:
    return new_finding("webhook.token_mismatch", f"{finding.evidence}; {how}")
