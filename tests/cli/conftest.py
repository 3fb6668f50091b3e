"""A shell for each test, and one pretended Meta for them all, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.world import Pretended
from wizard.simulator import serve


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def meta() -> Iterator[Pretended]:
    pretended, up = Pretended(), threading.Event()

    async def run() -> None:
        pretended.loop, pretended.over = asyncio.get_running_loop(), asyncio.Event()
        async with serve(pretended.app) as pretended.base:
            up.set()
            await pretended.over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert up.wait(10)
    yield pretended
    pretended.end()
    thread.join(10)
