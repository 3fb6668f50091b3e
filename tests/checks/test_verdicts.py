"""Meta's own words about a callback, and pages that only their host gives away."""

from __future__ import annotations

from tests.tables import each_line
from wizard.checks.callback.handshake import finding_for_callback_failure, finding_for_response
from wizard.graph.callbacks import CallbackFailure
from wizard.webhook.probe import ProbeResponse

URL = "https://example.com/webhook"
PAGE = "<!DOCTYPE html><title>{}</title>"


@each_line(
    ("verdict", "expected", "said"),
    [
        (CallbackFailure(status=403), "webhook.token_mismatch", "403"),
        (CallbackFailure(status=404), "webhook.not_found", "404"),
        (CallbackFailure(status=405), "webhook.method_not_allowed", "405"),
        (CallbackFailure(status=302), "webhook.redirect", "302"),
        (CallbackFailure(status=502), "webhook.server_error", "502"),
        (CallbackFailure(status=201), "webhook.wrong_status", "201"),
        (CallbackFailure(), "webhook.wrong_status", "gave no reason"),
        (CallbackFailure(curl=6, curl_text="Could not resolve host"), "webhook.dns", "resolve"),
        (CallbackFailure(curl=7), "webhook.connect", "curl error 7"),
        (CallbackFailure(curl=52, curl_text="Empty reply from server"), "webhook.connect", "Empty"),
        (CallbackFailure(curl=28, curl_text="Operation timed out"), "webhook.timeout", "timed out"),
        (CallbackFailure(curl=35), "webhook.tls_failed", "curl error 35"),
        (CallbackFailure(curl=47), "webhook.redirect", "curl error 47"),
        (CallbackFailure(curl=51), "webhook.tls_hostname", "curl error 51"),
        (CallbackFailure(curl=60, curl_text="self-signed"), "webhook.tls_untrusted", "self-signed"),
        (
            CallbackFailure(curl=60, curl_text="certificate has expired"),
            "webhook.tls_expired",
            "expired",
        ),
        (
            CallbackFailure(curl=60, curl_text="no alternative certificate subject name matches"),
            "webhook.tls_hostname",
            "subject",
        ),
        (
            CallbackFailure(curl=56, curl_text="Received HTTP code 403 from proxy after CONNECT"),
            "webhook.private_address",
            "CONNECT",
        ),
        (CallbackFailure(curl=56, curl_text="Connection reset"), "webhook.connect", "reset"),
        (CallbackFailure(received=""), "webhook.wrong_body", "an empty body"),
        (CallbackFailure(received=PAGE.format("Shop")), "webhook.wrong_body", "“Shop”"),
        (
            CallbackFailure(received=PAGE.format("Your new ngrok Cloud Endpoint!")),
            "webhook.placeholder",
            "placeholder",
        ),
        (CallbackFailure(received=PAGE.format("ERR_NGROK_6024")), "webhook.interstitial", "6024"),
        (CallbackFailure(received="Wrong verify token"), "webhook.token_mismatch", "token"),
    ],
)
def test_metas_verdict_is_told_in_the_catalogues_words(
    verdict: CallbackFailure, expected: str, said: str
) -> None:
    finding = finding_for_callback_failure(verdict, URL)
    assert finding.id == expected
    assert said in finding.evidence


@each_line(
    ("status", "host", "expected"),
    [
        (502, "a.trycloudflare.com", "tunnel.upstream_down"),
        (530, "a.trycloudflare.com", "tunnel.offline"),
        (511, "a.loca.lt", "webhook.interstitial"),
        (404, "a.loca.lt", "tunnel.offline"),
        (503, "a.loca.lt", "tunnel.offline"),
        (502, "a.loca.lt", "tunnel.upstream_down"),
        (502, "a.example", "webhook.server_error"),
        (404, "a.example", "webhook.not_found"),
    ],
)
def test_a_tunnels_page_is_known_by_its_host(status: int, host: str, expected: str) -> None:
    answer = ProbeResponse("1158201444", status, {}, PAGE.format("Oops").encode(), 0.1)
    assert finding_for_response(answer, f"https://{host}/webhook").id == expected
