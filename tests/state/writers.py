"""What other processes of these tests do: they import this module, and nothing that tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wizard.state import Progress, StateFile


def save_for_ever(folder: str, progress: Progress) -> None:
    """Writes this, with a name that grows and starts anew, until somebody ends it."""
    while True:
        for count in range(100):
            grown = replace(progress, app_name="x" * 1000 * count)
            StateFile(Path(folder)).save("default", grown)


def save_many(folder: str, profile: str) -> None:
    for count in range(20):
        StateFile(Path(folder)).save(profile, Progress(step=f"{profile}-{count}"))
