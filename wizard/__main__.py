"""`python -m wizard`, and the installed command."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """The command line in a process of its own, which keeps what it loads until it ends."""
    # A start makes fewer objects than that, and nearly all of them stay: looking for garbage among
    # them takes a tenth of it. What has grown old is looked through sooner than by default instead.
    gc.set_threshold(50_000, 3, 3)
    from wizard.cli import main as run

    try:
        run()
    finally:
        gc.freeze()  # nor is all of it looked through once more at the end, which takes a tenth


if __name__ == "__main__":
    main()
