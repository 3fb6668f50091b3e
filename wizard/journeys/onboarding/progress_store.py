"""What is remembered of one profile, read from the state file and written back to it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from wizard.journeys.webhook.pending_restore import merged, not_restored, sentence
from wizard.state import Progress, ReplacedCallback, StateError, StateFile, StoredWebhook
from wizard.support.threads import run_in_thread

_TIMEOUT = 10.0
_SILENT = "The state file doesn't respond."


class ProgressStore:
    """One profile's entry in the state file; without a `state` nothing is read or written.

    Nothing here raises: `notice` says what went wrong, or that a damaged file was set aside.
    `left` says that an earlier run did not restore a callback of this profile.
    """

    def __init__(self, state: StateFile | None, profile: str) -> None:
        self.state = state
        self.notice: str | None = None
        self.left = ""
        self._profile = profile
        self._webhook = StoredWebhook()
        self._saving = asyncio.Lock()

    async def load(self) -> Progress:
        """What was remembered; an empty `Progress` where that can't be read."""
        progress = Progress()
        if self.state is not None:
            state = self.state
            try:
                progress = await run_in_thread(lambda: state.load(self._profile), timeout=_TIMEOUT)
                self.notice = state.notice
            except (StateError, TimeoutError) as error:
                self.notice = str(error) or _SILENT
        self._webhook = progress.webhook
        return progress

    async def find_not_restored(self) -> tuple[ReplacedCallback, ...] | None:
        """The callbacks of every profile that earlier runs did not restore, and sets `left`; `None`
        where that can't be read."""
        if self.state is None:
            return None
        state, profile = self.state, self._profile
        with suppress(StateError, TimeoutError):
            every, mine = await run_in_thread(
                lambda: (not_restored(state), not_restored(state, profile)), timeout=_TIMEOUT
            )
            self.left = next((sentence(one, profile) for one in mine), "")
            return every
        return None

    async def save(self, progress: Progress) -> None:
        """Writes it, merged with what another program wrote meanwhile."""
        if self.state is None:
            return
        state = self.state
        async with self._saving:
            kept = partial(merged, self._webhook)
            try:
                await run_in_thread(
                    lambda: state.merge({self._profile: progress}, kept), timeout=_TIMEOUT
                )
                self._webhook = progress.webhook
                self.notice = state.notice or self.notice
            except (StateError, TimeoutError) as error:
                self.notice = f"Your progress is not saved: {str(error) or _SILENT}"

    async def idle(self) -> None:
        """Returns when nothing is being written any more."""
        async with self._saving:
            return
