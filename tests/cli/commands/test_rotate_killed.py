"""A rotation killed anywhere: what the keyring then holds, and what is said of it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.pictures import pictured
from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at
from wizard.checks import collect_report
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator.world.objects import Token
from wizard.simulator.world.state import DAY
from wizard.state import CheckRecord as LastTest
from wizard.state import Progress, StateFile
from wizard.values.credentials import Secret, Values
from wizard.world import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed that way there")

REQUESTS = 12
WRITTEN = "keyring.new"
"""What the keyring of these tests writes to before it puts it in place."""
BEFORE = LastTest(datetime(2026, 11, 20, tzinfo=UTC), "passed", "access_token.valid")


class Profile:
    """A profile whose old token is known to end, and a longer-lived one to take its place."""

    def __init__(self, shell: Shell, meta: Pretended) -> None:
        self.shell = shell
        self.meta = meta
        shell.fill()
        self.env = at(meta.healthy())
        self.old = meta.world.token
        self.new = meta.world.issue(meta.world.app, lifetime=30 * DAY)
        self.state = StateFile(shell.state.parent)
        known = Progress(
            tested={"access_token": BEFORE},
            token_expires_at=int(self.old.expires_at),
            token_kind="temporary",
        )
        self.state.save("default", known)

    def with_shell(self, shell: Shell) -> Profile:
        """The same one in another folder."""
        other = copy(self)
        other.shell, other.state = shell, StateFile(shell.state.parent)
        return other

    def rotate(self, point: str) -> int:
        env = {**self.env, "TEST_KILL_AT": point}
        return self.shell("rotate", "--stdin", stdin=self.new.text.reveal(), env=env).code

    def rotate_until_request(self, number: int) -> int:
        """Killed when so many requests have come to Meta, before the last of them is answered."""
        before, begun = self.meta.calls, threading.Event()

        def met(calls: int) -> None:
            if calls - before == number:
                assert begun.wait(10)
                os.kill(process.pid, signal.SIGKILL)

        self.meta.met = met
        token = self.new.text.reveal()
        try:
            with self.shell.start("rotate", "--stdin", stdin=token, env=self.env) as process:
                begun.set()
                return process.wait(60)
        finally:
            self.meta.met = lambda _calls: None

    @property
    def stored(self) -> Token:
        """Which of the two is stored; fails where it is neither, or another value was touched."""
        held = self.shell.stored()
        (token,) = [
            one for one in (self.old, self.new) if one.text.reveal() == held["access_token"]
        ]
        assert held == VALUES | {"access_token": token.text.reveal()}
        return token

    def tells_no_lie(self) -> None:
        """What is remembered is true of the token that is stored, or says nothing of it."""
        progress, token = self.state.load("default"), self.stored
        kind = "temporary" if token is self.old else "long-lived"
        assert progress.token_expires_at in {None, int(token.expires_at)}
        assert progress.token_kind in {None, kind}
        tested = progress.tested.get("access_token")
        assert tested is None or (tested == BEFORE) is (token is self.old)

    async def passes(self) -> None:
        """A check of what is stored finds nothing wrong, whichever of the two it is."""
        values = Values()
        for name, value in self.shell.stored().items():
            secret = name in {"app_secret", "access_token", "verify_token"}
            values = values.with_(name, Secret(value) if secret else value)
        settings = Settings("default", self.meta.base, GRAPH_VERSION)
        async with World.from_settings(settings, values) as world:
            assert (await collect_report(world)).ok


@pytest.fixture
def profile(tmp_path: Path, meta: Pretended) -> Profile:
    (tmp_path / "home").mkdir()
    return Profile(Shell(tmp_path / "home"), meta)


async def test_killed_before_any_of_its_writes_the_keyring_holds_the_old_token_or_the_new(
    profile: Profile,
) -> None:
    token = profile.new.text.reveal()
    ended, left = pictured(profile.shell, "rotate", "--stdin", stdin=token, env=profile.env)
    assert ended.code == 0
    stored = []
    for shell in left.values():
        killed = profile.with_shell(shell)
        killed.tells_no_lie()
        await killed.passes()
        stored.append(killed.stored)
    assert profile.old in stored
    assert profile.new in stored


@pytest.mark.parametrize("request_number", range(1, REQUESTS + 1))
async def test_killed_at_any_of_its_requests_too(profile: Profile, request_number: int) -> None:
    assert profile.rotate_until_request(request_number) == -signal.SIGKILL
    profile.tells_no_lie()
    await profile.passes()


def test_there_are_no_more_requests_than_these(profile: Profile) -> None:
    before = profile.meta.calls
    assert profile.rotate("100") == 0
    assert profile.meta.calls - before == REQUESTS
    assert profile.stored is profile.new
    assert profile.state.load("default").token_expires_at == int(profile.new.expires_at)


@pytest.mark.parametrize(
    ("point", "is_new"),
    [
        (f"1@{WRITTEN}", False),  # before the keyring writes
        (f"2@{WRITTEN}", False),  # before it puts in place what it wrote
        (f"3@{WRITTEN}", True),  # before it is read back
        (f"4@{WRITTEN}", True),  # before the state says anything of the new one
    ],
)
def test_killed_about_the_write_status_says_not_tested_and_check_then_tells(
    profile: Profile, point: str, is_new: bool
) -> None:
    assert profile.rotate(point) == -signal.SIGKILL
    assert (profile.stored is profile.new) is is_new
    token = profile.shell("status", "--json").json["token"]
    assert (token["kind"], token["expires_at"], token["seconds_left"]) == (None, None, None)
    assert "Access token     ••••••••           stored, not tested" in profile.shell("status").out
    assert profile.shell("check", env=profile.env).code == 0
    token = profile.shell("status", "--json").json["token"]
    assert token["expires_at"] == int(profile.stored.expires_at)


def test_after_one_that_was_killed_the_next_is_not_kept_waiting(profile: Profile) -> None:
    profile.rotate(f"2@{WRITTEN}")
    ended = profile.shell("rotate", "--stdin", stdin=profile.new.text.reveal(), env=profile.env)
    assert (ended.code, ended.err) == (0, "")
    assert profile.stored is profile.new


def test_two_at_once_with_two_tokens_leave_one_of_them_whole_with_its_own_end(
    profile: Profile,
) -> None:
    other = profile.meta.world.issue(profile.meta.world.app, lifetime=20 * DAY)

    def rotate(token: Token) -> Any:
        text = token.text.reveal()
        return profile.shell("rotate", "--stdin", "--json", stdin=text, env=profile.env).json

    with ThreadPoolExecutor(2) as terminals:
        reports = list(terminals.map(rotate, (profile.new, other)))
    assert [report["swapped"] for report in reports] == [True, True]
    held = profile.shell.stored()["access_token"]
    (last,) = [token for token in (profile.new, other) if token.text.reveal() == held]
    assert profile.shell.stored() == VALUES | {"access_token": held}
    assert profile.state.load("default").token_expires_at == int(last.expires_at)
