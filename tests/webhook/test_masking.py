"""No secret is shown, however a server wrote it."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from wizard.values.credentials import MASK, Secret
from wizard.webhook.redaction import redact

SECRET = 'a B+c/"d"&é-0123456789'


@pytest.mark.parametrize(
    "written",
    [
        str,
        str.upper,
        str.lower,
        lambda text: quote(text, safe=""),
        quote_plus,
        html.escape,
        lambda text: json.dumps(text)[1:-1],
        lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
        lambda text: text[:12],
        lambda text: text[-12:],
        lambda text: text[5:17],
    ],
)
def test_it_is_taken_out_whole_or_in_part(written: Callable[[str], str]) -> None:
    assert redact(f"<{written(SECRET)}>", [Secret(SECRET)]) == f"<{MASK}>"


def test_what_is_not_secret_stays() -> None:
    assert redact("nothing of it, 0123", [Secret(SECRET)]) == "nothing of it, 0123"


def test_a_word_that_token_and_path_share_stays_where_parts_do_not_matter() -> None:
    token = Secret("my-webhook-token")
    assert redact("/webhook", [token], parts=False) == "/webhook"
    assert redact("/my-webhook-token", [token], parts=False) == f"/{MASK}"
