"""Faults of the way to Graph, and of Graph itself."""

from __future__ import annotations

from wizard.simulator.faults.definitions import Break, Scenario, change_meta, untouched
from wizard.simulator.meta import Meta
from wizard.simulator.world.state import Outage

# Port 1 is tcpmux's, and nothing runs that; `.invalid` never resolves (RFC 6761).
_CLOSED_PORT = "http://127.0.0.1:1"
_NO_SUCH_HOST = "https://graph.invalid"
_UNENCRYPTED = "http://graph.invalid"


def _out(kind: Outage) -> Break:
    def change(meta: Meta) -> None:
        meta.outage = kind

    return change_meta(change)


def _years_later(meta: Meta) -> None:
    meta.oldest_version, meta.newest_version = "v40.0", "v45.0"


def _years_before(meta: Meta) -> None:
    meta.oldest_version, meta.newest_version = "v13.0", "v20.0"


def _over_tls(base: str) -> str:
    return base.replace("http:", "https:", 1)


SCENARIOS = (
    Scenario(
        "graph.dns", "The host's name does not resolve.", untouched, lambda _base: _NO_SUCH_HOST
    ),
    Scenario("graph.connect", "Nothing listens there.", untouched, lambda _base: _CLOSED_PORT),
    Scenario("graph.insecure", "It is plain HTTP.", untouched, lambda _base: _UNENCRYPTED),
    Scenario("graph.tls", "The server doesn't speak TLS.", untouched, _over_tls),
    Scenario("graph.timeout", "The response never arrives.", _out(Outage.HANG)),
    Scenario("graph.not_json", "A hotel's Wi-Fi login page answers.", _out(Outage.PORTAL)),
    Scenario(
        "graph.not_json/redirect", "The Wi-Fi redirects to its login page.", _out(Outage.REDIRECT)
    ),
    Scenario("graph.not_json/empty", "The response is empty.", _out(Outage.EMPTY)),
    Scenario("graph.not_json/cut_short", "Half of the JSON arrives.", _out(Outage.CUT_SHORT)),
    Scenario("graph.server_error", "Graph reports an error of its own.", _out(Outage.JSON_ERROR)),
    Scenario("graph.server_error/html", "Meta's error page answers.", _out(Outage.HTML_ERROR)),
    Scenario(
        "graph.server_error/unknown", "Graph reports an unknown error.", _out(Outage.UNKNOWN_ERROR)
    ),
    Scenario("graph.rate_limited", "The app used up its calls.", _out(Outage.APP_LIMIT)),
    Scenario("graph.rate_limited/waba", "The account used up its calls.", _out(Outage.WABA_LIMIT)),
    Scenario(
        "graph.rate_limited/bare", "Graph returns 429 without a reason.", _out(Outage.BARE_LIMIT)
    ),
    Scenario(
        "graph.refused",
        "Graph returns an error that says nothing about the values.",
        _out(Outage.REFUSED),
    ),
    Scenario("graph.parameter_refused", "Graph no longer knows a field.", _out(Outage.FIELD_GONE)),
    Scenario(
        "graph.version_unknown",
        "The requested version doesn't exist yet.",
        change_meta(_years_before),
    ),
    Scenario(
        "graph.version_retired",
        "The requested version was retired years ago.",
        change_meta(_years_later),
    ),
)
