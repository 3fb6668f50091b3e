"""What a callback URL tells by itself."""

from __future__ import annotations

from tests.tables import each_line
from wizard.checks.callback.address import shown, url_problem


@each_line(
    ("url", "expected"),
    [
        ("", "webhook.bad_url"),
        ("example.com/webhook", "webhook.bad_url"),
        ("localhost:8000/webhook", "webhook.bad_url"),
        ("https:/example.com/webhook", "webhook.bad_url"),
        ("https:///webhook", "webhook.bad_url"),
        ("ftp://example.com/webhook", "webhook.bad_url"),
        ("https://exa mple.com/webhook", "webhook.bad_url"),
        ("https://example.com/web hook", "webhook.bad_url"),
        ("https://example.com\\webhook", "webhook.bad_url"),
        ("https://example.com:99999/webhook", "webhook.bad_url"),
        ("https://example.com:0/webhook", "webhook.bad_url"),
        ("https://example.com:/webhook", "webhook.bad_url"),
        ("https://example.com:port/webhook", "webhook.bad_url"),
        ("https://[::1/webhook", "webhook.bad_url"),
        ("https://example..com/webhook", "webhook.bad_url"),
        ("https://-example.com/webhook", "webhook.bad_url"),
        ("https://user:s3cr3t@example.com/webhook", "webhook.bad_url"),
        ("https://example.com/webhook#top", "webhook.bad_url"),
        ("http://example.com/webhook", "webhook.not_https"),
        ("https://10.1.2.3/webhook", "webhook.private_address"),
        ("https://172.16.0.1/webhook", "webhook.private_address"),
        ("https://192.168.0.10:8443/webhook", "webhook.private_address"),
        ("http://192.168.0.10/webhook", "webhook.private_address"),
        ("https://169.254.1.1/webhook", "webhook.private_address"),
        ("https://100.64.0.1/webhook", "webhook.private_address"),
        ("https://0.0.0.0:8000/webhook", "webhook.private_address"),
        ("https://[fe80::1]/webhook", "webhook.private_address"),
        ("https://[fd00::1]/webhook", "webhook.private_address"),
        ("https://printer.local/webhook", "webhook.private_address"),
        ("https://db.internal/webhook", "webhook.private_address"),
        ("https://nas.lan/webhook", "webhook.private_address"),
        ("https://nas.home.arpa./webhook", "webhook.private_address"),
        ("https://web/webhook", "webhook.private_address"),
        ("https://example.com/web+hook", "webhook.plus_in_path"),
        ("http://127.0.0.1:8000/+/webhook", "webhook.plus_in_path"),
    ],
)
def test_a_url_that_meta_would_not_call_as_it_stands_is_named(url: str, expected: str) -> None:
    finding = url_problem(url)
    assert finding is not None
    assert finding.id == expected
    assert finding.evidence
    assert "s3cr3t" not in finding.evidence


@each_line(
    "url",
    [
        "https://example.com/webhook",
        "HTTPS://Example.COM/webhook",
        "https://example.com",
        "https://example.com:8443/webhook/",
        "https://example.com./webhook",
        "https://bücher.example/webhook",
        "https://my_tunnel.example.com/a%2Bb?shop=1+2",
        "https://8.8.8.8/webhook",
        "http://127.0.0.1:8000/webhook",
        "http://localhost:8000/webhook",
        "http://[::1]:8000/webhook",
        "http://127.8.9.1/webhook",
    ],
)
def test_a_url_that_can_be_called_is_left_alone(url: str) -> None:
    assert url_problem(url) is None


def test_a_url_is_shown_without_what_may_be_secret_in_it() -> None:
    assert shown("https://a:b@example.com:8/x?key=1#c") == "https://example.com:8/x?…"
