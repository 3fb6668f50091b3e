"""What a connection must not forget, kept in the state."""

from __future__ import annotations

from dataclasses import replace

from wizard.cli.input.world import update_progress
from wizard.cli.output.lines import say
from wizard.journeys.webhook.pending_restore import revised
from wizard.settings import Settings
from wizard.state import StoredWebhook


class Memory:
    """Keeps in the state what a connection must not forget. Where the values are not the
    `stored` ones, that is what has to be put back, and nothing else."""

    def __init__(self, settings: Settings, before: StoredWebhook, *, stored: bool) -> None:
        self._settings = settings
        self._was = before if stored else StoredWebhook(replaced=before.replaced)
        self._stored = stored

    async def remember(self, webhook: StoredWebhook) -> None:
        now = webhook if self._stored else StoredWebhook(replaced=webhook.replaced)
        was = self._was
        why = update_progress(
            self._settings,
            lambda progress: replace(progress, webhook=revised(progress.webhook, was, now)),
        )
        if why and now.replaced:
            say(f"Can't save what to restore later: {why}", err=True)
        elif not why:
            self._was = now
