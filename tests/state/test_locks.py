"""How programs know of one another: who has a profile open, and whose turn it is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from wizard.state import LockTimeoutError, StateFile


@pytest.fixture
def state(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state")


BACKENDS = Path(__file__).parents[1] / "cli" / "plugins"
HOLDS = """
import sys
from pathlib import Path
from wizard.state import StateFile
with StateFile(Path(sys.argv[1])).using("shop"):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_another_program_s_profile_is_seen_as_long_as_it_runs(state: StateFile) -> None:
    command = [sys.executable, "-c", HOLDS, str(state.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        assert state.users("shop") == [process.pid]
        assert state.users("sho") == []
        process.kill()
        process.wait()
        assert state.users("shop") == []
    assert list(state.folder.iterdir()) == []


def test_a_profile_whose_name_begins_like_another_s_is_not_taken_for_it(state: StateFile) -> None:
    with state.using("shop.1"), state.using("shop.1.2"):
        assert (state.users("shop"), state.users("shop.1")) == ([], [os.getpid()])
    assert list(state.folder.iterdir()) == []


def test_opened_twice_in_one_program_it_is_open_once(state: StateFile) -> None:
    with state.using("shop"):
        with state.using("shop"):
            assert state.users("shop") == [os.getpid()]
        assert state.users("shop") == [os.getpid()]


def test_a_folder_that_can_not_be_used_keeps_nobody_from_opening(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    state = StateFile(tmp_path / "file" / "state")
    with state.using("shop"):
        assert state.users("shop") == []


async def test_who_waits_for_a_turn_whose_file_is_removed_still_gets_it_alone(
    state: StateFile,
) -> None:
    order: list[str] = []

    async def second() -> None:
        async with state.rotation_lock("shop", 5, lambda: order.append("waiting")):
            order.append("second")
            with pytest.raises(LockTimeoutError):
                async with state.rotation_lock("shop", 0, lambda: None):
                    order.append("never")

    async with state.rotation_lock("shop", 1, lambda: None):
        waiting = asyncio.create_task(second())
        while not order:
            await asyncio.sleep(0.01)
        state.clear_rotation_lock("shop")
        order.append("first")
    await waiting
    assert order == ["waiting", "first", "second"]


PUTS = """
import asyncio, sys
from pathlib import Path
from wizard.state import StateFile
from wizard.vault import KeyringVault
vault = KeyringVault("shop", turn=StateFile(Path(sys.argv[1])).keyring_turn)
print("trying", flush=True)
asyncio.run(vault.put("app_id", "2"))
print("stored", flush=True)
"""


def test_the_turn_at_the_keyring_is_the_users_wherever_the_state_is(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring"}
    env |= {"PYTHONPATH": str(BACKENDS), "TEST_KEYRING_FILE": str(tmp_path / "keyring.json")}
    command = [sys.executable, "-c", PUTS, str(tmp_path / "elsewhere")]
    with StateFile(tmp_path / "state").keyring_turn():
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        assert process.stdout is not None
        assert process.stdout.readline() == "trying\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
    assert process.communicate(timeout=20)[0] == "stored\n"


@pytest.mark.parametrize("home", ["missing", "a file"])
def test_without_a_folder_of_the_user_the_turn_is_the_states(
    tmp_path: Path, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    own = tmp_path / "file" if home == "a file" else Path("/dev/null/home")
    monkeypatch.setenv("XDG_STATE_HOME", str(own))
    state = StateFile(tmp_path / "state")
    with state.keyring_turn(), pytest.raises(Timeout):
        FileLock(state.folder / "keyring.lock", timeout=0, thread_local=False).acquire()
