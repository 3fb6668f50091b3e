"""What one answer to a handshake means, and what Meta says that it met."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from wizard.checks.callback.address import shown
from wizard.checks.callback.bodies import difference
from wizard.checks.callback.fixes import PROXY, with_first, with_fix_of, without_fix_of
from wizard.checks.callback.host_checks import ANY, recognize_host_check
from wizard.checks.callback.limits import recognize_limit
from wizard.checks.callback.pages import (
    extract_reason,
    in_front,
    mentions_token,
    recognize_page,
    recognize_wall,
    title_of,
)
from wizard.checks.callback.platforms import recognize_platform
from wizard.findings import Finding, new_finding
from wizard.graph.callbacks import CallbackFailure
from wizard.webhook.headers import PATH_HEADER
from wizard.webhook.paths import wire_path
from wizard.webhook.probe import Failure, ProbeError, ProbeResponse

SLOW = 1.0
"""Seconds. Meta wants fewer than one answer in a hundred to take longer, half of them a quarter:
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview"""

_LOGIN = ("login", "signin", "sign-in", "sign_in", "auth", "sso", "cloudflareaccess", "accounts.")
_BY_STATUS = {
    401: "webhook.unauthorized",
    403: "webhook.token_mismatch",
    404: "webhook.not_found",
    405: "webhook.method_not_allowed",
    407: "webhook.unauthorized",
    410: "webhook.not_found",
}


def finding_for_probe_error(error: ProbeError) -> Finding:
    """The finding for a handshake that nobody answered."""
    return new_finding(f"webhook.{Failure(error.failure)}", error.detail)


def finding_for_response(answer: ProbeResponse, url: str) -> Finding:
    """The one finding that an answer amounts to; `webhook.verified` where it is right."""
    if reached := answer.header(PATH_HEADER):
        return path_stripped(url, reached)
    return without_fix_of(_finding_for_response(answer, url), PROXY)


def _finding_for_response(answer: ProbeResponse, url: str) -> Finding:
    page = recognize_page(answer.status, answer.headers, answer.words, urlsplit(url).hostname or "")
    said = f"{shown(url)} answers {answer.status}"
    if page is not None:
        return new_finding(page.finding, f"{said} with {page.whose}")
    if answer.echoes_challenge:
        slow = answer.seconds > SLOW
        return new_finding("webhook.slow" if slow else "webhook.verified", pace(answer, url))
    if in_place := _in_its_place(answer, said):
        return in_place
    if answer.status == 200:
        if mentions_token(answer.words) and answer.challenge not in answer.content:
            more = "and its text mentions a wrong token"
            return new_finding("webhook.token_mismatch", f"{said}, {more}{_quoted(answer)}")
        return new_finding("webhook.wrong_body", f"{said} with {difference(answer)}")
    return _first_for(answer, new_finding(_of_status(answer), said + _more(answer, url)))


def _first_for(answer: ProbeResponse, finding: Finding) -> Finding:
    """The finding with the line of its fix first that is for what the answer shows."""
    if recognize_limit(answer):
        return with_first(finding, "rate limit")
    if finding.id == "webhook.redirect" and _is_login(answer.header("location")):
        return with_first(finding, "login")
    if answer.status in {525, 526}:
        return with_first(finding, "Cloudflare")
    gateway = answer.status in {502, 504} or in_front(answer.status, answer.headers, answer.words)
    return with_first(finding, "If a proxy answers") if gateway else finding


def _is_login(to: str) -> bool:
    return any(word in to.lower() for word in _LOGIN)


def _in_its_place(answer: ProbeResponse, said: str) -> Finding | None:
    """The finding where a hosting platform answers, or a framework that dislikes the host."""
    if mentions_token(answer.words):
        return None
    page = recognize_platform(answer.status, answer.headers, answer.words)
    if page is not None:
        finding = new_finding(page.finding, f"{said} from {page.described}")
        return with_first(finding, "If a proxy answers") if answer.status >= 502 else finding
    check = recognize_host_check(answer.status, answer.words)
    return host_refused(said, check.framework) if check is not None else None


def path_stripped(url: str, reached: str) -> Finding:
    """The finding for a proxy that calls our own endpoint under another path than Meta's."""
    path = wire_path(urlsplit(url).path)
    prefix = path.removesuffix(reached) if reached != "/" else path
    is_stripped = reached == "/" or prefix != path
    how = f"your proxy strips {prefix}" if is_stripped else "your proxy changes the path"
    if reached == path:
        how = "the endpoint has another path"
    said = f"{how}: for {path} it asks this endpoint for {reached}"
    finding = with_fix_of(new_finding("webhook.not_found", said), PROXY)
    return replace(finding, fix=tuple(line.replace("/PATH", reached) for line in finding.fix))


def host_refused(said: str, framework: str) -> Finding:
    """The finding for a host that a framework does not know, with the fix of that framework."""
    whose = "a" if framework == ANY else f"{framework}'s"
    return with_fix_of(
        new_finding("webhook.host_refused", f"{said} with {whose} host name check"), framework
    )


def _quoted(answer: ProbeResponse) -> str:
    """What the answer says of its own in a line, as the end of a sentence."""
    reason = extract_reason(answer.words)
    return f": “{reason}”" if reason else ""


def pace(answer: ProbeResponse, url: str) -> str:
    return f"{shown(url)} responds in {round(answer.seconds * 1000)} ms"


def _of_status(answer: ProbeResponse) -> str:
    status, text = answer.status, answer.words
    if status in {300, 301, 302, 303, 307, 308}:
        return "webhook.redirect"
    if 400 <= status < 500 and mentions_token(text):
        return "webhook.token_mismatch"
    if _is_walled(answer):
        return "webhook.unauthorized"
    if status == 501 and "method" in text.lower():
        return "webhook.method_not_allowed"
    return _by_number(status)


def _is_walled(answer: ProbeResponse) -> bool:
    wall = recognize_wall(answer.status, answer.headers, answer.words)
    if answer.status == 503:
        return "cf-mitigated" in answer.headers or "just a moment" in answer.text.lower()
    return answer.status in {401, 403, 406, 407} and wall is not None


def _by_number(status: int) -> str:
    return _BY_STATUS.get(status) or (
        "webhook.server_error" if status >= 500 else "webhook.wrong_status"
    )


def _more(answer: ProbeResponse, url: str) -> str:
    """What else the answer shows, as the end of a sentence."""
    headers, text = answer.headers, answer.words
    if 300 <= answer.status < 400:
        return _leads(answer, url)
    if limit := recognize_limit(answer):
        return f": {limit}"
    if front := in_front(answer.status, headers, text):
        return f"; {front}"
    if answer.status < 500 and (wall := recognize_wall(answer.status, headers, text)):
        return f" with {wall}{_quoted(answer)}"
    if answer.status == 405 and "allow" in headers:
        return f"; it allows {answer.header('allow')}"
    if answer.body == answer.challenge.encode():
        return " with the right challenge"
    if answer.status == 500 and answer.challenge in answer.content and "status" in text.lower():
        return "; it uses the challenge as status: send it as the body"
    title = title_of(text)
    return f" with a page titled “{title}”" if title else _quoted(answer)


def _leads(answer: ProbeResponse, url: str) -> str:
    to = answer.header("location")
    if not to:
        return " and doesn't say where to"
    try:
        whole = shown(urljoin(url, to))
        here, there = urlsplit(url), urlsplit(whole)
    except ValueError:
        return " and redirects to something that is not a URL"
    how = ""
    if _is_login(whole):
        how = ", a login"
    elif here.scheme == "http" and there.scheme == "https":
        how = ": https instead of http"
    elif there.path.rstrip("/") == here.path.rstrip("/") and there.path != here.path:
        how = ": they differ in a slash"
    return f" and redirects to {whole.removesuffix('?…')}{how}"


_CURL = {
    3: "webhook.bad_url",
    6: "webhook.dns",
    7: "webhook.connect",
    28: "webhook.timeout",
    35: "webhook.tls_failed",
    47: "webhook.redirect",
    51: "webhook.tls_hostname",
    60: "webhook.tls_untrusted",
    61: "webhook.wrong_body",
}
"""The numbers of libcurl, in which Meta says what it met: https://curl.se/libcurl/c/libcurl-errors.html"""
_CURL_WORDS = {
    "expired": "webhook.tls_expired",
    "not yet valid": "webhook.tls_expired",
    "subject name": "webhook.tls_hostname",
    "from proxy after connect": "webhook.private_address",
}

_VERDICT_WORDS = {"format": "webhook.bad_url", "not reachable": "webhook.connect"}
_VERDICT_WORDS |= dict.fromkeys(("malicious", "abusive", "unsafe"), "webhook.url_blocked")


def finding_for_callback_failure(verdict: CallbackFailure, url: str) -> Finding:
    """The finding for what Meta says it met at the callback."""
    if verdict.curl is not None:
        words = verdict.curl_text.lower()
        by_mark = (id_ for mark, id_ in _CURL_WORDS.items() if mark in words)
        id_ = next(by_mark, None) or _CURL.get(verdict.curl, "webhook.connect")
        return new_finding(
            id_, f"Meta: curl error {verdict.curl}, {verdict.curl_text} ({shown(url)})"
        )
    if verdict.received is not None:
        return _received(verdict.received, url)
    if verdict.status is None:
        if by_words := _by_words(verdict.said):
            return new_finding(by_words, f"Meta: {verdict.said} ({shown(url)})")
        said = f"Meta gave no reason for {shown(url)}: {verdict.said}".rstrip(": ")
        return new_finding("webhook.wrong_status", said)
    said = f"Meta received HTTP status {verdict.status} from {shown(url)}"
    id_ = "webhook.redirect" if 300 <= verdict.status < 400 else _by_number(verdict.status)
    return new_finding(id_, said)


def _by_words(said: str) -> str | None:
    words = said.lower()
    return next((id_ for mark, id_ in _VERDICT_WORDS.items() if mark in words), None)


def _received(text: str, url: str) -> Finding:
    if page := recognize_page(200, {}, text, urlsplit(url).hostname or ""):
        return new_finding(page.finding, f"Meta received {page.whose} from {shown(url)}")
    if mentions_token(text):
        said = f"Meta received a text from {shown(url)} that mentions a wrong token"
        return new_finding("webhook.token_mismatch", said)
    # The challenge that Meta sent is not known here; no text is equal to it.
    answer = ProbeResponse("challenge", 200, {}, text.encode(errors="replace"), 0.0)
    return new_finding(
        "webhook.wrong_body", f"Meta received {difference(answer)} from {shown(url)}"
    )
