"""A command that is killed before any of its writes, or has no room for one: nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.world import GRAPH_URL, VALUES, Pretended
from tests.cli.writes import ENDLESS, UNWRITING, WRITES, Kept, Write, fill, secrets_left
from wizard.cli import COMMANDS
from wizard.cli.commands.profile import profile as profiles

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed that way there")

MOST = 200
"""More writes than any of them makes."""
STRIDE = {"profile rename": 7, "profile copy": 7, "profile delete": 5, "rotate": 5} | dict.fromkeys(
    ("discover", "forget", "import"), 3
)
"""Of the longest every so manyth write only. Each value is written in two steps, so that an odd one
meets both; all of a rotation's and of the profiles' are taken in tests of their own."""


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


def undisturbed(folder: Path, meta: Pretended, write: Write) -> tuple[Kept, Kept, int]:
    """What there is before it and after it, and its exit code."""
    shell = shell_in(folder, "undisturbed")
    stdin, env = fill(shell, meta, write)
    before = Kept.of(shell, write)
    code = shell(*write.words, stdin=stdin, env={GRAPH_URL: env[GRAPH_URL]}).code
    return before, Kept.of(shell, write), code


@pytest.mark.parametrize("name", WRITES)
def test_killed_before_any_of_its_writes_it_is_done_when_asked_again(
    tmp_path: Path, meta: Pretended, name: str
) -> None:
    write = WRITES[name]
    before, after, code = undisturbed(tmp_path, meta, write)
    for step in range(1, MOST, STRIDE.get(name, 1)):
        shell = shell_in(tmp_path, f"{step}")
        stdin, env = fill(shell, meta, write)
        at = {GRAPH_URL: env[GRAPH_URL]}
        ended = shell(*write.words, stdin=stdin, env=at | {"TEST_BREAK": f"killed@{step}"})
        if ended.code != -signal.SIGKILL:
            assert ended.code == code
            assert step > 1
            return
        assert Kept.of(shell, write).lies_between(before, after), f"step {step}"
        if step % 3:
            grow_old(shell.folder)
            shell(*write.words, stdin=stdin, env=at)
            assert Kept.of(shell, write).is_like(after), f"step {step}"
            known = {"keyring.json", "keyring.new", write.output}
            assert secrets_left(shell.folder, known) == [], f"step {step}"
    pytest.fail("it never ends")


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("way", ["full@1", "full@4", "unflushed@1", "read-only@1"])
def test_without_room_for_it_nothing_is_half_written(
    tmp_path: Path, meta: Pretended, name: str, way: str
) -> None:
    write = WRITES[name]
    shell = shell_in(tmp_path, "broken")
    stdin, env = fill(shell, meta, write)
    at = {GRAPH_URL: env[GRAPH_URL]}
    before = Kept.of(shell, write)
    ended = shell(*write.words, stdin=stdin, env=at | {"TEST_BREAK": way})
    left = Kept.of(shell, write)
    assert ended.code in range(5), ended.said
    assert "Traceback" not in ended.said
    shell(*write.words, stdin=stdin, env=at)
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
