"""Moves over the guide: on, back, elsewhere, and past what is not needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.guide import CALLBACK, guide
from wizard.values.credentials import CREDENTIALS
from wizard.walk import StepState, Walk

GUIDE = guide()
ALL = [step.id for step in GUIDE.steps]
FIRST, LAST = ALL[0], ALL[-1]
CHAPTER_2 = {step.id for step in GUIDE.chapters[1].steps}
CHAPTER_4 = {step.id for step in GUIDE.chapters[3].steps}


def at(id_: str, *ticked: str) -> Walk:
    return Walk.begin(GUIDE, id_, ticked)


def test_a_new_walk_begins_at_the_beginning_with_nothing_behind_it() -> None:
    walk = Walk.begin(GUIDE)
    assert walk.at == FIRST
    assert walk.progress == (0, 40)


def test_a_walk_is_taken_up_where_it_stopped() -> None:
    walk = Walk.begin(GUIDE, "6.2", ["2.1", "2.2"], CHAPTER_4)
    assert walk.at == "6.2"
    assert walk.ticked == {"2.1", "2.2"}
    assert walk.skipped == CHAPTER_4
    assert walk.progress == (2 + len(CHAPTER_4), 40)


def test_steps_that_the_guide_no_longer_has_are_forgotten() -> None:
    walk = Walk.begin(GUIDE, "99.9", ["2.1", "99.1", ""], ["99.2", "4.1"])
    assert walk.at == FIRST
    assert walk.ticked == {"2.1"}
    assert walk.skipped == {"4.1"}


def test_going_on_and_on_visits_every_step_and_ends_at_the_last() -> None:
    walk, visited = Walk.begin(GUIDE), [FIRST]
    while not walk.at_end:
        walk = walk.next()
        visited.append(walk.at)
    assert visited == ALL
    assert walk.next().at == LAST


def test_going_back_and_back_ends_at_the_first() -> None:
    walk, visited = at(LAST), [LAST]
    while walk.at != FIRST:
        walk = walk.back()
        visited.append(walk.at)
    assert visited == ALL[::-1]
    assert walk.back() == walk


def test_going_on_ticks_a_step_and_going_back_or_away_does_not() -> None:
    walk = at("2.2").next()
    assert walk.ticked == {"2.2"}
    assert walk.back().jump("9.1").back().ticked == {"2.2"}


def test_a_jump_to_a_step_that_is_not_there_stays() -> None:
    walk = at("2.2")
    assert walk.jump("2.99") == walk
    assert walk.jump("") == walk


def test_a_step_that_yields_credentials_is_done_when_they_are_held_and_not_when_ticked() -> None:
    walk = at("6.6").next()
    assert not walk.done(GUIDE.by_id["6.6"])
    assert not walk.with_stored(["waba_id"]).done(GUIDE.by_id["6.6"])
    assert walk.with_stored(["waba_id", "phone_number_id"]).done(GUIDE.by_id["6.6"])
    assert (
        not walk.with_stored(["waba_id", "phone_number_id"])
        .with_stored([])
        .done(GUIDE.by_id["6.6"])
    )


def test_what_may_be_given_early_does_not_make_a_step_done() -> None:
    assert not at("5.3").with_stored(["app_id"]).done(GUIDE.by_id["5.3"])
    assert at("5.3").next().done(GUIDE.by_id["5.3"])


def done_in(walk: Walk, chapter: int) -> set[bool]:
    """How the steps of a chapter stand that yield no value."""
    steps = GUIDE.chapters[chapter - 1].steps
    return {walk.done(step) for step in steps if not step.yields}


def test_what_was_seen_to_be_right_ticks_the_chapters_that_lead_to_it() -> None:
    walk = at("7.1").with_verified(["app_id"])
    assert {n for n in range(1, 13) if done_in(walk, n) == {True}} == {1, 2, 3, 5}
    walk = at("7.1").with_verified(["app_id", "waba_id", "access_token", "app_secret"])
    assert {n for n in range(1, 13) if done_in(walk, n) == {True}} == {*range(1, 8), 9}
    assert done_in(walk.with_verified([*walk.verified, CALLBACK]), 8) == {True}


def test_what_is_merely_held_proves_nothing() -> None:
    assert done_in(at("7.1").with_stored(CREDENTIALS), 7) == {False}


def test_a_step_that_yields_values_is_not_proven_without_them() -> None:
    walk = at("7.1").with_verified(["app_id", "waba_id", "access_token"])
    assert not walk.done(GUIDE.by_id["6.6"])
    assert not walk.done(GUIDE.by_id["7.5"])


def test_what_is_no_longer_right_leaves_the_ticks_that_were_made_by_hand() -> None:
    walk = at("7.2", "2.1").with_verified(["app_id", "access_token"]).next()
    lost = walk.with_verified([])
    assert lost.ticked == {"2.1", "7.2"}
    assert lost.done(GUIDE.by_id["7.2"])
    assert not lost.done(GUIDE.by_id["7.1"])
    assert not lost.done(GUIDE.by_id["2.2"])


def test_what_is_left_is_the_first_step_that_nothing_speaks_for() -> None:
    walk = at(FIRST)
    assert walk.left.id == "2.1"
    assert at("2.1").skip().left.id == "3.1"
    known = walk.with_stored(CREDENTIALS).with_verified(CREDENTIALS)
    assert known.left.id == "8.1"
    assert known.with_verified([*CREDENTIALS, CALLBACK]).left.id == "10"


def test_all_ticked_and_all_held_is_all_of_it() -> None:
    walk = Walk.begin(GUIDE, FIRST, ALL)
    yielding = sum(1 for step in GUIDE.counted if step.yields)
    assert walk.progress == (40 - yielding, 40)
    assert walk.with_stored(CREDENTIALS).progress == (40, 40)


@each_line(
    "walk",
    [
        at("2.1"),
        at("2.1", "2.1"),
        at("2.1", "2.1", "2.2"),
        at("2.1", *sorted(CHAPTER_2)),
        at("2.1", "2.6"),
    ],
    ids=["fresh", "ticked", "some ticked", "all ticked", "last ticked"],
)
def test_leaving_out_a_chapter_goes_on_behind_it_and_counts_it(walk: Walk) -> None:
    left = walk.skip()
    assert left.at == "3.1"
    assert left.progress == (len(CHAPTER_2), 40)
    assert left.ticked == walk.ticked
    assert left.skipped == CHAPTER_2 - walk.ticked


def test_a_step_before_the_chapter_that_it_leaves_out_counts_as_done() -> None:
    left = at("3.5").skip()
    assert left.at == "5.1"
    assert left.ticked == {"3.5"}
    assert left.skipped == CHAPTER_4


def test_a_step_that_offers_nothing_leaves_nothing_out() -> None:
    assert at("2.2").skip() == at("2.2")


def test_what_was_left_out_is_passed_over_both_ways() -> None:
    walk = at("2.1").skip()
    assert walk.back().at == FIRST
    assert walk.back().next().at == "3.1"


def test_what_was_left_out_can_be_looked_at_and_taken_up_again() -> None:
    walk = at("2.1").skip().jump("2.3")
    assert walk.at == "2.3"
    taken = walk.take_up()
    assert taken.skipped == frozenset()
    assert taken.progress == (0, 40)
    assert taken.next().at == "2.4"


def test_taking_up_one_chapter_leaves_the_other_out() -> None:
    walk = at("2.1").skip().jump("3.5").skip()
    assert walk.skipped == CHAPTER_2 | CHAPTER_4
    assert walk.jump("4.2").take_up().skipped == CHAPTER_2


def test_the_rail_marks_where_one_is_was_and_need_not_go() -> None:
    walk = at("2.1").skip().next()
    marks = {step.id: walk.state_of(step) for step in GUIDE.steps}
    assert marks["3.2"] is StepState.CURRENT
    assert marks["3.1"] is StepState.DONE
    assert marks["2.4"] is StepState.SKIPPED
    assert marks["3.3"] is StepState.TODO
    assert walk.jump("2.4").state_of(GUIDE.by_id["2.4"]) is StepState.CURRENT


MOVES: dict[str, Callable[[Walk], Walk]] = {
    "next": Walk.next,
    "back": Walk.back,
    "skip": Walk.skip,
    "take up": Walk.take_up,
}
ANYWHERE = st.sampled_from([*ALL, "99.9", ""])
STEPS = st.lists(
    st.sampled_from(list(MOVES))
    | st.tuples(st.just("jump"), ANYWHERE)
    | st.tuples(st.just("hold"), st.sets(st.sampled_from(list(CREDENTIALS))))
    | st.tuples(st.just("prove"), st.sets(st.sampled_from([*CREDENTIALS, CALLBACK]))),
    max_size=60,
)
SAVED = st.builds(
    lambda at_, ticked, skipped: Walk.begin(GUIDE, at_, ticked, skipped),
    st.none() | ANYWHERE,
    st.sets(ANYWHERE),
    st.sets(ANYWHERE),
)


def moved(walk: Walk, move: object) -> Walk:
    if isinstance(move, str):
        return MOVES[move](walk)
    assert isinstance(move, tuple)
    kind, where = move
    places: dict[str, Callable[[Any], Walk]]
    places = {"jump": walk.jump, "hold": walk.with_stored, "prove": walk.with_verified}
    return places[kind](where)


@given(SAVED, STEPS)
def test_whatever_is_done_one_stands_somewhere_and_knows_how_far_it_is(
    walk: Walk, moves: list[object]
) -> None:
    for move in moves:
        walk = moved(walk, move)
        behind, all_ = walk.progress
        assert walk.at in GUIDE.by_id
        assert 0 <= behind <= all_ == 40
        assert walk.ticked | walk.skipped <= set(ALL)
        assert [walk.state_of(step) for step in GUIDE.steps].count(StepState.CURRENT) == 1


@given(SAVED, STEPS)
def test_progress_is_lost_by_nothing_but_taking_up_and_letting_go(
    walk: Walk, moves: list[object]
) -> None:
    for move in moves:
        before = walk.progress[0]
        walk = moved(walk, move)
        if move in ("next", "back", "skip"):
            assert walk.progress[0] >= before


@given(SAVED)
def test_from_anywhere_going_on_ends_and_never_turns_back(walk: Walk) -> None:
    for _ in ALL:
        onward = walk.next()
        assert onward.index >= walk.index
        walk = onward
    assert walk.next().at == walk.at
    ahead = GUIDE.steps[walk.index + 1 :]
    assert all(step.id in walk.skipped for step in ahead)
