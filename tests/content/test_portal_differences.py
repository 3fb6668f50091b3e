"""The ten differences that most often stop people in the new layout: each told on the step where it
bites, and as a finding where the program can see it."""

from __future__ import annotations

import re

from tests.tables import each_line
from wizard import content
from wizard.findings import catalogue
from wizard.guide import StepText, guide
from wizard.portal import layouts
from wizard.values.credentials import Secret, Values
from wizard.values.shapes import check_shape

TOLD = [
    ("8.5", "account is subscribed to your app", "waba_id.app_not_subscribed"),
    ("8.5", "Check test webhooks in Step 1 is probably Meta's own log", None),
    ("6.1", 'look for an item "WhatsApp" in the sidebar', None),
    ("6.5", "replaces the page that this step's title names", None),
    ("8.2", "Don't publish the app because of it", "webhook.app_unpublished"),
    ("7.5", "Not generated yet", "access_token.malformed"),
    ("8.1", "Don't skip it because of its name", "webhook.not_registered"),
    ("8.3", "The access token, which begins with EAA, doesn't belong there", None),
    ("8.3", "doesn't belong there", "verify_token.is_access_token"),
    ("8.3", "Do the same in Verify token with this token", "webhook.token_mismatch"),
    ("8.5", "the row messages reads Subscribed", "webhook.field_missing"),
    ("6.6", "may be the WhatsApp account's", "waba_id.is_whatsapp_account"),
    ("11.5", "If that fails without a reason", "phone_number_id.not_registered"),
    ("11.1", "must be registered first", "message.not_registered"),
]


def said(text: StepText) -> str:
    return " ".join(re.sub(r"[*`]+", "", f"{text.where} {text.body} {text.see}").split())


@each_line(("step", "words", "finding"), TOLD)
def test_each_is_told_where_it_bites(step: str, words: str, finding: str | None) -> None:
    assert words in said(guide().by_id[step].in_layout("new"))
    assert finding is None or catalogue()[finding].cause


def test_the_access_token_in_the_verify_tokens_field_is_seen_as_it_is_pasted() -> None:
    token = Secret("EAA" + "x" * 180)
    values = Values(access_token=token, verify_token=token)
    result = check_shape("verify_token", token, values)
    assert result.finding == "verify_token.is_access_token"


def test_the_catalogue_names_no_page_in_the_words_of_one_layout() -> None:
    """Each place of the portal stands there as a key that every layout has a word for."""
    raw = content.read_text("findings.toml")
    words = {word for layout in layouts().values() for word in layout.words.values()}
    assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", raw)] == []
