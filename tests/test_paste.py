"""What is found in a paste that holds more than a value."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.credentials import Secret, Value
from wizard.paste import find_credentials, variable_credential

TOKEN = "EAA" + "aB3" * 60
SECRET = "0123456789abcdef" * 2
NUMBER, WABA, APP = "106540352242922", "102290129340398", "634974688087057"

CURL = f"""curl -i -X POST \\
  https://graph.facebook.com/v22.0/{NUMBER}/messages \\
  -H 'Authorization: Bearer {TOKEN}' \\
  -H 'Content-Type: application/json' \\
  -d '{{ "messaging_product": "whatsapp", "to": "15551234567", "type": "template" }}'"""
WINDOWS = (
    f"curl -i -X POST https://graph.facebook.com/v22.0/{NUMBER}/messages ^\n"
    f'  -H "Authorization: Bearer {TOKEN}" ^\n  -d "{{ }}"'
)
PAGE = f"""Step 1: Select phone numbers
From
Test number: +1 555 123 4567
Phone number ID: {NUMBER}
WhatsApp Business Account ID: {WABA}
To"""
TALL_PAGE = f"Access Token\n{TOKEN}\nCopy\nPhone number ID\n{NUMBER}\n\nWhatsApp Business Account ID\n{WABA}"
ENV = f"""# my app
export WHATSAPP_ACCESS_TOKEN="{TOKEN}"
WHATSAPP_PHONE_NUMBER_ID={NUMBER}
  WABA_ID = '{WABA}'
META_APP_ID={APP} # the app
META_APP_SECRET={SECRET}
VERIFY_TOKEN=aVerifyToken0123456789
DATABASE_URL=postgres://x:y@localhost/db
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CURL, {"access_token": Secret(TOKEN), "phone_number_id": NUMBER}),
        (WINDOWS, {"access_token": Secret(TOKEN), "phone_number_id": NUMBER}),
        (PAGE, {"phone_number_id": NUMBER, "waba_id": WABA}),
        (
            TALL_PAGE,
            {"access_token": Secret(TOKEN), "phone_number_id": NUMBER, "waba_id": WABA},
        ),
        (
            ENV,
            {
                "app_id": APP,
                "app_secret": Secret(SECRET),
                "access_token": Secret(TOKEN),
                "phone_number_id": NUMBER,
                "waba_id": WABA,
                "verify_token": Secret("aVerifyToken0123456789"),
            },
        ),
        (f'{{"WHATSAPP_APP_ID": "{APP}", "waba_id": {WABA}}}', {"app_id": APP, "waba_id": WABA}),
        (f"https://developers.facebook.com/apps/{APP}/dashboard/?x=1", {"app_id": APP}),
        (
            f"App ID\n{APP}\nApp secret\n{SECRET}\nHide",
            {"app_id": APP, "app_secret": Secret(SECRET)},
        ),
        ("\ufeffWHATSAPP_APP_ID=" + APP + "\r\n", {"app_id": APP}),
    ],
)
def test_every_value_with_its_name_beside_it_is_found(text: str, found: dict[str, Value]) -> None:
    assert find_credentials(text) == found


@pytest.mark.parametrize(
    "text", ["", TOKEN, NUMBER, SECRET, "hello", "a=b", "{", "{]", "[1, 2]", "App secret\n••••••••"]
)
def test_a_bare_value_or_nothing_of_ours_is_left_to_its_field(text: str) -> None:
    assert find_credentials(text) == {}


def test_the_last_of_two_env_lines_wins_as_in_a_shell() -> None:
    lines = f"WHATSAPP_APP_ID=111111111111111\nWHATSAPP_APP_ID={APP}\n"
    assert find_credentials(lines) == {"app_id": APP}


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("WHATSAPP_ACCESS_TOKEN", "access_token"),
        ("whatsapp_access_token", "access_token"),
        ("CLOUD_API_ACCESS_TOKEN", "access_token"),
        ("WHATSAPP_TOKEN", "access_token"),
        ("PYWA_TOKEN", "access_token"),
        ("M4D_APP_SECRET", "app_secret"),
        ("WA_PHONE_NUMBER_ID", "phone_number_id"),
        ("WHATSAPP_BUSINESS_ACCOUNT_ID", "waba_id"),
        ("WEBHOOK_VERIFICATION_TOKEN", "verify_token"),
        ("HOME", None),
        ("TOKENS", None),
    ],
)
def test_other_libraries_spellings_are_known(variable: str, name: str | None) -> None:
    assert variable_credential(variable) == name


@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    find_credentials(text)


def test_a_line_that_makes_no_sense_says_nothing_to_the_terminal(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("dotenv").propagate = False
    find_credentials("=\n== =\n'\"=\nWHATSAPP_APP_ID='123")
    assert capfd.readouterr() == ("", "")
