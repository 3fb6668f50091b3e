"""Replies made into values: what Graph said, what it left out, what it got wrong."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.graph import GraphError, Number, Reason, TokenInfo
from wizard.graph.replies import app, next_cursor, number, numbers, token_info, waba

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
MANAGE, SEND = "whatsapp_business_management", "whatsapp_business_messaging"


def info(**data: Any) -> TokenInfo:
    return token_info({"data": {"app_id": "1", "is_valid": True, **data}})


def grant(scope: str, *ids: str) -> dict[str, object]:
    return {"scope": scope, "target_ids": list(ids)} if ids else {"scope": scope}


@each_line(
    ("given_", "lifetime"),
    [
        ({"type": "SYSTEM_USER", "expires_at": 0}, "system user"),
        ({"type": "SYSTEM_USER", "expires_at": 5}, "system user"),
        ({"type": "USER", "expires_at": 0}, "permanent"),
        ({"type": "USER", "expires_at": 5}, "temporary"),
        ({"type": "USER", "expires_at": 5, "issued_at": 1}, "long-lived"),
        ({}, "temporary"),
    ],
)
def test_a_tokens_lifetime_is_told_in_a_word(given_: dict[str, Any], lifetime: str) -> None:
    assert info(**given_).lifetime == lifetime


def test_a_token_that_never_ends_has_no_end() -> None:
    never = info(expires_at=0)
    assert never.end is None
    assert never.seconds_left(NOW) is None
    assert never.expires_at == 0


def test_a_token_whose_end_is_not_told_is_not_taken_for_a_permanent_one() -> None:
    assert info().expires_at is None
    assert info().lifetime != "permanent"
    assert info().seconds_left(NOW) is None


def test_the_time_left_counts_from_now() -> None:
    ends = NOW + timedelta(hours=3)
    found = info(expires_at=int(ends.timestamp()))
    assert found.seconds_left(NOW) == 3 * 3600
    assert found.end == ends


@pytest.mark.parametrize("expires_at", ["1763830800", 1763830800])
def test_seconds_may_come_as_text(expires_at: object) -> None:
    assert info(expires_at=expires_at).expires_at == 1763830800


@each_line("expires_at", ["soon", [], {}, True, None, "1.5"])
def test_seconds_that_are_none_are_left_out(expires_at: object) -> None:
    assert info(expires_at=expires_at).expires_at is None


def test_an_end_beyond_all_calendars_is_still_a_date() -> None:
    end = info(expires_at=10**30).end
    assert end is not None
    assert end.year == 9999


@each_line(
    ("granular", "granted"),
    [
        ([grant(MANAGE, "7"), grant(SEND, "7")], True),
        ([grant(MANAGE, "7"), grant(SEND, "8")], False),
        ([grant(MANAGE, "8"), grant(SEND, "8")], False),
        ([grant(MANAGE), grant(SEND)], True),
        ([grant(MANAGE), grant(SEND, "8")], False),
        ([grant("business_management", "9")], True),
        ([], True),
        (None, True),
        ("odd", True),
        (["odd", None], True),
    ],
)
def test_a_grant_covers_an_account_unless_its_list_leaves_it_out(
    granular: object, granted: bool
) -> None:
    assert info(granular_scopes=granular).grants("7") is granted


def test_numbers_for_ids_are_taken_as_text() -> None:
    found = info(granular_scopes=[{"scope": MANAGE, "target_ids": [7]}])
    assert found.granted == {"7"}


def test_portfolios_are_not_offered_as_accounts() -> None:
    found = info(granular_scopes=[grant("business_management", "9"), grant(SEND, "7")])
    assert found.granted == {"7"}
    assert found.portfolios == {"9"}


@each_line(
    ("data", "scopes"),
    [
        ({"scopes": [MANAGE]}, {MANAGE}),
        ({"scopes": []}, set()),
        ({"scopes": [], "granular_scopes": [grant(MANAGE)]}, set()),
        ({"granular_scopes": [grant(MANAGE), grant(SEND, "7")]}, {MANAGE, SEND}),
        ({}, None),
        ({"scopes": "odd", "granular_scopes": "odd"}, None),
    ],
)
def test_permissions_that_are_not_told_are_not_taken_for_none(
    data: dict[str, Any], scopes: set[str] | None
) -> None:
    assert info(**data).scopes == scopes


@each_line(
    ("error", "reason"),
    [
        ({"code": 190, "subcode": 463, "message": "Session has expired"}, Reason.TOKEN_EXPIRED),
        ({"code": 190, "subcode": 460, "message": "password"}, Reason.TOKEN_REVOKED),
        ({"code": 190, "message": "Cannot parse access token"}, Reason.TOKEN_UNREADABLE),
        ({"message": "Session has expired"}, Reason.TOKEN_EXPIRED),
        ({}, Reason.TOKEN_REVOKED),
        (None, Reason.TOKEN_REVOKED),
    ],
)
def test_a_dead_token_says_why(error: object, reason: Reason) -> None:
    data = {"is_valid": False} | ({} if error is None else {"error": error})
    trouble = token_info({"data": data}).error
    assert trouble is not None
    assert trouble.reason is reason


def test_an_error_counts_even_where_the_token_is_called_valid() -> None:
    assert info(error={"code": 190, "subcode": 463, "message": "x"}).error is not None


def test_a_living_token_of_no_app_is_no_reply_of_graphs() -> None:
    with pytest.raises(GraphError) as caught:
        token_info({"data": {"is_valid": True}})
    assert caught.value.reason is Reason.NOT_JSON


@each_line(
    ("number_", "is_test"),
    [
        (Number("1", "+1", mode="SANDBOX"), True),
        (Number("1", "+1", name="Test Number"), True),
        (Number("1", "+1", mode="LIVE", name="Shop"), False),
        (Number("1", "+1"), False),
    ],
)
def test_a_test_number_is_told_by_its_mode_or_its_name(number_: Number, is_test: bool) -> None:
    assert number_.is_test is is_test


def test_a_number_without_a_name_is_called_by_its_digits() -> None:
    assert Number("1", "+1 555").about == "+1 555"


def test_a_name_does_nothing_to_a_terminal() -> None:
    said = number({"id": "1", "verified_name": "\x1b[2JShop \u202emoc.live\n"})
    assert said.name == "[2JShop moc.live"


def test_states_are_compared_in_capitals() -> None:
    assert number({"id": 1, "status": "connected "}).status == "CONNECTED"
    assert waba({"id": 1, "account_review_status": "approved"}).review == "APPROVED"


@each_line(
    ("paging", "cursor"),
    [
        ({"next": "http://x/?after=abc", "cursors": {"after": "def"}}, "def"),
        ({"next": "http://x/?limit=1&after=abc&access_token=t"}, "abc"),
        ({"next": "http://x/?limit=1"}, None),
        ({"next": "http://[x/?after=abc"}, None),
        ({"next": 7}, None),
        ({"cursors": {"after": "def"}}, None),
        ({}, None),
    ],
)
def test_the_next_page_is_told_by_its_cursor_and_by_nothing_else(
    paging: dict[str, Any], cursor: str | None
) -> None:
    assert next_cursor({"paging": paging}) == cursor


def test_entries_of_a_list_that_are_no_objects_are_passed_over() -> None:
    listed = numbers({"data": [{"id": "1", "display_phone_number": "+1"}, "odd", None]})
    assert [found.id for found in listed] == ["1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = [
    "id",
    "name",
    "data",
    "app_id",
    "type",
    "is_valid",
    "error",
    "scopes",
    "granular_scopes",
    "expires_at",
    "issued_at",
    "health_status",
    "paging",
    "display_phone_number",
    "status",
]
REPLY = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8)


@given(REPLY, REPLY)
def test_a_reply_of_any_shape_is_read_or_refused(
    reply: dict[str, Any], inner: dict[str, Any]
) -> None:
    for body in (reply, {**reply, "data": inner}, {**reply, "data": [inner]}):
        for read in (token_info, waba, number, numbers, next_cursor, app):
            with contextlib.suppress(GraphError):
                read(body)
