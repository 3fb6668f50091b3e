"""What a command says and remembers of callbacks that ours took the place of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.cli.report import say
from wizard.journeys.pending import not_restored, revised, sentence
from wizard.settings import Settings
from wizard.state import Replaced, StateError, StateFile, Webhook


class Memory:
    """Keeps in the state what a connection must not forget. Where the values are not the
    `stored` ones, that is what has to be put back, and nothing else."""

    def __init__(self, settings: Settings, before: Webhook, *, stored: bool) -> None:
        self._settings = settings
        self._was = before if stored else Webhook(replaced=before.replaced)
        self._stored = stored

    async def remember(self, webhook: Webhook) -> None:
        from wizard.cli.worlds import note

        now = webhook if self._stored else Webhook(replaced=webhook.replaced)
        was = self._was
        why = note(
            self._settings,
            lambda progress: replace(progress, webhook=revised(progress.webhook, was, now)),
        )
        if why and now.replaced:
            say(f"What has to be put back later is not remembered: {why}", err=True)
        elif not why:
            self._was = now


def say_not_restored(state: StateFile, profile: str | None = None) -> None:
    """A line for each callback of this profile, or of all, that nobody has put back."""
    try:
        names = [profile] if profile is not None else state.register().names
        for name in names:
            for one in not_restored(state, name):
                say(sentence(one, name), err=True)
    except StateError:
        return  # the command says what is the matter with it


def not_restored_dict(one: Replaced) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "owner": one.owner,
        "callback_url": one.callback_url or None,
        "by": one.by or None,
    }
