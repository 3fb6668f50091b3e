"""An ID of another kind is recognised by whatever a server shows of it."""

from __future__ import annotations

from dataclasses import replace

from tests.checks.foreign import (
    APP,
    BUSINESS,
    NUMBERS,
    OTHER_PHONE,
    OTHER_WABA,
    PHONE,
    VALUES,
    WABA,
    Answers,
    examined,
    granted,
    no_field,
    no_such,
    number,
    picky,
    token,
)
from tests.tables import each_line
from wizard.values.credentials import Values

SWAPPED: list[tuple[str, str, Values, Answers]] = [
    (
        "phone_number_id.is_waba_id",
        "the WABA's own, by its kind",
        replace(VALUES, phone_number_id=WABA),
        {WABA: picky(WABA, "WhatsAppBusinessAccount", {"id", "name"}, {"id": WABA, "name": "S"})},
    ),
    (
        "phone_number_id.is_waba_id",
        "the WABA's own, whatever is asked of it",
        replace(VALUES, phone_number_id=WABA),
        {},
    ),
    (
        "phone_number_id.is_waba_id",
        "another WABA's, by its kind",
        replace(VALUES, phone_number_id=OTHER_WABA),
        {OTHER_WABA: no_field("display_phone_number", "WhatsAppBusinessAccount")},
    ),
    (
        "phone_number_id.is_waba_id",
        "another WABA's, whatever is asked of it",
        replace(VALUES, phone_number_id=OTHER_WABA),
        {
            OTHER_WABA: {"id": OTHER_WABA, "name": "Other"},
            f"{OTHER_WABA}/phone_numbers": {"data": [number(OTHER_PHONE)]},
        },
    ),
    (
        "phone_number_id.is_waba_id",
        "a granted WABA's, which seems not to exist",
        replace(VALUES, phone_number_id=OTHER_WABA),
        {"debug_token": token(granular_scopes=granted(WABA, OTHER_WABA))},
    ),
    (
        "phone_number_id.is_other_object",
        "a portfolio's, whatever is asked of it",
        replace(VALUES, phone_number_id=BUSINESS),
        {BUSINESS: {"id": BUSINESS, "name": "Firm"}},
    ),
    (
        "waba_id.is_business_id",
        "by the kind of both",
        replace(VALUES, waba_id=BUSINESS),
        {
            BUSINESS: no_field("account_review_status", "Business"),
            f"{BUSINESS}/phone_numbers": no_field("phone_numbers", "Business"),
        },
    ),
    (
        "waba_id.is_business_id",
        "by the kind of its list",
        replace(VALUES, waba_id=BUSINESS),
        {
            BUSINESS: {"id": BUSINESS, "name": "Firm"},
            f"{BUSINESS}/phone_numbers": no_field("phone_numbers", "Business"),
        },
    ),
    (
        "waba_id.is_business_id",
        "by the kind of its list, with grants",
        replace(VALUES, waba_id=BUSINESS),
        {
            "debug_token": token(granular_scopes=granted(WABA)),
            BUSINESS: {"id": BUSINESS, "name": "Firm"},
            f"{BUSINESS}/phone_numbers": no_field("phone_numbers", "Business"),
        },
    ),
    (
        "waba_id.is_business_id",
        "by what the token says of portfolios",
        replace(VALUES, waba_id=BUSINESS),
        {
            "debug_token": token(
                granular_scopes=[
                    *granted(WABA),
                    {"scope": "business_management", "target_ids": [BUSINESS]},
                ]
            ),
            BUSINESS: {"id": BUSINESS, "name": "Firm"},
        },
    ),
    (
        "waba_id.is_business_id",
        "by the accounts that it owns",
        replace(VALUES, waba_id=BUSINESS),
        {
            BUSINESS: {"id": BUSINESS, "name": "Firm"},
            f"{BUSINESS}/owned_whatsapp_business_accounts": {"data": [{"id": WABA, "name": "S"}]},
        },
    ),
    (
        "waba_id.is_other_object",
        "an app's, of which there is no list",
        replace(VALUES, waba_id=APP),
        {},
    ),
    (
        "waba_id.is_phone_number_id",
        "by the kind of both",
        replace(VALUES, waba_id=PHONE),
        {
            PHONE: picky(PHONE, "WhatsAppBusinessPhoneNumber", {"id", *number()}, number()),
            f"{PHONE}/phone_numbers": no_field("phone_numbers", "WhatsAppBusinessPhoneNumber"),
        },
    ),
    (
        "waba_id.is_phone_number_id",
        "by the number that it shows",
        replace(VALUES, waba_id=PHONE),
        {},
    ),
    (
        "waba_id.is_phone_number_id",
        "swapped with the other, with grants",
        replace(VALUES, waba_id=PHONE, phone_number_id=WABA),
        {"debug_token": token(granular_scopes=granted(WABA))},
    ),
    (
        "phone_number_id.is_phone_number",
        "in digits",
        replace(VALUES, phone_number_id="15550100"),
        {},
    ),
]


@each_line(
    ("cause", "values", "answers"),
    [(cause, *rest) for cause, _, *rest in SWAPPED],
    ids=[f"{cause}, {how}" for cause, how, *_ in SWAPPED],
)
async def test_an_id_of_another_kind_is_recognised(
    cause: str, values: Values, answers: Answers
) -> None:
    report = await examined(answers, values)

    assert report.as_dict()["primary"] == cause
    assert report.exit_code == 1


async def test_a_wrong_waba_id_offers_those_that_the_token_is_granted_for() -> None:
    report = await examined(
        {
            "debug_token": token(granular_scopes=granted(OTHER_WABA)),
            WABA: no_such(WABA),
            NUMBERS: no_such(WABA),
            f"{OTHER_WABA}/phone_numbers": {"data": [number()]},
        }
    )

    assert report.primary is not None
    assert [choice.value for choice in report.primary.choices] == [OTHER_WABA]


async def test_a_portfolio_offers_the_accounts_that_it_owns() -> None:
    owned = f"{BUSINESS}/owned_whatsapp_business_accounts"
    answers: Answers = {
        BUSINESS: {"id": BUSINESS, "name": "Firm"},
        owned: {"data": [{"id": WABA, "name": "Shop"}, {"id": OTHER_WABA, "name": "Stall"}]},
    }
    report = await examined(answers, replace(VALUES, waba_id=BUSINESS))

    assert report.primary is not None
    assert [choice.value for choice in report.primary.choices] == [WABA, OTHER_WABA]
