"""Every profile that is remembered, and which one was switched to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wizard.state import Entry, ProfileIndex, Progress, StateFile


@pytest.fixture
def state(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state")


def test_the_names_are_in_order_whatever_their_letter_case(state: StateFile) -> None:
    for name in ("shop", "Blog", "cafe"):
        state.add_profile(name)
    state.switch("pub")
    register = state.read_index()
    assert register.names == ["Blog", "cafe", "default", "pub", "shop"]
    assert (list(register.entries), register.current) == (["Blog", "cafe", "shop"], "pub")


def test_a_name_is_alike_in_any_letter_case() -> None:
    register = ProfileIndex({"Shop": Entry()})
    assert [register.alike(name) for name in ("Shop", "shop", "SHOP", "DEFAULT", "shop2")] == [
        *("Shop", "Shop", "Shop"),
        "default",
        None,
    ]


def test_who_is_listed_twice_keeps_what_was_remembered(state: StateFile) -> None:
    state.save("shop", Progress(step="7.5"))
    state.add_profile("shop")
    assert state.load("shop").step == "7.5"


def test_many_are_written_at_once(state: StateFile) -> None:
    state.save("blog", Progress(step="1"))
    state.save_all({name: Progress(step="2.1") for name in ("shop", "cafe")})
    entries = state.read_index().entries
    assert {name: entry.progress.step for name, entry in entries.items()} == {
        "blog": "1",
        "cafe": "2.1",
        "shop": "2.1",
    }


def test_a_change_that_fails_halfway_writes_nothing(state: StateFile) -> None:
    state.add_profile("shop")
    before = state.path.read_bytes()

    def change() -> None:
        with state.transaction() as said:
            said["profiles"].clear()
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert state.path.read_bytes() == before


def test_a_change_that_is_none_does_not_touch_the_file(state: StateFile) -> None:
    state.delete_profile("shop")
    assert not state.path.exists()
    state.switch("shop")
    written = state.path.stat().st_ino
    state.switch("shop")
    state.delete_profile("nobody")
    assert state.path.stat().st_ino == written


def test_a_name_or_a_mark_that_no_profile_can_have_is_left_out(state: StateFile) -> None:
    state.add_profile("shop")
    said = json.loads(state.path.read_text())
    said["profiles"] = {"../up": {}, "con": {}, "shop": {"moved_to": "a/b", "taken_from": 3}}
    said["current"] = "no/way"
    state.path.write_text(json.dumps(said))
    written = state.path.read_text()
    assert state.read_index() == ProfileIndex({"shop": Entry()})
    assert "2 names that no profile can have" in str(state.notice)
    assert state.path.read_text() == written


@pytest.mark.parametrize("current", [3, ["shop"], {}])
def test_a_current_profile_that_is_no_text_is_damage(state: StateFile, current: object) -> None:
    state.add_profile("shop")
    state.path.write_text(json.dumps({"schema": 1, "profiles": {}, "current": current}))
    assert state.read_index() == ProfileIndex()
    assert state.notice is not None


def test_a_glance_changes_nothing(state: StateFile) -> None:
    assert state.glance() == ProfileIndex()
    assert not state.folder.exists()
    state.add_profile("shop")
    assert state.glance() == state.read_index()
    state.path.write_text("{ nonsense")
    assert state.glance() == ProfileIndex()
    assert state.path.read_text() == "{ nonsense"
    assert state.notice is None
