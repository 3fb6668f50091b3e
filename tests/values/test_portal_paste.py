"""What is found in a copy of the portal's pages, in each of their layouts.

No clipboard was seen: the blocks are put together from the labels that
https://github.com/agno-agi/agno/pull/8222 and others name. All values are invented.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.tables import each_line
from wizard.values.credentials import plain
from wizard.values.paste import find_alternatives, find_credentials
from wizard.values.shapes import Shape, check_shape, clean

TOKEN = "EAAInventedInventedInvented0123456789ZDZD"
NUMBER, WABA, OTHER_NUMBER, OTHER = (
    "105550001112223",
    "208880004445556",
    "106660002223334",
    "309990007778889",
)
APP, SECRET = "1402220003334445", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

CLASSIC = f"""Access Token
Generate access token
Send and receive messages
Step 1: Select phone numbers
From
Test number: +1 (555) 010-4477
Phone number ID: {NUMBER}
WhatsApp Business Account ID: {WABA}
"""
NEW = f"""Claim a WhatsApp test number
Completed
Test number
+1 (555) 010-4477
Phone Number ID
{NUMBER}
WhatsApp Business account ID
{WABA}
Access token
Not generated yet
Generate token
"""
OWN_NUMBER = f"""Register your WhatsApp phone number
Corner Bakery
WhatsApp Business account ID: {OTHER}
Subscribe webhooks
+49 30 0000000
Registered
Phone Number ID: {OTHER_NUMBER}
Add new number
"""


def found(text: str) -> dict[str, str]:
    return {name: plain(value) for name, value in find_credentials(text).items()}


def alternatives(text: str) -> dict[str, list[str]]:
    return {name: list(them) for name, them in find_alternatives(text).items()}


def flattened(text: str) -> str:
    return " ".join(text.split())


def with_buttons(text: str) -> str:
    return text.replace(f"\n{NUMBER}", f"\nCopy\n{NUMBER}").replace(f"\n{WABA}", f"\nCopy\n{WABA}")


@each_line("copied", [str, flattened, str.upper, with_buttons])
@each_line("page", [CLASSIC, NEW], ids=["classic", "new"])
def test_the_page_with_the_ids_fills_the_same_fields_in_each_layout(
    page: str, copied: Callable[[str], str]
) -> None:
    assert found(copied(page)) == {"phone_number_id": NUMBER, "waba_id": WABA}
    assert alternatives(copied(page)) == {}


@each_line(
    "label",
    [
        "WhatsApp Business Account ID",
        "WhatsApp Business account ID",
        "Business account ID",
        "Messaging account ID",
        "WABA ID",
    ],
)
@each_line("between", [": ", "\n", "\n\nCopy\n", "\t"])
def test_the_account_is_found_under_each_of_its_labels(label: str, between: str) -> None:
    assert found(f"{label}{between}{WABA}\n") == {"waba_id": WABA}


@pytest.mark.parametrize("label", ["WhatsApp account ID", "Instagram Business account ID"])
def test_another_kind_of_account_is_not_taken_for_it(label: str) -> None:
    assert found(f"{label}\n{OTHER}\n") == {}
    assert found(f"{label}\n{OTHER}\nMessaging account ID\n{WABA}") == {"waba_id": WABA}
    assert alternatives(f"{label}: {OTHER} WhatsApp Business account ID: {WABA}") == {}


def test_the_label_that_means_one_kind_alone_goes_before_one_that_may_mean_either() -> None:
    page = f"{OWN_NUMBER}Messaging account ID: {WABA}"
    assert found(page) == {"phone_number_id": OTHER_NUMBER, "waba_id": WABA}
    assert alternatives(page) == {}


@each_line(
    "box",
    [
        f"Test number +1 (555) 010-4477\nAccess token\n{TOKEN}\nCopy\nGenerate new token",
        f"Access token\nCopy\n{TOKEN}\nGenerate new token",
        f"Step 1: Generate token\n{TOKEN}\nCopy\nStep 2: Send a message from your number",
        f"Generate permanent token\n{TOKEN}\nCopy",
        f"Generate new token {TOKEN} Copy",
        f"Token created\n{TOKEN}\nCopy",
    ],
)
def test_a_token_is_found_in_each_box_that_shows_one(box: str) -> None:
    assert found(box) == {"access_token": TOKEN}


@each_line(
    "box",
    [
        "Access token\nNot generated yet\nGenerate token",
        "Your test number\n+1-555-010-4477\nRecipient\n+491700000000\nMessage\nOrder Confirmation",
        "Verify token\n••••••••••\nVerify and save\nWebhook fields\nmessages\nv27.0\nTest",
        "App secret\n••••••••\nShow",
        "Test number\n+1 (555) 010-4477",
    ],
)
def test_a_box_without_a_value_yields_none(box: str) -> None:
    assert found(box) == {}


def test_the_page_of_the_app_yields_what_it_shows() -> None:
    assert found(f"App ID\n{APP}\nApp secret\n••••••••\nShow") == {"app_id": APP}
    shown = f"App ID\n{APP}\nApp secret\n{SECRET}\nReset"
    assert found(shown) == {"app_id": APP, "app_secret": SECRET}


def test_a_paste_of_two_cards_names_all_their_ids() -> None:
    assert alternatives(NEW + OWN_NUMBER) == {
        "phone_number_id": [NUMBER, OTHER_NUMBER],
        "waba_id": [WABA, OTHER],
    }
    assert alternatives(NEW + NEW) == {}


def test_a_name_of_a_variable_settles_which_id_is_meant() -> None:
    text = f"{NEW}{OWN_NUMBER}WHATSAPP_WABA_ID={WABA}\nWHATSAPP_PHONE_NUMBER_ID={NUMBER}\n"
    assert alternatives(text) == {}
    assert found(f"MESSAGING_ACCOUNT_ID={WABA}") == {"waba_id": WABA}


@each_line(
    ("name", "text", "finding", "advice"),
    [
        ("access_token", "Not generated yet", "access_token.malformed", "shows a token once"),
        ("access_token", "Not generated yet\nGenerate token", "access_token.malformed", "once"),
        ("access_token", "••••••••••", "access_token.malformed", "dots"),
        ("app_secret", "••••••••", "app_secret.malformed", "Show"),
        ("verify_token", "••••••••••", "verify_token.masked", "dots"),
        ("verify_token", "**********", "verify_token.masked", "dots"),
    ],
)
def test_what_a_page_shows_in_place_of_a_value_is_refused_with_advice(
    name: str, text: str, finding: str, advice: str
) -> None:
    result = check_shape(name, clean(name, text))
    assert (result.shape, result.finding) == (Shape.WRONG, finding)
    assert advice in result.note


@each_line("filling", [" ", "\n", "*", "1"])
@each_line("text", ["phone number id", "messaging account id", "business account id"])
def test_a_large_paste_is_looked_through_fast(text: str, filling: str) -> None:
    begun = time.process_time()
    find_alternatives(text + filling * 20_000)
    find_alternatives(f"{text}{filling}" * 1_000)
    assert time.process_time() - begun < 1
