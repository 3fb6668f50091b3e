"""All profiles that are remembered: the keyring can't list them, so the state file is the index."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from wizard.settings import DEFAULT_PROFILE, is_profile_name
from wizard.state.progress import Progress, read_progress

TAKEN_FROM = "taken_from"
MOVED_TO = "moved_to"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a damaged file may raise."""


class Entry(NamedTuple):
    """What is remembered of one profile.

    `taken_from` is the profile whose values are being written under this one's name, and
    `moved_to` the one that has them all, while this one's are being deleted.
    """

    progress: Progress = Progress()
    taken_from: str | None = None
    moved_to: str | None = None


class ProfileIndex(NamedTuple):
    """Every profile by name, and the one that was switched to."""

    entries: Mapping[str, Entry] = MappingProxyType({})
    current: str | None = None

    @property
    def names(self) -> list[str]:
        """In order; the default one is always there, and the one that was switched to."""
        known = {DEFAULT_PROFILE, *self.entries, *filter(None, [self.current])}
        return sorted(known, key=lambda name: (name.lower(), name))

    def alike(self, name: str) -> str | None:
        """The profile of this name, in whatever letter case: they would share a lock file on
        Windows and macOS, and an entry in Windows' keyring."""
        return next((one for one in self.names if one.lower() == name.lower()), None)


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, for `json.loads`, which would keep the last of two members of one name. Raises
    `ValueError` where there are two."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def parse_index(said: Mapping[str, Any]) -> ProfileIndex:
    """Raises where a part is of the wrong type. A name that no profile can have is left out."""
    current = said.get("current")
    if not isinstance(current, str | None):
        raise TypeError("not a name")
    return ProfileIndex(
        {
            name: Entry(read_progress(entry), _name(entry, TAKEN_FROM), _name(entry, MOVED_TO))
            for name, entry in said["profiles"].items()
            if is_profile_name(name)
        },
        current if current and is_profile_name(current) else None,
    )


def odd_names(said: Mapping[str, Any]) -> int:
    """How many names that no profile can have stand among the profiles."""
    return sum(not is_profile_name(name) for name in said["profiles"])


def _name(entry: Mapping[str, Any], mark: str) -> str | None:
    name = entry.get(mark)
    return name if isinstance(name, str) and is_profile_name(name) else None
