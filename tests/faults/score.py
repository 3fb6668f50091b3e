"""How many servers of the bench were judged, and how many of them rightly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

JUDGED, RIGHT = "judged", "judged rightly"


@dataclass(frozen=True)
class Score:
    """Adds them to the properties of their test, which pytest-xdist brings home with its report."""

    record: Callable[[str, object], None]

    @contextmanager
    def one(self) -> Iterator[None]:
        """One of them, who is judged rightly where the block ends well."""
        self.record(JUDGED, 1)
        yield
        self.record(RIGHT, 1)
