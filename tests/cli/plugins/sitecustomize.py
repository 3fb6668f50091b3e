"""Read by every interpreter of these tests at its start: puts a bug where one is asked for."""

from __future__ import annotations

import json
import os
import tempfile
from typing import Any, NoReturn

if sentence := os.environ.get("TEST_BUG"):

    def broken(*_args: Any, **_options: Any) -> NoReturn:
        try:
            raise LookupError(f"inner: {sentence}")
        except LookupError as error:
            raise RuntimeError(f"outer: {sentence}") from error

    json.dumps = broken

if os.environ.get("TEST_DISK_FULL"):

    def full(*_args: Any, **_options: Any) -> NoReturn:
        raise OSError(28, "No space left on device")

    tempfile.mkstemp = full
