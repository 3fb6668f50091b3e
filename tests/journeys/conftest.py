"""A state file of one's own, a keyring in memory, and the profiles on both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.profiles.keyring_backend import SIX, SOME, Ring
from wizard.journeys.profiles.profiles import Profiles
from wizard.state import StateFile


@pytest.fixture
def state(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state")


@pytest.fixture
def ring() -> Ring:
    return Ring()


@pytest.fixture
def profiles(state: StateFile, ring: Ring) -> Profiles:
    return Profiles(state, ring.vault, patience=0.3)


@pytest.fixture
def shop(state: StateFile, ring: Ring) -> None:
    """A profile with all six values and a past."""
    ring.held["shop"] = SIX
    state.save("shop", SOME)
