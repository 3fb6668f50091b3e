"""Which profiles there are, as far as the state file knows."""

from __future__ import annotations

from typing import NamedTuple

from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.settings import DEFAULT_PROFILE
from wizard.state import Entry, ProfileIndex, Progress, StateFile
from wizard.values.credentials import CREDENTIALS


class ProfileInfo(NamedTuple):
    """A profile as far as the state file knows it; the keyring is not asked.

    `current` says that it is meant where none is named. `taken_from` and `moved_to` name the
    other profile of a copy or a rename that did not end.
    """

    name: str
    current: bool = False
    progress: Progress = Progress()
    taken_from: str | None = None
    moved_to: str | None = None

    def having(self, outcome: CheckOutcome) -> list[str]:
        """The credentials whose last test came out so."""
        tested = self.progress.tested
        return [name for name in CREDENTIALS if name in tested and tested[name].outcome == outcome]

    @property
    def unfinished(self) -> str:
        """What is to be said of a copy or a rename that did not end; empty otherwise."""
        if self.moved_to is not None:
            return f"unfinished rename to {self.moved_to}: repeat it, or delete this profile"
        if self.taken_from is not None:
            return f"unfinished copy of {self.taken_from}: repeat it, or delete this profile"
        return ""


def list_profiles(state: StateFile) -> list[ProfileInfo]:
    """Every profile, by name, from one reading of the file. Raises `StateError`."""
    register = state.read_index()
    current = register.current or DEFAULT_PROFILE
    return [_listed(register, name, current) for name in register.names]


def _listed(register: ProfileIndex, name: str, current: str) -> ProfileInfo:
    entry = register.entries.get(name, Entry())
    return ProfileInfo(name, name == current, entry.progress, entry.taken_from, entry.moved_to)
