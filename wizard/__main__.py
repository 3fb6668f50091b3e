"""`python -m wizard`, and the installed command."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """The command line in a process of its own, which keeps what it loads until it ends."""
    # Looking for garbage in what is imported takes a twentieth of a start.
    gc.set_threshold(10_000, 3, 3)
    from wizard.cli import main as run

    try:
        run()
    finally:
        gc.freeze()  # nor is all of it looked through once more at the end, which takes a tenth


if __name__ == "__main__":
    main()
