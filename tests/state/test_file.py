"""What is remembered between runs."""

from __future__ import annotations

import json
import multiprocessing
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.state.writers import save_for_ever, save_many
from tests.tables import each_line
from wizard.state import CheckRecord as LastTest
from wizard.state import (
    NewerStateError,
    Progress,
    ReplacedCallback,
    StateError,
    StateFile,
    StoredWebhook,
)

AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
SOME = Progress(
    step="7.5",
    done=frozenset({"2.1", "7.1"}),
    skipped=frozenset({"4.1"}),
    tested={"access_token": LastTest(AT, "passed", "access_token.valid")},
    token_expires_at=1_795_000_000,
    token_kind="temporary",
    app_name="my-whatsapp-webhook",
    webhook=StoredWebhook(
        "https://calm-otter.ngrok-free.dev/webhook",
        "http://127.0.0.1:8000/webhook",
        "0123456789abcdef",
        True,
        (
            ReplacedCallback(
                "app", "1357", "https://prod.example.com/hook", ("messages",), "https://x"
            ),
        ),
    ),
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
    webhook=st.builds(
        StoredWebhook,
        callback_url=st.none() | names,
        local_url=st.none() | names,
        marker=st.none() | names,
        heard=st.booleans(),
        replaced=st.lists(
            st.builds(
                ReplacedCallback,
                scope=names,
                owner=names,
                callback_url=names,
                fields=st.frozensets(names).map(lambda fields: tuple(sorted(fields))),
                by=names,
            ),
            max_size=2,
        ).map(tuple),
    ),
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


@each_line(
    "text",
    [
        "",
        "{ nonsense",
        "[]",
        "42",
        "null",
        "{}",
        '{"schema": 1}',
        '{"schema": 1, "profiles": []}',
        '{"schema": 1, "profiles": {"default": 3}}',
        '{"schema": 1, "profiles": {"default": ""}}',
        '{"schema": 1, "profiles": {"default": []}}',
        '{"schema": 1, "profiles": {"default": {}, "other": null}}',
        '{"schema": 1, "profiles": {"default": {"step": 7}}}',
        '{"schema": 1, "profiles": {"default": {"done": "2.1"}}}',
        '{"schema": 1, "profiles": {"default": {"done": [2]}}}',
        '{"schema": 1, "profiles": {"default": {"token_expires_at": "soon"}}}',
        '{"schema": 1, "profiles": {"default": {"tested": {"app_id": {}}}}}',
        '{"schema": 1, "profiles": {"default": {"webhook": {"callback_url": 1}}}}',
        '{"schema": 1, "profiles": {"default": {"webhook": {"replaced": [{}]}}}}',
        '{"schema": 1, "profiles": {"default": {"webhook": []}}}',
        '{"schema": 1, "profiles": {"default": {"tested": {"app_id": {"at": "x"}}}}}',
        "\x00\x01\x02",
        "[" * 100_000,
        json.dumps(GOOD)[:-5],
    ],
)
def test_of_a_damaged_file_a_copy_is_kept_and_it_is_said_until_seen_to(
    tmp_path: Path, text: str
) -> None:
    state = StateFile(tmp_path)
    state.path.write_text(text)
    state.load("default")
    assert state.notice is not None
    (copy,) = copies(tmp_path)
    assert copy.read_text() == text
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert str(copy) in state.notice
    state.save("default", SOME)
    again = StateFile(tmp_path)
    assert again.load("default") == SOME
    assert again.notice == state.notice
    assert again.repaired() == [copy]
    assert copies(tmp_path) == [copy]
    assert again.load("default") == SOME
    assert again.notice is None


def copies(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith("state.json.damaged-")]


def fleet(folder: Path) -> bytes:
    state = StateFile(folder)
    state.save_all({f"p{number}": SOME for number in range(5)})
    return state.path.read_bytes()


@each_line("cut", [3, 30, 300, 900])
def test_of_a_truncated_file_every_name_before_the_cut_is_kept(tmp_path: Path, cut: int) -> None:
    text = fleet(tmp_path)[:-cut]
    state = StateFile(tmp_path)
    state.path.write_bytes(text)
    names = [f"p{number}" for number in range(5) if f'"p{number}": '.encode() in text]
    assert state.profiles() == names
    assert [state.load(name) for name in names[:-1]] == [SOME] * (len(names) - 1)
    assert state.load(names[0]).webhook == SOME.webhook


@each_line(
    ("before", "after"),
    [
        (b'"step": "7.5"', b'"step": "7.5'),
        (b'"step": "7.5"', b'"step": 7'),
        (b'"step": "7.5"', b'"step": "\xff\xfe"'),
        (b'"step": "7.5"', b"\x00\x00\x00"),
        (b'"passed"', b'"maybe"'),
        (b'"done": [', b'"done": [3, '),
        (b'"token_kind": "temporary"', b'"token_kind": {}'),
        (b'"skipped": [', b'"skipped": {'),
    ],
)
def test_one_bad_place_costs_no_profile_and_no_replaced_callback(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    text = fleet(tmp_path)
    at = text.index(b'"p2"')
    state = StateFile(tmp_path)
    state.path.write_bytes(text[:at] + text[at:].replace(before, after, 1))
    assert state.profiles() == [f"p{number}" for number in range(5)]
    assert [state.load(f"p{number}") for number in (0, 1, 3, 4)] == [SOME] * 4
    assert state.load("p2").webhook.replaced == SOME.webhook.replaced
    assert len(copies(tmp_path)) == 1


@each_line(
    ("text", "names"),
    [
        ('{"schema": 1, "profiles": {"a": {}, "b": {}}, "profiles": {"c": {}}}', ["a", "b", "c"]),
        ('{"schema": 1, "profiles": ["a", 3, "b"]}', ["a", "b"]),
        ('{"schema": ., "profiles": {"a": {}}}', ["a"]),
        ('{"schema": 1.0.9, "profiles": {"a": {}}}', ["a"]),
        ('{\n "profil\n  "a": {},\n  "b": {}\n },\n "schema": 1\n}', ["a", "b"]),
        ('": 3\n  },\n  "b": {\n   "done": []\n  }\n },\n "schema": 1\n}', ["b"]),
        (
            '{\n "profiles": {\n<<<<<<< x\n  "a": {},\n=======\n  "b": {}\n>>>>>>> y\n }}',
            ["a", "b"],
        ),
    ],
)
def test_no_name_that_can_be_read_is_lost(tmp_path: Path, text: str, names: list[str]) -> None:
    state = StateFile(tmp_path)
    state.path.write_text(text)
    assert state.profiles() == names
    assert state.notice is not None


def test_of_a_profile_that_stands_twice_both_parts_are_kept(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    twice = '{"a": {"done": ["2.1"], "webhook": {"callback_url": "u"}}, "a": {"done": ["7.1"]}}'
    state.path.write_text(f'{{"schema": 1, "profiles": {twice}}}')
    kept = state.load("a")
    assert (kept.done, kept.webhook.callback_url) == (frozenset({"2.1", "7.1"}), "u")
    assert state.notice is not None


def test_a_truncated_file_in_one_line_keeps_its_names(tmp_path: Path) -> None:
    text = json.dumps(json.loads(fleet(tmp_path)))
    state = StateFile(tmp_path)
    state.path.write_text(text[: text.index('"p3"') + 20])
    assert state.profiles() == ["p0", "p1", "p2", "p3"]
    assert state.load("p2") == SOME


@each_line(
    "text",
    [
        '{"schema": 2, "profiles": {}}',
        '{"schema": 99, "fleet": []}',
        '{"schema": 1.5}',
        *(
            f'{{"schema": {schema}, "profiles": {{"a": {{}}}}{end}'
            for schema in ('"2"', '"v2"', '"2.0.1"', '{"version": 2}', "[2, 0]")
            for end in ("}", "")
        ),
        '{"profiles": {"a": {}}, "schema": 2',
        '{"profiles": {"a": {}}, "schema": "2.1',
        # damaged as well
        '{"schema": 2, "profiles": {"a": {}',
        '{"profiles": {"a": }, "schema": 2}',
        json.dumps({"profiles": {"a": {}}, "schema": 2, "x": 1}, indent=1)[:-5],
    ],
)
def test_a_file_of_a_later_schema_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    state = StateFile(tmp_path)
    state.path.write_text(text)
    for use in (state.profiles, state.read_index, lambda: state.save("default", SOME)):
        with pytest.raises(NewerStateError, match="written by a newer version of whatsapp-wizard"):
            use()
    assert state.path.read_text() == text
    assert copies(tmp_path) == []


def test_where_no_copy_can_be_kept_the_damaged_file_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = fleet(tmp_path)[:-30]
    state = StateFile(tmp_path)
    state.path.write_bytes(text)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    assert state.profiles() == [f"p{number}" for number in range(5)]
    assert state.notice is not None
    with pytest.raises(StateError):
        state.save("p0", SOME)
    assert state.path.read_bytes() == text


def test_what_a_newer_program_wrote_is_kept(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    newer = {
        "schema": 1,
        "machine": {"tunnel": "ngrok"},
        "profiles": {
            "default": {"step": "2.1", "shade": "dark"},
            "other": {"step": "7.1", "colour": "green"},
        },
    }
    state.path.write_text(json.dumps(newer))
    state.save("default", SOME)
    kept = json.loads(state.path.read_text())
    assert state.load("default") == SOME
    assert kept["profiles"]["default"]["shade"] == "dark"
    assert kept["profiles"]["other"] == newer["profiles"]["other"]  # type: ignore[index]
    assert kept["machine"] == newer["machine"]


def test_a_file_that_another_wizard_mends_meanwhile_is_not_set_aside(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.path.write_text("{ nonsense")
    loaded: list[Progress] = []
    loading = threading.Thread(target=lambda: loaded.append(state.load("default")))
    with FileLock(tmp_path / "state.lock"):
        loading.start()
        loading.join(0.2)
        assert loading.is_alive()
        entry = {"schema": 1, "profiles": {"default": {"step": "7.5"}}}
        state.path.write_text(json.dumps(entry))
    loading.join()
    assert loaded == [Progress(step="7.5")]
    assert state.notice is None


def test_a_folder_that_can_not_be_used_is_one_exception_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    state = StateFile(tmp_path / "file" / "folder")
    with pytest.raises(StateError, match="file"):
        state.save("default", SOME)


def test_forgetting_a_profile_leaves_the_others(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.save("one", replace(SOME, webhook=StoredWebhook()))
    state.save("two", SOME)
    state.delete_profile("one")
    assert state.profiles() == ["two"]


def test_a_forgotten_profile_still_knows_what_it_is_to_put_back(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.save("default", SOME)
    state.delete_profile("default")
    assert state.load("default") == Progress(webhook=StoredWebhook(replaced=SOME.webhook.replaced))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes")
def test_a_full_disk_leaves_the_file_as_it_was_and_nothing_behind(tmp_path: Path) -> None:
    StateFile(tmp_path).save("default", SOME)
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from wizard.state import Progress, StateError, StateFile\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n"
        "    StateFile(Path(sys.argv[1])).save('default', Progress(app_name='x' * 1000))\n"
        "except StateError as error:\n"
        "    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
    )
    assert "File too large" in said.stdout
    assert StateFile(tmp_path).load("default") == SOME
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state.json", "state.lock"]


def test_a_file_is_whole_whenever_it_is_read_and_whenever_its_writer_is_killed(
    tmp_path: Path,
) -> None:
    state = StateFile(tmp_path)
    state.save("default", SOME)
    writer = multiprocessing.get_context("spawn").Process(
        target=save_for_ever, args=(str(tmp_path), SOME), daemon=True
    )
    writer.start()
    while state.load("default") == SOME:
        assert writer.is_alive()
    for _ in range(100):
        assert state.load("default").step == SOME.step
    writer.kill()
    writer.join(10)
    assert state.load("default").step == SOME.step
    assert state.notice is None
    state.save("default", SOME)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_wizards_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [
        spawn.Process(target=save_many, args=(str(tmp_path), f"p{number}")) for number in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    state = StateFile(tmp_path)
    assert {name: state.load(name).step for name in state.profiles()} == {
        f"p{number}": f"p{number}-19" for number in range(3)
    }


def test_what_a_killed_write_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = [tmp_path / "state-abc123.tmp", tmp_path / "state-.tmp"]
    others = [tmp_path / "state-mine.txt", tmp_path / "other.tmp"]
    for file in (*left, *others):
        file.write_text("{")
    StateFile(tmp_path).add_profile("shop")
    assert not any(file.exists() for file in left)
    assert all(file.exists() for file in others)
