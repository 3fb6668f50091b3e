"""An answer beside what was expected of it, and what is left of one when no value may stay."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.journeys.selftest.response_diff import ResponseRedactor, differences, shows_nothing
from wizard.values.credentials import Secret

TOKEN = "EAAG9secret0access1token2of3sixty4characters5and6more7abc"
SECRET = "0123456789abcdef0123456789abcdef"


def said(expected: object, answered: object) -> list[str]:
    return list(differences(expected, answered))


@each_line(
    ("expected", "answered"),
    [
        ("text", "Hidden Market"),
        ("digits", "102290129340398"),
        ("number", 3),
        ("number", 3.5),
        ("boolean", False),
        ("texts", []),
        ("texts", ["messages"]),
        (["GREEN", "RED"], "RED"),
        ("~ Cannot parse", "Invalid OAuth access token - Cannot parse access token"),
        (190, 190),
        (True, True),
        ({"id": "digits"}, {"id": "1", "name": "more than was expected"}),
        ({"id": "digits", "name?": "text"}, {"id": "1"}),
        ([{"id": "digits"}], [{"id": "1"}, {"id": "2"}]),
        ({"*": [{"id": "digits"}]}, {"102290129340398": [{"id": "2"}]}),
        ({}, {"anything": 1}),
    ],
)
def test_what_is_alike_has_no_differences(expected: object, answered: object) -> None:
    assert said(expected, answered) == []


@each_line(
    ("expected", "answered", "sentence"),
    [
        ("digits", "12a", "the answer is text, not digits"),
        ("text", 3, "the answer is number, not text"),
        ("number", True, "the answer is true, not number"),
        ("boolean", None, "the answer is null, not boolean"),
        (190, 191, "the answer is 191, not 190"),
        (True, False, "the answer is false, not true"),
        (True, 1, "the answer is number, not true"),
        (["GREEN", "RED"], "BLUE", "the answer is BLUE, not one of GREEN, RED"),
        (["GREEN", "RED"], "Budi's shop", "the answer is text, not one of GREEN, RED"),
        ("~ parse", "Budi", "the answer is text, not in the expected words"),
        ({"id": "digits"}, {}, "id is missing"),
        ({"error": {"code": 190}}, {"error": {}}, "error.code is missing"),
        ({"id?": "digits"}, {"id": "Budi"}, "id is text, not digits"),
        ({"data": [{"id": "digits"}]}, {"data": [{"id": "a"}, {"id": "b"}]},
         "data[].id is text, not digits"),
        ({"data": [{"id": "digits"}]}, {"data": {}}, "data is an object, not a list"),
        ({"data": {"id": "digits"}}, {"data": []}, "data is a list, not an object"),
        ({"*": {"id": "digits"}}, {"1": {}}, "*.id is missing"),
        ({"*": {"id": "digits"}}, {}, "the answer is empty"),
        ({"type": "OAuthException"}, {"type": "GraphMethodException"},
         "type is GraphMethodException, not OAuthException"),
    ],
)  # fmt: skip
def test_a_difference_is_told_without_a_value(
    expected: object, answered: object, sentence: str
) -> None:
    assert said(expected, answered) == [sentence]


def test_each_difference_is_told() -> None:
    expected = {"id": "digits", "status": ["CONNECTED"], "error": {"code": 100}}
    assert said(expected, {"status": "GONE", "error": {"code": 1}}) == [
        "id is missing",
        "status is GONE, not one of CONNECTED",
        "error.code is 1, not 100",
    ]


@each_line(
    ("answered", "empty"),
    [({"data": []}, True), ({"data": [{"id": "1"}]}, False), ({}, False), ([], False)],
)
def test_an_empty_list_shows_nothing(answered: object, empty: bool) -> None:
    assert shows_nothing({"data": [{"id": "digits"}], "more": "text"}, answered) is empty


CALLBACKS = {"id": "digits", "callbacks!": {"app?": "text", "number?": "text"}}


@each_line(
    ("answered", "empty"),
    [
        ({"id": "1"}, True),
        ({"id": "1", "callbacks": {}}, True),
        ({"id": "1", "callbacks": {"app": "https://a.example"}}, False),
    ],
)
def test_what_is_left_out_shows_nothing_where_it_is_what_the_claim_is_about(
    answered: object, empty: bool
) -> None:
    assert shows_nothing(CALLBACKS, answered) is empty
    assert said(CALLBACKS, {"id": "1"}) == []


def test_it_is_looked_at_where_it_is_there() -> None:
    answered = {"id": "1", "callbacks": {"app": 7}}
    assert said(CALLBACKS, answered) == ["callbacks.app is number, not text"]
    assert ResponseRedactor().of(answered, CALLBACKS) == {
        "id": "digits",
        "callbacks": {"app": "number"},
    }


def test_a_shape_keeps_keys_types_and_codes() -> None:
    answered = {
        "id": "102290129340398",
        "name": "Hidden Market",
        "is_valid": True,
        "expires_at": 1762174800,
        "error": {"code": 190, "error_subcode": 463, "type": "OAuthException"},
        "scopes": ["one", "two"],
        "nothing": None,
    }
    assert ResponseRedactor().of(answered, {"error": {"type": "OAuthException"}}) == {
        "id": "digits",
        "name": "text",
        "is_valid": True,
        "expires_at": "number",
        "error": {"code": 190, "error_subcode": 463, "type": "OAuthException"},
        "scopes": ["text"],
        "nothing": "null",
    }


def test_a_code_that_is_too_long_for_one_is_a_number() -> None:
    assert ResponseRedactor().of({"code": 2388091, "error_code": 6281234567890}) == {
        "code": 2388091,
        "error_code": "number",
    }
    assert said({"code": 1}, {"code": 6281234567890}) == ["code is number, not 1"]


def test_a_word_of_metas_stays_only_where_such_a_word_may_stand() -> None:
    answered = {"status": "FLAGGED", "verified_name": "BUDI"}
    assert ResponseRedactor().of(answered, {"status": ["CONNECTED"]}) == {
        "status": "FLAGGED",
        "verified_name": "text",
    }


@each_line(
    ("sentence", "left"),
    [
        ("(#100) Tried accessing nonexisting field (x1) on node type (Business)",
         "… accessing nonexisting field … on node type (Business)"),
        ("errors: curl_errno = 28; curl_error = Operation timed out after 6000 milliseconds",
         "errors: curl_errno = 28; curl_error = … timed out after … milliseconds"),
        (f"Malformed access token {TOKEN}", "… access token …"),
        ("Object with ID '102290129340398' of Budi", "… with … of …"),
        ("call +62 812-3456-7890 now", "call … now"),
        ("pin = 246810", "pin = …"),
    ],
)  # fmt: skip
def test_a_sentence_keeps_the_words_that_are_nobodys(sentence: str, left: str) -> None:
    shapes = ResponseRedactor([Secret(TOKEN)])
    assert shapes.of({"error": {"message": sentence}}) == {"error": {"message": left}}


def test_a_name_that_was_seen_stands_in_no_sentence_and_in_no_key() -> None:
    shapes = ResponseRedactor()
    shapes.of({"data": [{"verified_name": "Warung budi"}]})
    later = {"message": "ask warung budi, please", "budi": 1, "Warung": 2}
    assert shapes.of(later) == {"message": "ask … please", "*": "number"}


def test_a_key_that_may_be_somebodys_is_left_out() -> None:
    answered = {"102290129340398": 1, SECRET: 2, TOKEN: 3, "a" * 60: 4, "x-app": 5}
    assert ResponseRedactor([Secret(TOKEN), Secret(SECRET)]).of(answered) == {
        "*": "number",
        "x-app": "number",
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([TOKEN, SECRET]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["message", "code", "name", TOKEN, SECRET]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(answered=JSON, around=st.text(max_size=10))
def test_no_secret_is_in_any_shape_or_difference(answered: Any, around: str) -> None:
    answered = {"message": f"{around}{TOKEN}{around} {SECRET}", "data": answered}
    expected = {"message": "~ x", "data": {"message": ["A"], "code": 190, "name": "digits"}}
    shape = ResponseRedactor([Secret(TOKEN), Secret(SECRET)]).of(answered, expected)
    told = json.dumps(shape) + "".join(differences(expected, answered))
    assert TOKEN not in told
    assert SECRET not in told
