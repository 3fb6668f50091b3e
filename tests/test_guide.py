"""The guide read from its files, searched, and filled in with what is known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.guide import Guide, Skip, Step, guide, read_chapter

CHAPTER = """
number = 7
title = "Generate an access token"
short = "Access token"
proof = ["access_token"]

[[step]]
id = "7.1"
title = "Press it"
short = "Press"
body = '''
Open `https://developers.facebook.com/apps/{YOUR_APP_ID}/dashboard/`.

Then press it.
'''
see = "A window."
link = "https://developers.facebook.com/apps/{app_id}/dashboard/"
yields = ["access_token"]
early = ["app_id"]
skip = { label = "I have one", chapter = 8 }

[[page]]
id = "7.2"
title = "Nothing to do"
short = "Nothing"
body = "Only to be read."
renews = ["access_token"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "07-chapter.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_chapter_is_read_with_all_that_stands_in_it(tmp_path: Path) -> None:
    chapter = read_chapter(written(tmp_path, CHAPTER))
    assert (chapter.number, chapter.short) == (7, "Access token")
    assert chapter.proof == ("access_token",)
    step, page = chapter.steps
    assert (step.id, step.counted, step.see) == ("7.1", True, "A window.")
    assert (step.yields, step.early) == (("access_token",), ("app_id",))
    assert step.fields == ("access_token", "app_id")
    assert step.skip == Skip("I have one", 8)
    assert step.body.startswith("Open")
    assert step.body.endswith("press it.")
    assert (page.id, page.counted, page.fields, page.link) == ("7.2", False, (), None)
    assert (step.renews, page.renews) == ((), ("access_token",))
    assert Guide((chapter,)).counted == (step,)
    assert Guide((chapter,)).proofs == {"7.1": {"access_token"}, "7.2": {"access_token"}}


def test_links_and_addresses_bear_the_app_id_where_it_is_known(tmp_path: Path) -> None:
    step, page = read_chapter(written(tmp_path, CHAPTER)).steps
    assert step.url("123") == "https://developers.facebook.com/apps/123/dashboard/"
    assert step.url(None) == "https://developers.facebook.com/apps/"
    assert "apps/123/dashboard" in step.text("123")
    assert "{YOUR_APP_ID}" in step.text(None)
    assert page.url("123") is None


@each_line(
    ("right", "wrong"),
    [
        ("number = 7", ""),
        ('short = "Access token"', ""),
        ('id = "7.1"', ""),
        ('body = "Only to be read."', ""),
        ('title = "Press it"', 'titel = "Press it"'),
        ('see = "A window."', 'se = "A window."'),
        ('yields = ["access_token"]', 'yields = "access_token"'),
        ('proof = ["access_token"]', 'proof = "access_token"'),
        ('early = ["app_id"]', 'early = "app_id"'),
        ('renews = ["access_token"]', 'renews = "access_token"'),
        (", chapter = 8", ""),
        ("chapter = 8", "chapter = 8, note = 1"),
        ('[[step]]\nid = "7.1"', "[[step]]\nid = 7.1.2"),
        ("'''\nOpen", "''\nOpen"),
        ("number = 7", "number = 7\nnumber = 8"),
        ('renews = ["access_token"]', 'renews = ["access_token"]\n[page.layout.new]\nbody = "B"'),
    ],
)
def test_a_mistake_in_a_chapter_is_told_at_once(tmp_path: Path, right: str, wrong: str) -> None:
    assert CHAPTER.count(right) == 1
    with pytest.raises((KeyError, TypeError, tomllib.TOMLDecodeError)):
        read_chapter(written(tmp_path, CHAPTER.replace(right, wrong)))


LAYOUTS = """
number = 7
title = "Generate an access token"
short = "Access token"

[[step]]
id = "7.1"
title = "Press it"
short = "Press"
[step.layout.classic]
body = "Press the one."
link = "https://developers.facebook.com/apps/{app_id}/one/"
[step.layout.new]
where = "There"
body = "Press the other."
see = "Another."
link = "https://developers.facebook.com/apps/{app_id}/other/"
"""


def test_a_step_has_a_text_for_each_layout_of_the_portal(tmp_path: Path) -> None:
    (step,) = read_chapter(written(tmp_path, LAYOUTS)).steps
    assert step.has_layouts
    assert step.text("123", "classic") == "Press the one."
    assert step.text("123", "new") == "Press the other."
    assert step.in_layout("new").where == "There"
    assert step.url("123", "new") == "https://developers.facebook.com/apps/123/other/"
    assert step.url("123") == "https://developers.facebook.com/apps/123/one/"
    assert {"Press the one.", "Press the other."} < set(step.text(None).splitlines())


def test_a_chapter_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_chapter(tmp_path / "12-nothing.toml")


def test_the_guide_has_forty_steps_and_fifteen_pages_in_order() -> None:
    steps = guide().steps
    assert len(guide().counted) == 40
    assert len(steps) == 55
    numbers = [tuple(map(int, step.id.split("."))) for step in steps]
    assert numbers == sorted(numbers)
    assert len(guide().by_id) == len(steps)
    assert [chapter.number for chapter in guide().chapters] == list(range(1, 13))


@each_line("step", guide().steps, ids=lambda step: step.id)
def test_a_step_belongs_to_the_chapter_of_its_number(step: Step) -> None:
    assert guide().chapter_of(step.id).number == int(step.id.partition(".")[0])


@each_line("step", [step for step in guide().steps if step.skip], ids=lambda step: step.id)
def test_what_can_be_left_out_lies_here_or_ahead(step: Step) -> None:
    assert step.skip is not None
    numbers = [chapter.number for chapter in guide().chapters]
    assert step.skip.chapter in numbers
    assert step.skip.chapter >= guide().chapter_of(step.id).number


def found(query: str) -> list[str]:
    return [step.id for step in guide().search(query)]


@each_line("query", ["", " ", "\t\n"])
def test_a_search_for_nothing_finds_everything(query: str) -> None:
    assert guide().search(query) == list(guide().steps)


@each_line("step", guide().steps, ids=lambda step: step.id)
def test_a_number_finds_its_own_step_first(step: Step) -> None:
    assert found(step.id)[0] == step.id
    assert found(f" {step.id} ")[0] == step.id


def test_the_number_of_a_chapter_finds_its_steps_first() -> None:
    own = [step.id for step in guide().steps if step.id.startswith("7.")]
    assert found("7")[: len(own)] == own


def test_a_word_of_a_title_comes_before_one_of_a_text() -> None:
    titled = [step.id for step in guide().steps if "portfolio" in step.title.casefold()]
    assert found("portfolio")[: len(titled)] == titled
    assert len(found("portfolio")) > len(titled)


@each_line("query", ["VERIFY token", "token verify", "  Verify   Token "])
def test_words_are_found_in_any_order_and_case(query: str) -> None:
    assert "8.3" in found(query)
    assert found(query) == found("verify token")


def test_all_words_are_wanted() -> None:
    assert set(found("verify token")) <= set(found("token"))
    assert found("verify zebra") == []


@given(st.text(max_size=20))
def test_no_search_is_too_odd(query: str) -> None:
    results = guide().search(query)
    assert len(set(results)) == len(results)
    assert set(results) <= set(guide().steps)
