"""Graph's error envelopes, each told for what it is."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.graph.errors import NO_ANSWER, GraphError, Reason, error_from

ENDED = "Error validating access token: Session has expired on Monday, 03-Nov-25 05:00:00 PST."
CAN_NOT = (
    "Unsupported get request. Object with ID '{}' does not exist, cannot be loaded due to missing"
    " permissions, or does not support this operation"
)
MUST_PROVIDE = "(#100) You must provide an app access token"
MAY_LOOK = f"{MUST_PROVIDE}, or a user access token that is an owner or developer of the app"
LOGGED_OUT = "Error validating access token: The session is invalid because the user logged out."
UNREADABLE = Reason.TOKEN_UNREADABLE

ROWS = [
    # Asking for an app token
    (400, 1, None, "Error validating client secret.", Reason.SECRET_MISMATCH),
    (400, 101, None, "Error validating application. Invalid application ID.", Reason.APP_UNKNOWN),
    (400, 1, None, "Invalid application ID.", Reason.APP_UNKNOWN),
    (
        400,
        101,
        None,
        "Error validating application. Cannot get application info due to a system error.",
        Reason.APP_UNKNOWN,
    ),
    (500, None, None, "", Reason.SERVER_ERROR),
    # Inspecting a token
    (
        400,
        100,
        None,
        "(#100) The App_id in the input_token did not match the Viewing App",
        Reason.TOKEN_OTHER_APP,
    ),
    (400, 100, None, MAY_LOOK, Reason.MAY_NOT_INSPECT),
    (400, 190, None, "Invalid OAuth access token signature.", Reason.SECRET_MISMATCH),
    (400, 190, None, "Error validating application.", Reason.APP_UNKNOWN),
    # An app that is set up as a native one
    (400, 100, None, MUST_PROVIDE, Reason.APP_TOKEN_REFUSED),
    (400, 104, None, "You must provide an app access token", Reason.APP_TOKEN_REFUSED),
    # The token itself
    (401, 0, None, "We were unable to authenticate the app user.", Reason.TOKEN_REVOKED),
    (401, 0, None, "The token has expired.", Reason.TOKEN_EXPIRED),
    (400, 102, None, "Session key invalid or no longer valid", Reason.TOKEN_REVOKED),
    (400, 102, 463, "API session", Reason.TOKEN_EXPIRED),
    (400, 104, None, "An access token is required to request this resource.", UNREADABLE),
    (
        400,
        2500,
        None,
        "An active access token must be used to query information about the current user.",
        UNREADABLE,
    ),
    (403, 200, None, "Provide valid app ID", UNREADABLE),
    (401, 190, None, "Invalid OAuth access token - Cannot parse access token", UNREADABLE),
    (400, 190, None, "Malformed access token AQD…", UNREADABLE),
    (400, 190, None, "The access token could not be decrypted", UNREADABLE),
    (401, 190, 463, f"{ENDED} The current time is Monday.", Reason.TOKEN_EXPIRED),
    (401, 190, None, ENDED, Reason.TOKEN_EXPIRED),
    (400, 190, 458, "Error validating access token", Reason.TOKEN_REVOKED),
    (400, 190, 459, "Error validating access token: checkpointed", Reason.BLOCKED),
    (400, 190, 460, "The session has been invalidated: password", Reason.TOKEN_REVOKED),
    *[
        (400, 190, subcode, "Error validating access token", Reason.TOKEN_REVOKED)
        for subcode in (461, 462, 464, 465, 466, 467, 468, 492)
    ],
    (400, 190, None, LOGGED_OUT, Reason.TOKEN_REVOKED),
    (400, 190, None, "Error validating access token: something new", Reason.TOKEN_REVOKED),
    (
        400,
        190,
        None,
        "Error validating access token: The access token does not belong to application 1",
        Reason.TOKEN_OTHER_APP,
    ),
    # Permissions and blocks
    (500, 3, None, "Capability or permissions issue.", Reason.NO_PERMISSION),
    (403, 10, None, "(#10) Permission denied", Reason.NO_PERMISSION),
    (403, 200, None, "(#200) Requires whatsapp_business_management", Reason.NO_PERMISSION),
    (403, 200, None, "necessary permissions to send messages on behalf of", Reason.NO_PERMISSION),
    (403, 298, None, "(#298) Something of the family", Reason.NO_PERMISSION),
    (403, 131005, None, "(#131005) Access denied", Reason.NO_PERMISSION),
    (400, 200, None, "API access blocked.", Reason.BLOCKED),
    (
        400,
        200,
        None,
        "API access deactivated. To reactivate, go to the app dashboard.",
        Reason.BLOCKED,
    ),
    (
        400,
        200,
        None,
        "API access deactivated. To reactivate, go to the My Apps page to unarchive it.",
        Reason.BLOCKED,
    ),
    (400, 10, None, "Cannot call API for app 1 on behalf of user 2", Reason.BLOCKED),
    (400, 200, None, "(#200) Cannot call API for app 1 on behalf of user 2", Reason.BLOCKED),
    (401, 190, 492, "Invalid OAuth access token.", Reason.TOKEN_REVOKED),
    (403, 368, None, "Temporarily blocked for policies violations", Reason.RESTRICTED),
    (403, 131031, None, "Account has been locked", Reason.ACCOUNT_LOCKED),
    (400, 100, 2388339, "(#100) Invalid parameter", Reason.WHATSAPP_ACCOUNT),
    (400, 100, None, "WhatsApp accounts cannot be used with this API", Reason.WHATSAPP_ACCOUNT),
    # Objects
    (400, 33, None, "The business phone number has been deleted.", Reason.NOT_FOUND),
    (400, 100, 33, CAN_NOT.format("333333333333333"), Reason.NOT_FOUND),
    (400, 100, None, CAN_NOT.format("333333333333333"), Reason.NOT_FOUND),
    (404, 803, None, "(#803) Some of the aliases you requested do not exist: x", Reason.NOT_FOUND),
    (
        400,
        100,
        None,
        "(#100) Tried accessing nonexisting field (phone_numbers) on node type (Business)",
        Reason.WRONG_KIND,
    ),
    (400, 100, None, "(#100) Tried accessing nonexisting field (x)", Reason.WRONG_KIND),
    # The proof
    (
        400,
        100,
        None,
        "API calls from the server require an appsecret_proof argument",
        Reason.PROOF_REQUIRED,
    ),
    (
        400,
        100,
        None,
        "Invalid appsecret_proof provided in the API argument",
        Reason.SECRET_MISMATCH,
    ),
    # Outages and limits
    (400, 1, None, "An unknown error occurred", Reason.SERVER_ERROR),
    (500, 987654, None, "A code of tomorrow", Reason.REFUSED),
    (500, None, None, "No code at all", Reason.SERVER_ERROR),
    (503, 2, None, "Service temporarily unavailable", Reason.SERVER_ERROR),
    (500, 131000, None, "Something went wrong", Reason.SERVER_ERROR),
    (500, 131016, None, "Service unavailable", Reason.SERVER_ERROR),
    (503, 133004, None, "Server temporarily unavailable", Reason.SERVER_ERROR),
    *[
        (400, code, None, "(#n) Request limit reached", Reason.RATE_LIMITED)
        for code in (4, 17, 32, 613, 80007, 130429)
    ],
    # What says nothing about the value that was tested
    (400, 15, None, "(#15) This method must be called with an app access_token.", Reason.REFUSED),
    (
        400,
        100,
        None,
        "(#100) The parameter messaging_product is required",
        Reason.PARAMETER_REFUSED,
    ),
    (400, 100, None, "Invalid parameter", Reason.PARAMETER_REFUSED),
    (400, 100, None, "The requested fields are not available", Reason.PARAMETER_REFUSED),
    (400, 100, None, "Something wholly new", Reason.REFUSED),
    (400, 2500, None, 'Syntax error "Expected name." at character 0', Reason.PARAMETER_REFUSED),
    (400, 2500, None, "Unknown path components: /106540352242922/x", Reason.VERSION_UNKNOWN),
    (400, 2500, None, "Unknown path components: /app", Reason.VERSION_UNKNOWN),
    (400, 191, None, "redirect_uri isn't an absolute URI", Reason.REFUSED),
    (400, 2500, None, "Unknown path components: /debug_token", Reason.REFUSED),
    (400, 2500, None, "Unknown path components: /oauth/access_token", Reason.REFUSED),
    (400, 2635, None, "You are calling a deprecated version of the Ads API", Reason.REFUSED),
    (403, 130497, None, "Business account is restricted from messaging", Reason.REFUSED),
    (400, 133010, None, "(#133010) Account not registered", Reason.REFUSED),
    (400, 987654, None, "A code of tomorrow", Reason.REFUSED),
    (400, None, None, "No code at all", Reason.REFUSED),
]


def error(
    http: int, code: object, subcode: object = None, message: object = "", **more: Any
) -> GraphError:
    given_ = {"code": code, "error_subcode": subcode, "message": message, **more}
    return error_from(http, {name: value for name, value in given_.items() if value is not None})


@each_line(("http", "code", "subcode", "message", "reason"), ROWS)
def test_each_row_of_metas_tables_has_its_reason(
    http: int, code: int | None, subcode: int | None, message: str, reason: Reason
) -> None:
    assert error(http, code, subcode, message).reason is reason


@given(
    st.sampled_from([row for row in ROWS if row[1] is not None]),
    st.booleans() | st.none(),
    st.integers(100, 599),
    st.integers(100, 599),
)
def test_the_http_status_decides_nothing_where_there_is_a_code(
    row: tuple[int, int, int | None, str, Reason], passing: bool | None, one: int, other: int
) -> None:
    _, code, subcode, message, _ = row
    more = {} if passing is None else {"is_transient": passing}
    told = {error(http, code, subcode, message, **more).reason for http in (one, other)}
    assert len(told) == 1


@given(st.integers(), st.none() | st.integers(), st.text(), st.integers(100, 599))
def test_nor_does_it_for_a_code_that_nobody_knows(
    code: int, subcode: int | None, message: str, http: int
) -> None:
    assert error(http, code, subcode, message).reason is error(200, code, subcode, message).reason


def test_what_is_transient_counts_as_an_outage() -> None:
    assert error(400, 987654, is_transient=True).reason is Reason.SERVER_ERROR
    assert error(500, 987654, is_transient=False).reason is Reason.REFUSED
    assert error(400, 190, 463, ENDED, is_transient=True).reason is Reason.TOKEN_EXPIRED


def test_codes_that_come_as_text_are_understood() -> None:
    found = error(401, "190", "463", ENDED)
    assert (found.reason, found.code, found.subcode) == (Reason.TOKEN_EXPIRED, 190, 463)


def test_the_kind_and_field_of_a_wrong_object_are_kept() -> None:
    message = "(#100) Tried accessing nonexisting field (name_x) on node type (WhatsAppThing)"
    found = error(400, 100, None, message)
    assert (found.field, found.kind) == ("name_x", "WhatsAppThing")


def test_the_evidence_names_code_and_subcode_as_meta_writes_them() -> None:
    assert error(400, 190, 463, "It ended").evidence == "Graph: 190/463, It ended"
    assert error(400, 101, None, "No such app").evidence == "Graph: 101, No such app"
    assert GraphError(Reason.DNS, "does not resolve").evidence == "does not resolve"


def test_details_are_told_beside_the_message() -> None:
    detailed = error(400, 100, None, "(#100) Bad", error_data={"details": "The field x"})
    assert detailed.message == "(#100) Bad The field x"
    assert error(400, 100, None, "(#100) Bad", error_user_msg="Speak").message == "(#100) Bad Speak"


@each_line("message", ["", None, [], 0])
def test_an_envelope_without_words_still_makes_one_line(message: object) -> None:
    assert error(400, 100, None, message).evidence == "Graph: 100, no message"


def test_a_message_comes_out_as_one_line_that_moves_no_cursor() -> None:
    said = error(400, 100, None, "one\r\ntwo\t\x1b[2Jthree\x00").message
    assert said == "one two [2Jthree"


def test_a_message_without_end_is_cut() -> None:
    assert len(error(400, 100, None, "x " * 1_000_000).message) <= 1000


@given(
    st.dictionaries(
        st.sampled_from(["code", "error_subcode", "message", "error_data", "error_user_msg"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text()
        | st.floats()
        | st.lists(st.text())
        | st.dictionaries(st.text(), st.text()),
    )
)
def test_whatever_stands_in_an_envelope_it_makes_an_error_of_one_line(
    envelope: dict[str, object],
) -> None:
    found = error_from(400, envelope)
    assert len(found.evidence.splitlines()) == 1


def test_the_reasons_without_an_answer_are_findings_about_graph() -> None:
    from wizard.findings import catalogue

    assert {f"graph.{reason}" for reason in NO_ANSWER} <= catalogue().keys()
    assert Reason.TOKEN_EXPIRED not in NO_ANSWER
