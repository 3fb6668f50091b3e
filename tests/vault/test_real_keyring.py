"""GNOME Keyring itself, under a D-Bus session of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vault.contract import SessionContract

ROOT = Path(__file__).parents[2]
INSIDE = "WIZARD_TEST_INSIDE_DBUS"
INSTALLED = shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")
needs_keyring = pytest.mark.skipif(not INSTALLED, reason="gnome-keyring and dbus are not installed")

CONTRACT = f"""env PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {sys.executable} -m pytest -q --noconftest \\
    -p pytest_asyncio.plugin -p no:cacheprovider"""
"""Runs the tests of a file, and loads no plugin that they have no use for."""
UNLOCKED = "printf pw | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null"


def in_session(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Runs a shell script in a fresh D-Bus session whose keyring lives in this home."""
    env = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env={**env, "HOME": str(home), INSIDE: "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


if os.environ.get(INSIDE):

    class TestGnomeKeyring(SessionContract):
        name = "GNOME Keyring"


@needs_keyring
def test_the_real_keyring_keeps_every_promise(tmp_path: Path) -> None:
    ended = in_session(f"{UNLOCKED}; exec {CONTRACT} {__file__} -k TestGnomeKeyring", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "10 passed" in ended.stdout


LOAD = """
import asyncio
from wizard.vault import KeyringVault, VaultError
try:
    print(asyncio.run(KeyringVault("test", limit=20).load()).app_id)
except VaultError as error:
    print(error.reason, error.detail)
"""
STARTED = "gnome-keyring-daemon --start --components=secrets >/dev/null"


@needs_keyring
def test_an_entry_can_be_read_with_keyring_s_own_command_and_a_locked_store_says_so(
    tmp_path: Path,
) -> None:
    script = tmp_path / "load.py"
    script.write_text(LOAD)
    set_ = f"printf 42 | {sys.executable} -m keyring set whatsapp-wizard:test app_id"
    read = in_session(f"{UNLOCKED}; {set_} && {sys.executable} {script}", tmp_path)
    assert read.stdout.strip() == "42", read.stderr
    locked = in_session(f"{STARTED}; {sys.executable} {script}", tmp_path)
    assert locked.stdout.strip() == "locked GNOME Keyring", locked.stderr


@needs_keyring
def test_a_store_that_can_not_be_made_as_there_is_no_display_is_locked(tmp_path: Path) -> None:
    script = tmp_path / "load.py"
    script.write_text(LOAD)
    ended = in_session(f"{STARTED}; {sys.executable} {script}", tmp_path)
    assert ended.stdout.strip() == "locked GNOME Keyring", ended.stderr


PROFILES = """
import asyncio, sys
from pathlib import Path
from wizard.values.credentials import Secret, Values
from wizard.journeys.profiles.listing import list_profiles
from wizard.journeys.profiles.profiles import Profiles
from wizard.state import StateFile
from wizard.vault import KeyringVault
SIX = Values("1", Secret("ü€"), Secret("EAA" + "x" * 210), "2", "3", Secret("a b"))
async def main():
    state = StateFile(Path(sys.argv[1]))
    profiles = Profiles(state, KeyringVault)
    for name, value in SIX.present():
        await KeyringVault("shop").put(name, value)
    await profiles.rename("shop", "live")
    await profiles.copy("live", "test")
    await profiles.delete("live")
    held = [await KeyringVault(name).load() for name in ("shop", "live", "test")]
    print(held == [Values(), Values(), SIX], [one.name for one in list_profiles(state)])
asyncio.run(main())
"""


@needs_keyring
def test_profiles_are_renamed_copied_and_deleted(tmp_path: Path) -> None:
    script = tmp_path / "profiles.py"
    script.write_text(PROFILES)
    ended = in_session(f"{UNLOCKED}; {sys.executable} {script} {tmp_path / 'state'}", tmp_path)
    assert ended.stdout.strip() == "True ['default', 'test']", ended.stderr


FILL = """
import asyncio
from wizard.values.credentials import Secret, Values
from wizard.vault import KeyringVault
SIX = Values("1", Secret("two"), Secret("EAA" + "x" * 210), "2", "3", Secret("a b"))
asyncio.run(KeyringVault("default").put_all(SIX))
"""
TOGETHER = """
import os, sys
import filelock, keyring, platformdirs
import wizard.cli.commands.set, wizard.vault.keyring, wizard.vault.one_connection
from wizard.cli import main

keyring.get_keyring()  # loads what there is to choose from

def begin(name, value):
    read, write = os.pipe()
    os.write(write, value.encode())
    os.close(write)
    if pid := os.fork():
        os.close(read)
        return pid
    os.dup2(read, 0)
    sys.argv = ["whatsapp-wizard", "set", name, "--stdin"]
    main()

for turn in range(5):
    pids = [begin(name, f"1000000000000{turn}1") for name in ("app_id", "waba_id")]
    if codes := [code for _, code in map(os.waitpid, pids, (0, 0)) if code]:
        print("failed:", codes)
"""


@needs_keyring
def test_two_programs_write_in_turn(tmp_path: Path) -> None:
    """GNOME Keyring takes one's value for the other's, where both write at once."""
    script = tmp_path / "together.py"
    script.write_text(TOGETHER)
    ended = in_session(f"cd {tmp_path}; {UNLOCKED}; {sys.executable} {script} 2>said", tmp_path)
    said = (tmp_path / "said").read_text()
    assert (ended.stdout, ended.returncode) == ("", 0), ended.stdout + said
    assert said.count("Stored") == 10, said


CALLS = """
dbus-monitor --session "interface='org.freedesktop.Secret.Item'" \
    "interface='org.freedesktop.Secret.Collection'" >heard 2>&1 &
monitor=$!
until grep -q NameAcquired heard; do sleep 0.05; done
PY -m wizard profile CHANGE default shop || echo failed
sleep 0.2; kill $monitor
for call in GetSecret CreateItem Delete; do echo $call $(grep -c "call.*member=$call$" heard); done
echo connections $(grep "^method call" heard | grep -o "sender=:[0-9.]*" | sort -u | wc -l)
"""


@needs_keyring
@pytest.mark.parametrize(("change", "deleted"), [("copy", 0), ("rename", 6)])
def test_a_profile_is_taken_over_with_a_call_for_each_value(
    tmp_path: Path, change: str, deleted: int
) -> None:
    """A call for a secret may be a dialog, and each connection asks anew."""
    script = tmp_path / "fill.py"
    script.write_text(FILL)
    calls = CALLS.replace("PY", sys.executable).replace("CHANGE", change)
    ended = in_session(f"cd {tmp_path}; {UNLOCKED}; {sys.executable} {script}; {calls}", tmp_path)
    assert ended.stdout.splitlines() == [
        "GetSecret 6",
        "CreateItem 6",
        f"Delete {deleted}",
        "connections 1",
    ], ended.stdout + ended.stderr
