"""What a pretended Graph answered in a process of its own, brought home to the test that began
it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wizard.simulator.graph_api import recorder
from wizard.simulator.graph_api.recorder import Exchange

VARIABLE = "WITNESSED_IN"
"""Names the file; processes that tests begin find it in their environment."""
_open = contextlib.ExitStack()


def listen() -> None:
    """From now on this process writes its exchanges down, wherever the variable then says."""
    _open.enter_context(recorder.record_exchanges(write))


@contextlib.contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Meanwhile, processes that are begun write there."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(path)
    try:
        yield
    finally:
        os.environ.pop(VARIABLE)
        if before is not None:
            os.environ[VARIABLE] = before


def read(path: Path) -> list[Exchange]:
    """What they wrote; of a process that was ended in the middle, all but the last."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    path.unlink()
    return [Exchange(**_decoded(json.loads(line))) for line in lines]


def write(exchange: Exchange) -> None:
    """Adds a line to the file, where one is named."""
    if path := os.environ.get(VARIABLE):
        line = json.dumps(asdict(exchange), default=_encoded) + "\n"
        # One write each: processes and threads write at once.
        with Path(path).open("ab", buffering=0) as file:
            file.write(line.encode())


def _encoded(text: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(text).decode()}


def _decoded(told: dict[str, Any]) -> dict[str, Any]:
    for name in ("body", "reply"):
        told[name] = base64.b64decode(told[name]["base64"])
    return told
