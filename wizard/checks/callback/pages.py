"""Pages that are not the endpoint's own: a tunnel's, a proxy's, a firewall's, a login's."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from wizard.support.patterns import LatePattern

_NGROK = {
    "tunnel.offline": (3200,),
    "tunnel.upstream_down": (3004, 8012),
    "webhook.interstitial": (6024,),
    "webhook.placeholder": (),
    "tunnel.quota": (702, 725, 727, 734),
    "tunnel.authtoken_missing": (302, 340, 6022),
    "tunnel.account_blocked": (102, 103, 247, 3208, 8014),
    "tunnel.endpoint_in_use": (334, 6030),
}
"""https://ngrok.com/docs/errors/"""
_NGROK_BY_STATUS = {
    401: "webhook.unauthorized",
    403: "webhook.unauthorized",
    404: "tunnel.offline",
    429: "tunnel.quota",
}
_CODE = LatePattern(r"ERR_NGROK_([0-9]{1,6})")


class Page(NamedTuple):
    """The finding that a page amounts to, and whose it is."""

    finding: str
    whose: str


@dataclass(frozen=True)
class _Mark:
    finding: str
    whose: str
    text: str = ""
    statuses: tuple[int, ...] = ()
    host: str = ""

    def fits(self, status: int, text: str, host: str) -> bool:
        return (
            (not self.statuses or status in self.statuses)
            and (not self.finding.startswith("webhook.") or _is_html(text))
            and bool(re.search(self.text, text, re.IGNORECASE))
            and bool(re.search(self.host, host))
        )


_DOWN = (500, 502, 503, 504)
_CLOUDFLARED = r"\.trycloudflare\.com$"
_LOCALTUNNEL = r"\.(loca\.lt|localtunnel\.me)$"
_MARKS = (
    _Mark("webhook.placeholder", "ngrok's placeholder page", "your new ngrok cloud endpoint"),
    _Mark("webhook.interstitial", "ngrok's warning page", "ngrok-skip-browser-warning"),
    _Mark(
        "webhook.interstitial",
        "localtunnel's reminder page",
        "tunnel password|bypass-tunnel-reminder|tunnel website ahead|friendly reminder",
    ),
    _Mark(
        "webhook.interstitial", "localtunnel's reminder page", statuses=(511,), host=_LOCALTUNNEL
    ),
    _Mark("webhook.interstitial", "a tunnel's warning page", "you are about to (visit|connect)"),
    _Mark("tunnel.offline", "Cloudflare's page", r"\b1033\b|cloudflare tunnel error", (530, 502)),
    _Mark("tunnel.offline", "Cloudflare's page", statuses=(530,), host=_CLOUDFLARED),
    _Mark("tunnel.offline", "localtunnel's page", statuses=(404, 503), host=_LOCALTUNNEL),
    _Mark(
        "tunnel.offline",
        "a tunnel's page",
        r"tunnel (is )?(unavailable|offline|not found|expired)|no tunnel (here|found)"
        r"|tunnel \S+ (was )?not found|endpoint is offline",
        (404, 410, 502, 503, 504),
    ),
    _Mark("tunnel.upstream_down", "cloudflared's page", "cloudflared|origin service", _DOWN),
    _Mark("tunnel.upstream_down", "Cloudflare's page", statuses=_DOWN, host=_CLOUDFLARED),
    _Mark("tunnel.upstream_down", "localtunnel's page", statuses=_DOWN, host=_LOCALTUNNEL),
    _Mark("tunnel.upstream_down", "ngrok's page", "ngrok gateway error"),
)


def recognize_page(
    status: int, headers: Mapping[str, str], text: str, host: str = ""
) -> Page | None:
    """Whose page an answer is, where a tunnel's own words or codes tell."""
    code = headers.get("ngrok-error-code", "")
    if not code and (status != 200 or _is_html(text)):
        code = text
    if numbered := _CODE.search(code):
        return _ngrok(int(numbered[1]), status)
    marked = (mark for mark in _MARKS if mark.fits(status, text, host))
    return next((Page(mark.finding, mark.whose) for mark in marked), None)


def _ngrok(code: int, status: int) -> Page:
    by_code = (id_ for id_, codes in _NGROK.items() if code in codes)
    id_ = next(by_code, None) or _NGROK_BY_STATUS.get(status, "tunnel.upstream_down")
    return Page(id_, f"ngrok's page ERR_NGROK_{code}")


_DENIED = (
    r"(?<!csrf )verification failed"
    r"|tokens? (mismatch|invalid|(is|was) (wrong|invalid|incorrect)|do(es)?(n't| not) match)"
    r"|(wrong|invalid|incorrect|bad|mismatched|unknown) (verif\w+ |validation )?token"
)
_DENIES = LatePattern(_DENIED, re.IGNORECASE)
_OURS = LatePattern(rf"verif(y|ication)[ _-]?token|hub[._]verify|{_DENIED}", re.IGNORECASE)
CSRF = "a CSRF check"
_WALLS = (
    (
        "a login",
        r"<input[^>]+type=[\"']?password|\b(log|sign)[ -]?in\b|single sign-on|\bsso\b"
        r"|authentication (is )?required|not (authenticated|logged in)|login required"
        r"|unauthenticated|missing authentication|authentication credentials"
        r"|authorization (header|required)"
        r"|\b(jwt|bearer|api[ _-]?key|session)\b",
    ),
    (
        "a firewall",
        r"attention required|just a moment|cloudflare"
        r"|access (to this \w+ )?(is |was |has been )?denied"
        r"|(request|you|client|ip)\b.{0,30}\bblocked|firewall|\bwaf\b|mod_?security|not acceptable!"
        r"|error code: 1\d\d\d|incapsula|imperva|sucuri|akamai|support id|captcha"
        r"|\bbots?\b|unusual traffic"
        r"|request could not be satisfied|administrative rules|not allowed from|not whitelisted"
        r"|reference #\d|your (ip|country|region)",
    ),
    (
        "the web server itself",
        r"<center>(nginx|openresty|tengine|cloudflare)|<address>apache|permission to access /"
        r"|permission to access this resource|403 - forbidden: access is denied",
    ),
)
_CSRF = LatePattern(
    r"csrf|xsrf|forgery|invalid ?authenticity ?token|authenticity token|page expired"
    r"|cross-site (post|request)|the change you wanted was rejected",
    re.IGNORECASE,
)
_PAGE_EXPIRED = 419
"""Laravel's, of a form whose token is missing."""
_WALL_HEADERS = {
    "cf-mitigated": "Cloudflare's challenge",
    "proxy-authenticate": "a proxy's login",
    "x-amzn-waf-action": "Amazon's firewall",
    "x-sucuri-block": "Sucuri's firewall",
    "x-iinfo": "Imperva's firewall",
    "x-datadome": "DataDome's firewall",
    "x-vercel-protection-bypass": "Vercel's protection",
}


def is_csrf(status: int, text: str) -> bool:
    """Whether a refusal is a framework's check against forged forms, which no message passes."""
    return status == _PAGE_EXPIRED or (400 <= status < 500 and bool(_CSRF.search(text)))


def mentions_token(text: str) -> bool:
    """Whether a refusal is the endpoint's own word about the verify token."""
    missing = re.search(r"missing|required|not (set|configured)", text, re.IGNORECASE)
    return len(text) < 2000 and not missing and bool(_OURS.search(text))


def denies_token(text: str) -> bool:
    """The same, where a crash's text says it: one that merely names the token is no refusal."""
    return mentions_token(text) and bool(_DENIES.search(text))


def recognize_wall(status: int, headers: Mapping[str, str], text: str) -> str | None:
    """What stands before the endpoint and turned a call away, where the answer shows that."""
    if mentions_token(text):
        return None
    by_words = _by_words(text) or (CSRF if is_csrf(status, text) else None)
    return recognize_sure_wall(status, headers) or by_words


def recognize_sure_wall(status: int, headers: Mapping[str, str]) -> str | None:
    """The same, where its own headers tell, which an endpoint would not send."""
    if status == 407:
        return "a proxy's login"
    if scheme := headers.get("www-authenticate", "").split(" ")[0].rstrip(","):
        return f"a login (WWW-Authenticate: {scheme})"
    if named := next((whose for name, whose in _WALL_HEADERS.items() if name in headers), None):
        return named
    akamai = headers.get("server", "").lower().startswith("akamaighost")
    return "Akamai's firewall" if akamai else None


def _by_words(text: str) -> str | None:
    words = (what for what, mark in _WALLS if re.search(mark, text, re.IGNORECASE | re.DOTALL))
    return next(words, None)


_BEHIND = {
    520: "the server behind it sends an invalid response",
    521: "the server behind it is down",
    522: "the server behind it can't be reached in time",
    523: "the server behind it can't be reached",
    524: "the server behind it takes too long",
    525: "TLS to the server behind it fails: check the SSL/TLS mode",
    526: "the certificate of the server behind it is not valid: check the SSL/TLS mode",
    530: "the server behind it can't be found",
}
"""https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/"""
_IN_FRONT = LatePattern(
    r"nginx|openresty|apache|cloudflare|awselb|cloudfront|caddy|varnish|envoy|traefik|haproxy"
    r"|akamai|google frontend|heroku|vercel|vegur|fly|render",
    re.IGNORECASE,
)


_HAPROXY = LatePattern(
    r"<h1>50[234] [^<]*</h1>\s*(no server is available to handle this request"
    r"|the server (returned an invalid or incomplete response|didn't respond in time))",
    re.IGNORECASE,
)
"""HAProxy's own pages, which do not bear its name."""


def in_front(status: int, headers: Mapping[str, str], text: str) -> str:
    """Which proxy speaks in place of the server behind it, in words; empty where none is seen."""
    said = f"{headers.get('server', '')} {headers.get('via', '')} {text[:2000]}"
    named = _IN_FRONT.search(said)
    if status in _BEHIND:
        return f"{named[0] if named else 'A proxy'} in front reports that {_BEHIND[status]}"
    if status in {502, 503, 504} and (named or _HAPROXY.search(text)):
        name = named[0] if named else "HAProxy"
        return f"{name} in front gets no response from the server behind it"
    return ""


def title_of(text: str) -> str:
    """The title of an HTML page, or its first heading."""
    for tag in ("title", "h1"):
        match = re.search(rf"<{tag}[^>]*>(.*?)</{tag}", text, re.IGNORECASE | re.DOTALL)
        if match and (words := " ".join(html.unescape(match[1]).split())):
            return "".join(letter for letter in words if letter.isprintable())[:60]
    return ""


def extract_reason(text: str) -> str:
    """What an answer says of its own in a line: its JSON's word on what is wrong, with the hint
    beside it, or its page's title."""
    if text.lstrip()[:1] != "{":
        return title_of(text)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    reason = next(_reasons(told, _SAYING), "")
    hint = next(_reasons(told, ("hint",)), "")
    return f"{reason}; {hint}" if reason and hint else reason or hint


_SAYING = ("message", "detail", "error_description", "error", "reason", "title", "msg", "errors")
_LONGEST = 160


def _reasons(told: object, names: Iterable[str], depth: int = 0) -> Iterator[str]:
    if isinstance(told, list) and told:
        told = told[0]
    if isinstance(told, str) and depth and told.strip():
        line = "".join(letter for letter in " ".join(told.split()) if letter.isprintable())
        yield line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    if isinstance(told, dict) and depth < 4:
        members = {str(name).lower(): value for name, value in told.items()}
        for name in names:
            yield from _reasons(members.get(name), names, depth + 1)


def _is_html(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t")[:1] == "<"
