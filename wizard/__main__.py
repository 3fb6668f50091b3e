"""`python -m wizard`, and the installed command."""

from __future__ import annotations

import gc

# What is imported stays: looking for garbage in it again and again takes a twentieth of a start.
gc.set_threshold(10_000)

from wizard.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
