"""Frameworks that answer only to the host names they were told of, and how each refuses others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wizard.support.patterns import LatePattern


@dataclass(frozen=True)
class HostCheck:
    """A framework's check of the Host header; `framework` begins its line of the fix."""

    framework: str
    statuses: tuple[int, ...]
    text: str

    def fits(self, status: int, text: str) -> bool:
        return status in self.statuses and bool(
            re.search(self.text, text, re.IGNORECASE | re.DOTALL)
        )


_CHECKS = (
    HostCheck("Django", (400,), r"disallowedhost|invalid http_host header|\ballowed_hosts\b"
              r"|<title>bad request \(400\)</title>"),
    HostCheck("Rails", (403,), r"blocked hosts?\b|config\.hosts|hostauthorization"),
    HostCheck("Sinatra", (403,), r"^\s*host not permitted"),
    HostCheck("Vite", (403,), r"(server|preview)\.allowedhosts|vite\.config"
              r"|blocked request\.? ?this host\b.{0,200}not allowed"),
    HostCheck("Starlette", (400,), r"^\s*invalid host header\s*$"),
    HostCheck("webpack", (200, 403), r"^\s*(<[^>]*>\s*)*invalid host(/origin)? header\b"),
    HostCheck("Flask", (400,), r"\bhost\b.{0,200}\bis not trusted|securityerror"),
    HostCheck("Symfony", (400, 500), r"untrusted host|suspiciousoperationexception"),
    HostCheck("Laravel", (400, 404), r"bad hostname provided"),
    HostCheck("ASP.NET", (400,), r"request hostname is invalid|bad request - invalid hostname"),
    HostCheck("Play", (400,), r"^\s*host not allowed|allowedhostsfilter|host not allowed:"),
)  # fmt: skip
_OTHER = LatePattern(
    r"\b(host|hostname|host name|host header|http_host|domain)\b[^<\n]{0,80}?(\bnot|n't|\bnever)\b"
    r"[^<\n]{0,30}\b(allow|permit|trust|recogni|whitelist|accept|authori|known)"
    r"|\b(host|hostname|domain)\b[^<\n]{0,80}?\b(untrusted|disallowed|blocked|rejected)\b"
    r"|\bnon-local .?host|dns rebinding"
    r"|\b(invalid|untrusted|disallowed|unknown|unrecogni[sz]ed|forbidden|unexpected|bad|blocked)"
    r"[ -](host|hosts|hostname|host name|host header|domain)\b|\bmisdirected request\b",
    re.IGNORECASE,
)
_REFUSED = (400, 403, 421, 444)
ANY = "a framework"


def recognize_host_check(status: int, text: str) -> HostCheck | None:
    """The check that refused this host, where the answer's words tell."""
    known = next((check for check in _CHECKS if check.fits(status, text[:6000])), None)
    if known is not None:
        return known
    if status in _REFUSED and len(text) < 4000 and _OTHER.search(text):
        return HostCheck(ANY, _REFUSED, "")
    return None
