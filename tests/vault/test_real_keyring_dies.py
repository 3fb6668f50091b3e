"""GNOME Keyring itself, killed between two commands and in the middle of a write."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.vault.test_real_keyring import in_session, needs_keyring
from wizard.vault import Reason

DYING = """
import asyncio, json, os, signal, subprocess, sys, threading, time
from wizard.values.credentials import Secret, Values
from wizard.vault import KeyringVault, VaultError

TOKENS = ["EAA" + letter * 1500 for letter in "ab"]
SIX = Values("1", Secret("b" * 32), Secret(TOKENS[0]), "2", "3", Secret("a b"))
told = {"reasons": [], "held": [], "killed_in_a_write": 0}

def bus(method):
    command = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    command += [f"org.freedesktop.DBus.{method}", "string:org.freedesktop.secrets"]
    return subprocess.run(command, capture_output=True, text=True).stdout

def daemon():
    owner = bus("GetConnectionUnixProcessID").split()
    if "uint32" in owner:  # a locked one, which the bus brought up when it was asked
        os.kill(int(owner[-1]), signal.SIGKILL)
    process = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    process.stdin.write(b"pw")
    process.stdin.close()
    for _ in range(100):
        owner = bus("GetConnectionUnixProcessID").split()
        if owner[-1:] == [str(process.pid)]:
            return process
        time.sleep(0.02)
    raise SystemExit("no keyring came up")

def held():
    try:
        return asyncio.run(KeyringVault("test", limit=5).load())
    except VaultError as error:
        told["reasons"].append(str(error.reason))

def write(ended):
    for turn in range(1000):
        try:
            asyncio.run(KeyringVault("test", limit=5).put("access_token", Secret(TOKENS[turn % 2])))
        except VaultError as error:
            told["reasons"].append(str(error.reason))
            told["killed_in_a_write"] += 1
            return
        if ended.is_set():
            return

running = daemon()
for name, value in SIX.present():
    asyncio.run(KeyringVault("test", limit=5).put(name, value))
for delay in (0, 0.003, 0.011, 0.026, 0.05):
    ended = threading.Event()
    writer = threading.Thread(target=write, args=(ended,))
    if delay:
        writer.start()
        time.sleep(delay)
    running.kill()
    running.wait()
    if delay:
        writer.join(20)
    held()
    running = daemon()
    after = held()
    token = after.access_token.reveal() if after and after.access_token else ""
    told["held"].append(after is not None and after.with_("access_token", None)
        == SIX.with_("access_token", None) and token in TOKENS)
running.kill()
print(json.dumps(told))
"""


@needs_keyring
def test_no_value_is_lost_or_cut_and_it_is_told_in_words(tmp_path: Path) -> None:
    script = tmp_path / "dying.py"
    script.write_text(DYING)
    ended = in_session(f"{sys.executable} {script}", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["held"] == [True] * 5
    assert told["killed_in_a_write"] > 0
    assert set(told["reasons"]) <= set(Reason)
