"""What Meta's headers tell of the calls that are left, and what follows from it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.graph import GraphError, Reason
from wizard.graph.rate_limits import LONGEST_PAUSE, UNTOLD, RateLimits

APP, OTHER, WABA, NUMBER = "111111111111111", "999999999999999", "222222222222222", "3333333333"
BEGUN = 1000.0


class Clock:
    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> float:
        return self.now


def of_app(**used: object) -> dict[str, str]:
    return {"x-app-usage": json.dumps(used)}


def of_account(account: str = WABA, **told: object) -> dict[str, str]:
    case = {"type": "whatsapp_business_management", **told}
    return {"x-business-use-case-usage": json.dumps({account: [case]})}


def admits(usage: RateLimits, app: str = APP, path: str = "debug_token") -> bool:
    try:
        usage.check(app, path)
    except GraphError as error:
        return error.reason is not Reason.RATE_LIMITED
    return True


def test_while_enough_is_left_nothing_waits() -> None:
    usage = RateLimits()
    usage.update(APP, NUMBER, of_app(call_count=79) | of_account(call_count=10))
    assert admits(usage)
    assert usage.pause(APP, NUMBER) == 0


@each_line("word", ["call_count", "total_time", "total_cputime"])
def test_an_app_with_none_left_is_not_asked_for_and_others_are(word: str) -> None:
    clock = Clock()
    usage = RateLimits(clock)
    usage.update(APP, WABA, of_app(**{word: 100}))
    assert not admits(usage)
    assert admits(usage, OTHER)
    clock.now += UNTOLD + 1
    assert admits(usage)


def test_an_account_is_left_alone_for_as_many_minutes_as_meta_says() -> None:
    clock = Clock()
    usage = RateLimits(clock)
    usage.update(APP, f"{WABA}/phone_numbers", of_account(estimated_time_to_regain_access=12))
    usage.update(APP, NUMBER, of_account(estimated_time_to_regain_access=12))
    with pytest.raises(GraphError, match="about 12 min"):
        usage.check(APP, WABA)
    assert not admits(usage, path=f"{NUMBER}")
    assert not admits(usage, OTHER, f"{WABA}/subscribed_apps")
    assert admits(usage, path="debug_token")
    clock.now += 12 * 60 + 1
    assert admits(usage, path=WABA)


def test_calls_of_an_app_with_little_left_are_spread() -> None:
    usage = RateLimits(Clock())
    usage.update(APP, WABA, of_app(call_count=90))
    pauses = [usage.pause(APP, WABA) for _ in range(3)]
    assert pauses == sorted(pauses)
    assert 0 <= pauses[0] < pauses[2] <= 3 * LONGEST_PAUSE
    assert usage.pause(OTHER, WABA) == 0


def test_a_refusal_counts_for_whoever_paid_where_no_header_tells() -> None:
    clock = Clock()
    usage = RateLimits(clock)
    usage.refused(APP, "debug_token", {"retry-after": "30"})
    assert not admits(usage)
    clock.now += 31
    assert admits(usage)


def test_a_refusal_of_an_account_is_not_laid_at_the_apps_door() -> None:
    usage = RateLimits(Clock())
    usage.refused(APP, WABA, of_account(estimated_time_to_regain_access=3))
    assert not admits(usage, path=WABA)
    assert admits(usage, path="debug_token")


@given(st.dictionaries(st.sampled_from(["x-app-usage", "x-business-use-case-usage"]), st.text()))
def test_headers_that_say_nothing_change_nothing(headers: dict[str, str]) -> None:
    usage = RateLimits(Clock())
    usage.update(APP, WABA, headers)
    assert admits(usage, path=WABA)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON, st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_whatever_json_they_hold_is_taken(app: object, accounts: dict[str, object]) -> None:
    usage = RateLimits(Clock())
    said = {"x-app-usage": json.dumps(app), "x-business-use-case-usage": json.dumps(accounts)}
    usage.update(APP, WABA, said)
    usage.refused(APP, WABA, said)
    assert not admits(usage, path=WABA)
