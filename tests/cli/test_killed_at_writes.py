"""A command that is killed before any of its writes, or has no room for one: nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.pictures import pictured
from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at
from tests.cli.writes import ENDLESS, UNWRITING, WRITES, Kept, Write, fill, secrets_left
from tests.tables import each_line
from wizard.cli import COMMANDS
from wizard.cli.commands.profile import profile as profiles

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed that way there")

STRIDE = {"profile rename": 7, "profile copy": 7, "profile delete": 5, "rotate": 5} | dict.fromkeys(
    ("discover", "forget", "import"), 3
)
"""Of the longest, only behind every so manyth write they are asked again. Each value is written in
two steps, so that an odd one meets both."""
AT_META = {"restore"}
"""What they change at Meta is in no picture of the disk: they are killed each time."""


def test_every_command_is_among_them() -> None:
    ours = {write.words[0] for write in WRITES.values()}
    assert ours | UNWRITING | ENDLESS == COMMANDS.keys()
    made = {write.words[1] for write in WRITES.values() if write.words[0] == "profile"}
    assert made | {"list"} == profiles.commands.keys()


def shell_in(folder: Path, name: str) -> Shell:
    (folder / name).mkdir()
    return Shell(folder / name)


def grow_old(folder: Path) -> None:
    """As if what lies there had lain there for an hour."""
    for path in folder.iterdir():
        os.utime(path, (time.time() - 3600,) * 2, follow_symlinks=False)


def is_done_when_asked_again(
    shell: Shell, write: Write, after: Kept, env: Mapping[str, str], stdin: str | None
) -> bool:
    grow_old(shell.folder)
    shell(*write.words, stdin=stdin, env=env)
    known = {"keyring.json", "keyring.new", write.output}
    return Kept.of(shell, write).is_like(after) and secrets_left(shell.folder, known) == []


@pytest.mark.parametrize("name", WRITES)
def test_killed_before_any_of_its_writes_it_is_done_when_asked_again(
    tmp_path: Path, meta: Pretended, name: str
) -> None:
    write = WRITES[name]
    shell = shell_in(tmp_path, "undisturbed")
    stdin, env = fill(shell, meta, write)
    before = Kept.of(shell, write)
    _, left = pictured(shell, *write.words, stdin=stdin, env=at(env))
    after = Kept.of(shell, write)
    assert left
    for count, (step, shell) in enumerate(left.items()):
        assert Kept.of(shell, write).lies_between(before, after), f"step {step}"
        if name not in AT_META and count % STRIDE.get(name, 1) == 0:
            assert is_done_when_asked_again(shell, write, after, at(env), stdin), f"step {step}"


@pytest.mark.parametrize("name", [*AT_META, "set", "export over", "profile delete"])
def test_a_process_that_is_killed_there_leaves_the_same(
    tmp_path: Path, meta: Pretended, name: str
) -> None:
    write = WRITES[name]
    shell = shell_in(tmp_path, "undisturbed")
    stdin, env = fill(shell, meta, write)
    _, left = pictured(shell, *write.words, stdin=stdin, env=at(env))
    after = Kept.of(shell, write)
    for step in sorted(left)[:: STRIDE.get(name, 1)]:
        shell = shell_in(tmp_path, f"killed at {step}")
        stdin, env = fill(shell, meta, write)
        env = at(env)
        ended = shell(*write.words, stdin=stdin, env=env | {"TEST_BREAK": f"killed@{step}"})
        assert ended.code == -signal.SIGKILL
        assert Kept.of(shell, write) == Kept.of(left[step], write), f"step {step}"
        count = len(list(shell.folder.rglob("*")))
        assert count == len(list(left[step].folder.rglob("*"))), f"step {step}"
        assert is_done_when_asked_again(shell, write, after, env, stdin), f"step {step}"


@pytest.mark.parametrize("name", WRITES)
@each_line("way", ["full@1", "full@4", "unflushed@1", "read-only@1"])
def test_without_room_for_it_nothing_is_half_written(
    tmp_path: Path, meta: Pretended, name: str, way: str
) -> None:
    write = WRITES[name]
    shell = shell_in(tmp_path, "broken")
    stdin, env = fill(shell, meta, write)
    before = Kept.of(shell, write)
    ended = shell(*write.words, stdin=stdin, env=at(env) | {"TEST_BREAK": way})
    left = Kept.of(shell, write)
    assert ended.code in range(5), ended.said
    assert "Traceback" not in ended.said
    shell(*write.words, stdin=stdin, env=at(env))
    assert left.lies_between(before, Kept.of(shell, write))
    assert secrets_left(shell.folder, {"keyring.json", "keyring.new", write.output}) == []


PAIRS = [
    ("set app_id --stdin", "set waba_id --stdin"),
    ("profile create one", "profile create two"),
    ("profile create one", "profile switch shop"),
    ("profile rename shop live", "profile create two"),
    ("export --output out.env", "export --output out.env"),
]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_two_at_once_are_as_one_after_the_other(
    tmp_path: Path, meta: Pretended, pair: tuple[str, str]
) -> None:
    def run(shell: Shell, line: str) -> int:
        return shell(*line.split(), stdin="1000000000000001").code

    write = Write((), output="out.env")
    results = []
    for count in (1, 2):
        shell = shell_in(tmp_path, f"{count} at once")
        fill(shell, meta, write)
        with ThreadPoolExecutor(count) as terminals:
            codes = sorted(terminals.map(run, (shell, shell), pair))
        results.append((codes, Kept.of(shell, write)))
    assert results[0] == results[1]
    assert VALUES["access_token"] in str(results[0][1].held)
