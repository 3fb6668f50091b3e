"""The right cause is named however a server puts it."""

from __future__ import annotations

from tests.checks.foreign import (
    APP,
    MANAGE,
    NUMBERS,
    OTHER_APP,
    OTHER_PHONE,
    OTHER_WABA,
    PHONE,
    SEND,
    SIXTY,
    WABA,
    Answers,
    Pages,
    Reply,
    dead,
    error,
    examined,
    granted,
    no_such,
    number,
    token,
)
from tests.tables import each_line

EXPIRED = "Error validating access token: Session has expired on Sunday, 22-Nov-26 09:00:00 PST."
SIGNATURE = "Invalid OAuth access token signature."
ARCHIVED = "API access deactivated. To reactivate, go to the My Apps page to unarchive it."
BEHALF = f"Cannot call API for app {APP} on behalf of user 122093996457147387"
VIEWING = "(#100) The App_id in the input_token did not match the Viewing App"
ENDED = 1_700_000_000

CAUSES: list[tuple[str, str, Answers]] = [
    (
        "app_id.unknown",
        "101",
        {
            "oauth/access_token": error(
                101,
                "Error validating application. Cannot get application info due to a system error.",
            )
        },
    ),
    (
        "app_id.unknown",
        "101 with 404",
        {
            "oauth/access_token": error(
                101, "Error validating application. Invalid application ID.", status=404
            )
        },
    ),
    (
        "app_id.unknown",
        "190",
        {"oauth/access_token": error(190, "Error validating application.", status=401)},
    ),
    (
        "app_id.unknown",
        "1",
        {"oauth/access_token": error(1, "Error validating application. Invalid application ID.")},
    ),
    ("app_id.unknown", "no such object", {"oauth/access_token": no_such(APP)}),
    (
        "app_id.unknown",
        "said by debug_token alone",
        {"debug_token": error(190, "Error validating application.")},
    ),
    (
        "app_secret.mismatch",
        "1",
        {"oauth/access_token": error(1, "Error validating client secret.")},
    ),
    (
        "app_secret.mismatch",
        "1 with 401",
        {"oauth/access_token": error(1, "Error validating client secret.", status=401)},
    ),
    (
        "app_secret.mismatch",
        "1 with 200",
        {"oauth/access_token": error(1, "Error validating client secret.", status=200)},
    ),
    (
        "app_secret.mismatch",
        "in other words",
        {"oauth/access_token": error(1, "Invalid client_secret")},
    ),
    (
        "app_secret.mismatch",
        "190",
        {"oauth/access_token": error(190, SIGNATURE), "debug_token": error(190, SIGNATURE)},
    ),
    ("app_secret.mismatch", "said by debug_token alone", {"debug_token": error(190, SIGNATURE)}),
    ("access_token.expired", "a fact", {"debug_token": dead(190, EXPIRED, 463)}),
    ("access_token.expired", "a fact without subcode", {"debug_token": dead(190, EXPIRED)}),
    (
        "access_token.expired",
        "a fact without words",
        {"debug_token": token(is_valid=False, expires_at=ENDED)},
    ),
    (
        "access_token.expired",
        "a fact in general words",
        {"debug_token": dead(190, "Error validating access token", expires_at=ENDED)},
    ),
    ("access_token.expired", "an error", {"debug_token": error(190, EXPIRED, 463)}),
    ("access_token.expired", "an error with 401", {"debug_token": error(190, EXPIRED, 463, 401)}),
    ("access_token.expired", "an error with 200", {"debug_token": error(190, EXPIRED, 463, 200)}),
    ("access_token.expired", "an error by subcode", {"debug_token": error(190, "Error", 463)}),
    (
        "access_token.expired",
        "where it is used alone",
        {path: error(190, EXPIRED, 463, 401) for path in (WABA, NUMBERS, PHONE)},
    ),
    ("access_token.revoked", "a fact", {"debug_token": dead(190, "Logged out", 467)}),
    ("access_token.revoked", "without words", {"debug_token": token(is_valid=False)}),
    (
        "access_token.revoked",
        "where it is used alone",
        {
            path: error(190, "Error validating access token: the user logged out.", 467)
            for path in (WABA, NUMBERS, PHONE)
        },
    ),
    (
        "access_token.malformed",
        "a fact",
        {"debug_token": dead(190, "Invalid OAuth access token - Cannot parse access token")},
    ),
    (
        "access_token.malformed",
        "a fact about nothing",
        {"debug_token": dead(190, "Invalid OAuth access token.", app_id=None, expires_at=None)},
    ),
    ("access_token.other_app", "a fact", {"debug_token": token(app_id=OTHER_APP)}),
    (
        "access_token.other_app",
        "a fact as a number",
        {"debug_token": token(app_id=int(OTHER_APP), application="Other")},
    ),
    ("access_token.other_app", "an error", {"debug_token": error(100, VIEWING)}),
    (
        "access_token.other_app",
        "an error with 403",
        {"debug_token": error(100, VIEWING, None, 403)},
    ),
    ("access_token.other_app", "an error in a fact", {"debug_token": dead(100, VIEWING)}),
    (
        "access_token.other_app",
        "a dead fact in general words",
        {"debug_token": dead(190, "Invalid OAuth access token.", app_id=OTHER_APP)},
    ),
    ("access_token.no_permission", "no sending", {"debug_token": token(scopes=[MANAGE])}),
    ("access_token.no_permission", "no managing", {"debug_token": token(scopes=[SEND])}),
    ("access_token.no_permission", "none", {"debug_token": token(scopes=[])}),
    (
        "access_token.no_permission",
        "and Graph refuses",
        {
            "debug_token": token(scopes=["public_profile"]),
            WABA: error(200, "(#200) You do not have the necessary permissions", status=403),
            NUMBERS: error(200, "(#200) You do not have the necessary permissions", status=403),
            PHONE: error(10, "(#10) Application does not have permission", status=403),
        },
    ),
    (
        "access_token.no_permission",
        "said where it is used alone",
        {
            "debug_token": token(scopes=None),
            **{
                path: error(10, "(#10) Application does not have permission", status=403)
                for path in (WABA, NUMBERS, PHONE)
            },
        },
    ),
    (
        "access_token.no_grant",
        "nothing can be seen",
        {
            "debug_token": token(granular_scopes=granted(OTHER_WABA)),
            WABA: no_such(WABA),
            NUMBERS: no_such(WABA),
            PHONE: no_such(PHONE),
        },
    ),
    (
        "access_token.no_grant",
        "everything can be seen",
        {"debug_token": token(granular_scopes=granted(OTHER_WABA))},
    ),
    (
        "access_token.no_grant",
        "everything can be seen and every account has the number",
        {
            "debug_token": token(granular_scopes=granted(OTHER_WABA)),
            f"{OTHER_WABA}/phone_numbers": {"data": [number()]},
        },
    ),
    (
        "access_token.no_grant",
        "the number can be seen",
        {
            "debug_token": token(granular_scopes=granted(OTHER_WABA)),
            WABA: error(200, "(#200) Permissions error", status=403),
            NUMBERS: error(200, "(#200) Permissions error", status=403),
            f"{OTHER_WABA}/phone_numbers": {"data": [number(OTHER_PHONE)]},
        },
    ),
    (
        "access_token.no_grant",
        "granted for nothing",
        {"debug_token": token(granular_scopes=granted())},
    ),
    (
        "access_token.no_grant",
        "one permission of two",
        {
            "debug_token": token(
                granular_scopes=[
                    {"scope": MANAGE, "target_ids": [WABA]},
                    {"scope": SEND, "target_ids": [OTHER_WABA]},
                ]
            )
        },
    ),
    (
        "access_token.no_grant",
        "said by the account alone",
        {
            path: error(200, "(#200) You do not have permission to access this account")
            for path in (WABA, NUMBERS, PHONE)
        },
    ),
    (
        "waba_id.not_found",
        "no such object",
        {WABA: no_such(WABA), NUMBERS: no_such(WABA)},
    ),
    (
        "waba_id.not_found",
        "no such object, and the number stands in a granted account",
        {
            "debug_token": token(granular_scopes=granted(OTHER_WABA)),
            WABA: no_such(WABA),
            NUMBERS: no_such(WABA),
            f"{OTHER_WABA}/phone_numbers": {"data": [number()]},
        },
    ),
    ("phone_number_id.not_found", "no such object", {PHONE: no_such(PHONE), NUMBERS: {"data": []}}),
    (
        "access_token.blocked",
        "the app is archived, and every object is refused",
        dict.fromkeys((WABA, NUMBERS, PHONE), error(200, ARCHIVED)),
    ),
    (
        "access_token.blocked",
        "the app may not act for this person, and every object is refused",
        dict.fromkeys((WABA, NUMBERS, PHONE), error(10, BEHALF)),
    ),
    ("access_token.blocked", "the app is archived", {"oauth/access_token": error(200, ARCHIVED)}),
    (
        "phone_number_id.other_waba",
        "not on the list",
        {NUMBERS: {"data": [number(OTHER_PHONE)]}},
    ),
    ("phone_number_id.other_waba", "the list is empty", {NUMBERS: {"data": []}}),
    (
        "phone_number_id.other_waba",
        "not on any of its pages",
        {NUMBERS: Pages(SIXTY[:-1])},
    ),
]


@each_line(
    ("cause", "answers"),
    [(cause, answers) for cause, _, answers in CAUSES],
    ids=[f"{cause}, {how}" for cause, how, _ in CAUSES],
)
async def test_the_cause_is_named_however_it_is_said(cause: str, answers: Answers) -> None:
    report = await examined(answers)

    assert report.as_dict()["primary"] == cause
    assert report.exit_code == 1


OF_A_TOKEN = {
    "no permission": error(10, "(#10) Application does not have permission for this action"),
    "expired": error(190, EXPIRED, 463),
    "a session": error(102, "Session key invalid or no longer valid"),
    "unreadable": error(104, "An access token is required to request this resource."),
    "another app's": error(100, VIEWING),
}


@each_line("answer", OF_A_TOKEN.values(), ids=OF_A_TOKEN)
async def test_a_question_that_carries_no_access_token_accuses_none(answer: Reply) -> None:
    report = await examined({"oauth/access_token": answer})

    assert report.as_dict()["primary"] == "graph.refused"
    assert report.exit_code == 3
