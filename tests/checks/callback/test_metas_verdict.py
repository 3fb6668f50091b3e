"""What Meta says of a URL that it will not call at all."""

from __future__ import annotations

from tests.tables import each_line
from wizard.checks.callback.handshake import finding_for_callback_failure
from wizard.graph.callbacks import parse_callback_failure
from wizard.graph.errors import error_from

URL = "https://a.example/webhook"


@each_line(
    ("code", "said"),
    [
        (2200, "(#2200) Callback verification failed: the URL is malicious"),
        (100, "(#100) The callback URL has been identified as malicious"),
        (368, "The URL you tried to add was found to be abusive or unsafe"),
        (1, "This URL is malicious."),
    ],
)
def test_a_url_that_meta_calls_malicious_needs_another_domain(code: int, said: str) -> None:
    failure = parse_callback_failure(error_from(400, {"code": code, "message": said}))

    assert failure is not None
    finding = finding_for_callback_failure(failure, URL)
    assert finding.id == "webhook.url_blocked"
    assert "malicious" in finding.evidence or "unsafe" in finding.evidence


@each_line("code", [368, 100, 1])
def test_what_is_said_of_no_url_is_no_verdict_on_one(code: int) -> None:
    said = "The action attempted has been deemed abusive or is otherwise disallowed"
    assert parse_callback_failure(error_from(400, {"code": code, "message": said})) is None
