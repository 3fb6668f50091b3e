"""A rotation on screen and what goes on beside it; leaving it, and a keyring in trouble."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.tui.conftest import Start
from tests.tui.screens.rotation.rotating import (
    STORED,
    ended,
    ends_at,
    newer,
    paste,
    rotation,
    stored,
)
from tests.tui.screens.webhook.playing import Pretended, opened
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta
from wizard.state import StateFile
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.rotation.screen import RotationScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Value, Values, plain
from wizard.vault import MemoryVault, Reason, VaultError


async def test_a_test_that_runs_on_the_old_one_says_nothing_of_the_new_one(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.token.expires_at = meta.now() - 60
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        assert w.onboarding.chip("access_token") is Chip.FAILED
        assert "✗ temporary, ended 1 min ago" in w.text()
        token = newer(meta)
        meta.delay = 0.15
        w.walk.draft_tester.test()
        paste(w, token)
        await ended(w, STORED)
        await w.until(lambda: not w.onboarding.testing)
        assert w.onboarding.chip("access_token") is Chip.PASSED
        assert w.onboarding.progress.tested["access_token"].outcome == "passed"
        assert w.onboarding.progress.token_expires_at == ends_at(meta, token)


async def test_one_that_was_typed_and_not_stored_makes_way(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.go("7.5")
        paste(w, meta.other_token.text)
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.FAILED)
        assert w.onboarding.unsaved == ("access_token",)
        await rotation(w)
        token = newer(meta)
        paste(w, token)
        await ended(w, STORED)
        assert list(w.onboarding.unsaved) == []
        assert w.onboarding.values.access_token == token
        await w.press("enter")
        await w.until(lambda: w.walk.query_one(Field).value == plain(token))


async def test_an_open_webhook_goes_on_with_the_new_one(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("escape")
        await rotation(w)
        token = newer(meta)
        paste(w, token)
        await ended(w, STORED)
        assert w.webhook.connection is not None
        connection = w.webhook.connection
        await w.until(lambda: connection.world.values.access_token == token)
        assert w.webhook.is_open


async def test_in_the_demo_a_key_generates_one(wizard: Start, meta: Meta, values: Values) -> None:
    async with wizard(meta=meta, values=values, portal=Pretended) as w:
        await rotation(w)
        await w.press("ctrl+g")
        await ended(w, STORED)
        assert stored(w) not in {None, values.access_token}


async def test_another_rotation_of_the_profile_is_waited_for(
    wizard: Start, meta: Meta, values: Values, tmp_path: Path
) -> None:
    vault = MemoryVault(values)
    vault.persistent = True
    async with wizard(meta=meta, vault=vault) as w:
        w.onboarding.world.folder = tmp_path / "locks"
        await rotation(w)
        token = newer(meta)
        async with StateFile(tmp_path / "locks").rotation_lock("test", 0.0, lambda: None):
            paste(w, token)
            await w.until(lambda: "another rotation of this profile is running" in w.text())
            assert stored(w) == values.access_token
        await ended(w, STORED)


async def test_one_that_another_program_has_stored_is_known_here_too(
    wizard: Start, meta: Meta, values: Values
) -> None:
    vault = MemoryVault(values)
    async with wizard(meta=meta, vault=vault) as w:
        await rotation(w)
        token = newer(meta)
        await vault.put("access_token", token)
        paste(w, token)
        await ended(w, "This token is already stored")
        await w.until(lambda: w.onboarding.progress.token_expires_at == ends_at(meta, token))
        assert stored(w) == token


# leaving, and the vault


class Slow(MemoryVault):
    """Writes a token only when it is let; before that it may refuse to, once."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self.refuses = False

    async def put(self, name: str, value: Value) -> None:
        refuses, self.refuses = self.refuses, False
        if refuses:
            raise VaultError(Reason.LOCKED, "GNOME Keyring")
        self.asked.set()
        await self.let.wait()
        await super().put(name, value)


async def test_who_leaves_while_it_is_stored_leaves_when_it_is_and_it_is_tested_then(
    wizard: Start, meta: Meta, values: Values
) -> None:
    vault = Slow(values)
    async with wizard(meta=meta, vault=vault) as w:
        await rotation(w)
        token = newer(meta)
        paste(w, token)
        await w.until(vault.asked.is_set)
        await w.press("escape")
        assert isinstance(w.app.screen, RotationScreen)
        assert stored(w) == values.access_token
        vault.let.set()
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        assert stored(w) == token
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        assert w.onboarding.progress.token_expires_at == ends_at(meta, token)


async def test_who_leaves_while_it_is_tested_has_changed_nothing(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        meta.delay = 30.0
        paste(w, newer(meta))
        await w.until(lambda: w.webhook.rotation.running)
        paste(w, newer(meta))
        await w.until(lambda: "Wait until the previous token has been tested." in w.text())
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        assert stored(w) == values.access_token
        assert w.webhook.rotation.result is None
        assert w.onboarding.chip("access_token") is Chip.PASSED


async def test_a_keyring_that_locks_itself_is_asked_about_and_tried_again(
    wizard: Start, meta: Meta, values: Values
) -> None:
    vault = Slow(values)
    vault.let.set()
    async with wizard(meta=meta, vault=vault) as w:
        await rotation(w)
        vault.refuses = True
        token = newer(meta)
        paste(w, token)
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.until(lambda: "The keyring is locked" in w.text())
        await w.press("enter")
        await ended(w, STORED)
        assert stored(w) == token


async def test_what_was_swapped_in_is_what_is_told_at_the_end_whatever_failed_after_it(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        paste(w, newer(meta))
        await ended(w, STORED)
        paste(w, newer(meta, expires_at=meta.now() - 60))
        await ended(w, "The access token has expired")
        last = w.webhook.rotation.last
        assert last is not None
        assert (last.result.swapped, last.code) == (True, 0)
