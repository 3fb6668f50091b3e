"""What is written of a profile that takes over another one's values: a program that is killed on
the way leaves a mark of how far it came."""

from __future__ import annotations

from typing import Any

from wizard.settings import DEFAULT_PROFILE
from wizard.state.file import StateFile
from wizard.state.profile_index import MOVED_TO, TAKEN_FROM


def begin(state: StateFile, source: str, new: str) -> None:
    """The new profile is listed, as one whose values are on their way."""
    with state.transaction() as said:
        said["profiles"].setdefault(source, {})
        said["profiles"].setdefault(new, {})[TAKEN_FROM] = source


def give_up(state: StateFile, new: str) -> None:
    """The new profile was begun, and nothing of it is there."""
    with state.transaction() as said:
        said["profiles"].pop(new, None)


def copied(state: StateFile, source: str, new: str) -> None:
    """The new profile has all values. The webhook is the other one's, and so is not copied."""
    with state.transaction() as said:
        said["profiles"][new] = _unmarked(said, source, "webhook")


def moved(state: StateFile, old: str, new: str) -> None:
    """The new profile has all values, and is now the one that is meant by whatever meant the old
    one, whose own values are on their way out."""
    with state.transaction() as said:
        said["profiles"][new] = _unmarked(said, old)
        said["profiles"][old] = {MOVED_TO: new}
        if (said.get("current") or DEFAULT_PROFILE) == old:
            said["current"] = new


def gone(state: StateFile, name: str) -> None:
    """Nothing is left of the profile; who was to be made from it, or to become it, stands alone."""
    with state.transaction() as said:
        said["profiles"].pop(name, None)
        if said.get("current") == name:
            said["current"] = None
        for entry in said["profiles"].values():
            for mark in (TAKEN_FROM, MOVED_TO):
                if entry.get(mark) == name:
                    del entry[mark]


def _unmarked(said: dict[str, Any], name: str, *without: str) -> dict[str, Any]:
    left_out = {TAKEN_FROM, MOVED_TO, *without}
    return {key: value for key, value in said["profiles"][name].items() if key not in left_out}
