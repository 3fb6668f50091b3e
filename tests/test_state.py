"""What is remembered between runs."""

from __future__ import annotations

import json
import multiprocessing
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.state import Progress, StateError, StateFile
from wizard.state import Tested as LastTest

AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
SOME = Progress(
    step="7.5",
    done=frozenset({"2.1", "7.1"}),
    skipped=frozenset({"4.1"}),
    tested={"access_token": LastTest(AT, "passed", "access_token.valid")},
    token_expires_at=1_795_000_000,
    token_kind="temporary",
    app_name="my-whatsapp-webhook",
)

names = st.text(min_size=1, max_size=20)
progress = st.builds(
    Progress,
    step=st.none() | names,
    done=st.frozensets(names),
    skipped=st.frozensets(names),
    tested=st.dictionaries(
        names,
        st.builds(
            LastTest,
            at=st.datetimes(timezones=st.just(UTC)),
            outcome=st.sampled_from(["passed", "failed", "untested"]),
            finding=st.none() | names,
        ),
    ),
    token_expires_at=st.none() | st.integers(0, 2**40),
    token_kind=st.none() | names,
    app_name=st.none() | names,
)


@given(progress, progress)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_whatever_is_saved_comes_back_and_profiles_stay_apart(
    tmp_path: Path, one: Progress, other: Progress
) -> None:
    state = StateFile(tmp_path)
    state.save("one", one)
    state.save("other", other)
    assert (state.load("one"), state.load("other")) == (one, other)
    assert state.notice is None


def test_a_profile_that_was_never_saved_begins_at_the_beginning(tmp_path: Path) -> None:
    assert StateFile(tmp_path / "not" / "there").load("default") == Progress()


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    state = StateFile(tmp_path / "new")
    state.save("default", SOME)
    assert stat.S_IMODE(state.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.path.parent.stat().st_mode) == 0o700


GOOD = {"schema": 1, "profiles": {"default": {"step": "7.5"}}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{ nonsense",
        "[]",
        "42",
        "null",
        "{}",
        '{"schema": 1}',
        '{"schema": 2, "profiles": {}}',
        '{"schema": 1, "profiles": []}',
        '{"schema": 1, "profiles": {"default": 3}}',
        '{"schema": 1, "profiles": {"default": {"step": 7}}}',
        '{"schema": 1, "profiles": {"default": {"done": "2.1"}}}',
        '{"schema": 1, "profiles": {"default": {"done": [2]}}}',
        '{"schema": 1, "profiles": {"default": {"token_expires_at": "soon"}}}',
        '{"schema": 1, "profiles": {"default": {"tested": {"app_id": {}}}}}',
        '{"schema": 1, "profiles": {"default": {"tested": {"app_id": {"at": "x"}}}}}',
        "\x00\x01\x02",
        "[" * 100_000,
        json.dumps(GOOD)[:-5],
    ],
)
def test_a_corrupt_or_foreign_file_is_set_aside_and_said_so(tmp_path: Path, text: str) -> None:
    state = StateFile(tmp_path)
    state.path.write_text(text)
    assert state.load("default") == Progress()
    assert state.notice is not None
    aside = [path for path in tmp_path.iterdir() if path.name.startswith("state.json.set-aside-")]
    assert [path.read_text() for path in aside] == [text]
    assert str(aside[0]) in state.notice
    state.save("default", SOME)
    assert StateFile(tmp_path).load("default") == SOME


def test_entries_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    entry = {"step": "2.1", "callback_url": "https://example.com/webhook"}
    state.path.write_text(json.dumps({"schema": 1, "profiles": {"default": entry}}))
    state.save("default", state.load("default"))
    kept = json.loads(state.path.read_text())["profiles"]["default"]
    assert kept["callback_url"] == "https://example.com/webhook"


def test_a_folder_that_can_not_be_used_is_one_exception_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    state = StateFile(tmp_path / "file" / "folder")
    with pytest.raises(StateError, match="file"):
        state.save("default", SOME)


def test_forgetting_a_profile_leaves_the_others(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.save("one", SOME)
    state.save("two", SOME)
    state.forget("one")
    assert state.profiles() == ["two"]


def test_a_save_that_fails_leaves_the_file_as_it_was_and_nothing_behind(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.save("default", SOME)
    with pytest.raises(TypeError):
        state.save("default", Progress(rest={"x": object()}))
    assert StateFile(tmp_path).load("default") == SOME
    assert not list(tmp_path.glob("*.tmp"))


def _save_many(folder: str, profile: str) -> None:
    for count in range(20):
        StateFile(Path(folder)).save(profile, Progress(step=f"{profile}-{count}"))


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_wizards_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [
        spawn.Process(target=_save_many, args=(str(tmp_path), f"p{number}")) for number in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    state = StateFile(tmp_path)
    assert {name: state.load(name).step for name in state.profiles()} == {
        f"p{number}": f"p{number}-19" for number in range(3)
    }
