"""What a command says of callbacks that ours took the place of."""

from __future__ import annotations

from typing import Any

from wizard.cli.output.lines import say
from wizard.journeys.webhook.pending_restore import (
    not_restored,
    not_restored_by_profile,
    sentence,
)
from wizard.state import ReplacedCallback, StateError, StateFile


def say_not_restored(state: StateFile, profile: str | None = None) -> None:
    """A line for each callback of this profile, or of all, that nobody has put back."""
    try:
        if profile is not None:
            found = [(profile, one) for one in not_restored(state, profile)]
        else:
            found = not_restored_by_profile(state)
        for name, one in found:
            say(sentence(one, name), err=True)
    except StateError:
        return  # the command says what is the matter with it


def not_restored_dict(one: ReplacedCallback) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "owner": one.owner,
        "callback_url": one.callback_url or None,
        "by": one.by or None,
    }
