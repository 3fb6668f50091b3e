"""Values, cleaned and judged by what they look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.credentials import CREDENTIALS, Secret, Value, Values, plain
from wizard.shapes import Shape, clean, generate_verify_token, judge

TOKEN = "EAA" + "aB3" * 60
SECRET = "0123456789abcdef" * 2
ID = "106540352242922"


def cleaned(name: str, text: str) -> str:
    return plain(clean(name, text))


@pytest.mark.parametrize(
    "noise",
    [
        "{}",
        "  {}  ",
        "\n{}\n",
        "\t{}\r\n",
        '"{}"',
        "'{}'",
        "`{}`",
        "“{}”",
        "{},",
        '"{}",',
        "\ufeff{}",
        "\u200b{}\u200b",
        "\u00a0{}\u00a0",
        "\u2060{}\u00ad",
        "\u202a{}\u202c",
    ],
)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", TOKEN),
        ("app_secret", SECRET),
        ("app_id", "1234567890123456"),
        ("phone_number_id", ID),
        ("waba_id", ID),
        ("verify_token", "aVerifyToken0123456789"),
    ],
)
def test_what_comes_along_with_a_paste_is_taken_off(name: str, value: str, noise: str) -> None:
    assert cleaned(name, noise.format(value)) == value
    assert judge(name, clean(name, noise.format(value))).shape is Shape.GOOD


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {TOKEN}",
        f"bearer  {TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f'"Bearer {TOKEN}"',
        f"{TOKEN[:70]}\n{TOKEN[70:]}",
        f"{TOKEN[:70]}\r\n  {TOKEN[70:]}",
        f"OAuth {TOKEN}",
    ],
)
def test_a_token_loses_its_header_and_its_line_breaks(text: str) -> None:
    assert cleaned("access_token", text) == TOKEN


@given(st.sampled_from(sorted(CREDENTIALS)), st.text(max_size=80))
def test_cleaning_a_second_time_changes_nothing(name: str, text: str) -> None:
    once = cleaned(name, text)
    assert cleaned(name, once) == once


@given(st.sampled_from(sorted(CREDENTIALS)), st.text(max_size=300))
def test_any_text_is_judged(name: str, text: str) -> None:
    judgement = judge(name, clean(name, text))
    if judgement.shape in {Shape.WRONG, Shape.EMPTY}:
        assert judgement.finding is not None
        assert judgement.finding.startswith(f"{name}.")


@given(
    st.integers(10**14, 10**18 - 1),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=60),
    st.text("0123456789abcdef", min_size=32, max_size=32),
)
def test_a_plausible_value_is_never_held_back(number: int, letters: str, hexadecimal: str) -> None:
    for name in ("app_id", "phone_number_id", "waba_id"):
        assert judge(name, str(number)).shape is Shape.GOOD
    assert judge("access_token", Secret(f"EAA{letters}")).shape is Shape.GOOD
    assert judge("app_secret", Secret(hexadecimal)).shape is Shape.GOOD


@pytest.mark.parametrize(
    "number",
    ["+1 555 123 4567", "+15551234567", "(555) 123-4567", "555-123-4567", "+62 812-3456-7890"],
)
def test_a_phone_number_is_not_its_id(number: str) -> None:
    judgement = judge("phone_number_id", clean("phone_number_id", number))
    assert judgement.finding == "phone_number_id.is_phone_number"
    assert judgement.shape is Shape.WRONG


def test_bare_digits_of_a_phone_number_are_asked_about_and_left_to_meta() -> None:
    judgement = judge("phone_number_id", "15551234567")
    assert judgement.shape is Shape.PARTIAL
    assert "phone number?" in judgement.note


def test_the_same_value_in_two_fields_is_noticed_while_typing() -> None:
    judgement = judge("phone_number_id", ID, Values(waba_id=ID))
    assert (judgement.shape, "WABA ID" in judgement.note) == (Shape.DOUBTFUL, True)


@pytest.mark.parametrize(
    ("value", "vendor"),
    [
        ("sk-proj-" + "a" * 40, "OpenAI"),
        ("sk-ant-" + "a" * 40, "Anthropic"),
        ("sk_live_" + "a" * 24, "Stripe"),
        ("ghp_" + "a" * 36, "GitHub"),
        ("xoxb-1234-abcd", "Slack"),
        ("AKIA" + "A" * 16, "AWS"),
        ("AIza" + "a" * 35, "Google"),
        ("SG." + "a" * 22 + "." + "b" * 43, "SendGrid"),
        ("123456789:AA" + "a" * 33, "Telegram"),
        ("eyJhbGciOi.eyJzdWIi.abc", "JSON web token"),
        ("IGAA" + "a" * 60, "Instagram"),
    ],
)
def test_a_key_of_another_service_is_named_and_never_sent(value: str, vendor: str) -> None:
    judgement = judge("access_token", Secret(value))
    assert judgement.shape is Shape.WRONG
    assert vendor in judgement.note


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("access_token", f"1234567890123456|{SECRET}", "access_token.is_app_token"),
        ("access_token", "EAA tök", "access_token.malformed"),
        ("app_secret", f"1234567890123456|{SECRET}", "app_secret.malformed"),
        ("app_secret", TOKEN, "app_secret.malformed"),
        ("app_id", "my-app", "app_id.malformed"),
        ("waba_id", "12 34", "waba_id.malformed"),
        ("verify_token", "two words", "verify_token.whitespace"),
    ],
)
def test_mix_ups_are_named(name: str, value: str, finding: str) -> None:
    wrapped: Value = CREDENTIALS[name].wrap(value)
    judgement = judge(name, wrapped)
    assert (judgement.shape, judgement.finding) == (Shape.WRONG, finding)


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ("short", "verify_token.weak"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "verify_token.weak"),
        ("abc+def/ghi=jklmnopqrst", "verify_token.special_characters"),
    ],
)
def test_a_verify_token_that_asks_for_trouble_is_warned_about(value: str, finding: str) -> None:
    judgement = judge("verify_token", Secret(value))
    assert (judgement.shape, judgement.finding) == (Shape.DOUBTFUL, finding)


def test_a_verify_token_of_ours_is_letters_and_digits_and_never_twice_the_same() -> None:
    made = {generate_verify_token().reveal() for _ in range(200)}
    assert len(made) == 200
    assert all(len(token) >= 32 and token.isalnum() and token.isascii() for token in made)
    assert all(judge("verify_token", Secret(token)).shape is Shape.GOOD for token in made)
