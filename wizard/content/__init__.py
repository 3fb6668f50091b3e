"""What people read and what is said of others, as data: edit these files, not the code."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
