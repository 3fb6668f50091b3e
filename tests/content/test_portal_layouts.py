"""The guide in each layout of Meta's portal: complete, in that layout's own labels, and sourced."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.tables import each_line
from wizard.findings import page_url
from wizard.guide import Step, StepText, guide
from wizard.portal import (
    Layout,
    chapter_data,
    fill_places,
    layouts,
    narrow_places,
    narrow_url,
    read_layouts,
)

LAYOUTS: Final = read_layouts(chapter_data())
"""With the labels of all chapters."""
TWO_WAYS: Final = [step for step in guide().steps if step.has_layouts]
NAMES: Final = tuple(LAYOUTS)
TEXTS: Final = each_line(
    ("name", "step"),
    [(name, step) for step in TWO_WAYS for name in NAMES],
    ids=lambda text: f"{text[1].id}-{text[0]}",
)
CREDENTIALS: Final = {
    "App ID",
    "App Secret",
    "Access Token",
    "Phone Number ID",
    "WABA ID",
    "Verify Token",
}
EMPHASIS: Final = CREDENTIALS | {
    "before",
    "before you reload the page",
    "Yes (Required)",
    "m",
    "The webhook is not verified",
    "No messages arrive",
    "The access token has expired",
    "Business account is restricted from messaging users in this country",
    "Your own phone number",
    "Your own number",
    "A payment method",
    "Publishing the app",
    "Your own message templates",
}
"""Bold words of the new texts that are no labels."""


def said(text: StepText) -> str:
    return " ".join(f"{text.where} {text.body} {text.see}".split())


def bold(text: StepText) -> set[str]:
    marked = re.findall(r"\*\*(.+?)\*\*", said(text))
    return {words.strip('"') for words in marked}


def all_labels(layout: Layout) -> set[str]:
    return {*layout.labels, *layout.probable}


def foreign_labels(name: str) -> set[str]:
    """What other layouts call something, and this one does not."""
    others = chain.from_iterable(all_labels(LAYOUTS[other]) for other in NAMES if other != name)
    return set(others) - all_labels(LAYOUTS[name]) - CREDENTIALS


def test_the_steps_whose_pages_differ_have_a_text_for_each_layout() -> None:
    differing = {step.id for step in TWO_WAYS}
    chapters = {6: 6, 7: 5, 8: 5}
    assert {"5.2"} | {f"{c}.{n}" for c, last in chapters.items() for n in range(1, last + 1)} <= (
        differing
    )
    assert {"10", "11.1", "11.5", "11.6", "11.7", "11.8", "12.1"} <= differing
    assert all(tuple(step.texts) == NAMES for step in TWO_WAYS)


@TEXTS
def test_each_text_is_whole(name: str, step: Step) -> None:
    text = step.texts[name]
    assert text.body
    assert text.link
    assert not step.counted or (text.see and text.where)
    assert not re.search(r"[!<]|(?m:^#)", text.body + text.see)


@TEXTS
def test_no_label_of_another_layout_stands_in_a_text(name: str, step: Step) -> None:
    text = step.texts[name]
    distinct = {label for label in foreign_labels(name) if len(label) > 9 or " " in label}
    assert bold(text) & foreign_labels(name) == set()
    assert [label for label in distinct if re.search(rf"\b{re.escape(label)}\b", said(text))] == []


def test_the_layouts_have_labels_that_tell_them_apart() -> None:
    assert {"Step 1. Try it out", "Configure Webhooks"} <= foreign_labels("classic")
    assert {"API Setup", "Configuration", "Quickstart"} <= foreign_labels("new")


@each_line("step", TWO_WAYS, ids=lambda step: step.id)
def test_every_label_of_the_new_layout_has_its_source(step: Step) -> None:
    assert bold(step.texts["new"]) <= all_labels(LAYOUTS["new"]) | EMPHASIS


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_an_address(name: str) -> None:
    layout = LAYOUTS[name]
    claims = [urls for chapter in chapter_data() for urls in chapter.get("sources", {}).values()]
    for addresses in (*layout.labels.values(), *layout.probable.values(), *claims):
        assert addresses
        for address in addresses:
            parts = urlsplit(address)
            assert (parts.scheme, bool(parts.path.strip("/"))) == ("https", True)
            assert "." in parts.netloc


@each_line("step", TWO_WAYS, ids=lambda step: step.id)
def test_what_no_public_page_settles_is_called_probable(step: Step) -> None:
    text = step.texts["new"]
    for sentence in re.split(r"(?<=[.?:])\s+(?=[A-Z*\d-])|\n\n", f"{text.body} {text.see}"):
        labels = {words.strip('"') for words in re.findall(r"\*\*(.+?)\*\*", sentence)}
        if labels & set(LAYOUTS["new"].probable):
            assert re.search(r"\b(probably|may|it says)\b", sentence, re.IGNORECASE), sentence


def test_no_label_is_both_settled_and_probable() -> None:
    for layout in LAYOUTS.values():
        assert not set(layout.labels) & set(layout.probable)


def test_the_new_texts_point_at_the_steps_by_number_too() -> None:
    bodies = " ".join(step.texts["new"].body for step in TWO_WAYS)
    assert "Paso 2" in bodies
    assert "Étape 2" in bodies


@each_line(
    ("step", "words"),
    [
        ("6.1", ("Use cases", "Customize")),
        ("6.5", ("Step 1. Try it out",)),
        ("6.6", ("Claim a WhatsApp test number", "Messaging account ID", "WhatsApp account")),
        ("7.1", ("Generate token", "Generate new token")),
        ("7.3", ("Opt in to current WhatsApp accounts only", "chosen already")),
        ("7.5", ("Not generated yet", "Meta shows it once", "still works")),
        ("8.1", ("Step 2. Production setup", "Configure Webhooks", "Don't skip it")),
        ("8.3", ("access token", "EAA", "dots")),
        ("8.5", ("whatsapp-wizard subscribe", "Subscribe webhooks", "Subscribed")),
        ("8.5", ("Check test webhooks", "unpublished", "WA DevX Webhook Events 1P App")),
        ("10", ("Messaging account", "WhatsApp account")),
        ("11.1", ("Recipient", "Manage phone number list", "jaspers_market_order_confirmation_v1")),
        ("11.1", ("133010",)),
        ("11.5", ("Register your WhatsApp phone number", "Subscribe webhooks", "fails")),
        ("11.6", ("App Review", "own data", "privacy policy")),
        ("11.8", ("whatsapp-wizard subscribe", "Check test webhooks", "Not generated yet")),
        ("12.1", ("Send message",)),
    ],
)
def test_what_often_stops_people_is_told_where_it_bites(step: str, words: tuple[str, ...]) -> None:
    text = said(guide().by_id[step].in_layout("new"))
    assert [word for word in words if word not in text] == []


@each_line(
    ("step", "words"),
    [
        ("11.2", ("2026-10-01", "1,000 a month", "payment method", "131042")),
        ("12.3", ("Messaging accounts", "WhatsApp accounts", "two accounts")),
    ],
)
@each_line("name", NAMES)
def test_what_is_new_everywhere_is_told_in_each(
    name: str, step: str, words: tuple[str, ...]
) -> None:
    text = said(guide().by_id[step].in_layout(name))
    assert [word for word in words if word not in text] == []


@each_line("step", TWO_WAYS, ids=lambda step: step.id)
def test_while_the_layout_is_unknown_all_stand_side_by_side(step: Step) -> None:
    both = step.in_layout(None)
    for name, text in step.texts.items():
        assert text.body in both.body
        assert LAYOUTS[name].sign in both.body
        assert text.see in both.see
        assert text.where in both.where
    assert both.link == step.texts[NAMES[0]].link
    assert step.in_layout("no such layout") == both


def test_a_step_that_is_alike_everywhere_says_the_same_in_each() -> None:
    step = guide().by_id["9.5"]
    assert {step.in_layout(name) for name in (None, *NAMES)} == {step.texts[""]}


def test_the_layouts_of_one_chapter_are_those_of_all() -> None:
    assert list(layouts()) == list(LAYOUTS)
    for name, layout in layouts().items():
        assert (layout.sign, layout.words, layout.links) == (
            LAYOUTS[name].sign,
            LAYOUTS[name].words,
            LAYOUTS[name].links,
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_opened_where_the_layout_has_it(name: str) -> None:
    for step, key in (("7.1", "token_page"), ("8.4", "webhook_page")):
        link = guide().by_id[step].in_layout(name).link
        assert link == layouts()[name].links[key]
        for other in layouts().values():
            there = page_url(other.links[key], "123")
            assert narrow_url(there or "", name) == page_url(link, "123")


@each_line("layout", [None, "new", "no such layout"])
@each_line(
    "url",
    [
        "https://developers.facebook.com/apps/",
        "https://developers.facebook.com/apps/123/dashboard/",
        "https://developers.facebook.com/apps/123/settings/basic/",
        "https://business.facebook.com/settings/system-users",
    ],
)
def test_any_other_page_is_the_same_in_each(url: str, layout: str | None) -> None:
    assert narrow_url(url, layout) == url


def test_the_layouts_name_the_same_places() -> None:
    assert len({frozenset(layout.links) for layout in LAYOUTS.values()}) == 1
    assert len({frozenset(layout.words) for layout in LAYOUTS.values()}) == 1


def test_a_place_is_named_in_one_layout_or_in_all() -> None:
    text = "Open {token_page} and click {generate_token} (step 7.1)"
    assert fill_places(text, "classic") == (
        "Open API Setup and click Generate access token (step 7.1)"
    )
    assert fill_places(text, "new") == "Open Step 1. Try it out and click Generate token (step 7.1)"
    both = fill_places(text)
    assert both == (
        "Open API Setup (or Step 1. Try it out) and click Generate access token"
        " (or Generate token) (step 7.1)"
    )
    for name in NAMES:
        assert narrow_places(both, name) == fill_places(text, name)
    assert narrow_places(both, None) == both


@pytest.mark.parametrize("name", NAMES)
def test_every_place_can_be_narrowed_to_one_layout(name: str) -> None:
    for key in LAYOUTS[name].words:
        text = f"Look at {{{key}}} now"
        assert narrow_places(fill_places(text), name) == fill_places(text, name)


def test_a_place_that_no_layout_has_a_word_for_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        fill_places("Open {nowhere}")


def third() -> list[dict[str, Any]]:
    links = {"token_page": "https://example.org/{app_id}/"}
    layout = {"sign": "Tab A", "words": {"token_page": "Tab A"}, "links": links}
    return [
        {"layout": {"third": {"labels": {"Tab A": ["https://example.org/a"]}}}},
        {"layouts": ["third"], "layout": {"third": layout}},
    ]


def test_a_layout_is_data_that_chapters_share() -> None:
    layout = read_layouts(third())["third"]
    assert (layout.name, layout.sign) == ("third", "Tab A")
    assert layout.labels == {"Tab A": ("https://example.org/a",)}
    assert layout.words == {"token_page": "Tab A"}


@each_line("key", ["sign", "words", "links"])
def test_a_layout_without_one_of_its_parts_is_a_mistake(key: str) -> None:
    chapters = third()
    del chapters[1]["layout"]["third"][key]
    with pytest.raises(KeyError):
        read_layouts(chapters)
