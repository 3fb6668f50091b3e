"""What every test may ask for."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import re
import signal
import ssl
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from tests.loopback import Answer, Serve, Server
from tests.recorded import read, written_to
from wizard.simulator.graph_api.recorder import Exchange, record_exchanges
from wizard.support.imports import before_httpx

# Without their bytecode at hand, each of the hundreds of processes that tests begin would compile
# the program anew, and each worker rewrite all of the tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Nearly all that collecting makes stays: looking for garbage meanwhile takes a sixth of it.
gc.disable()

# How long an example takes says more of the machine than of the code. They are half as many as by
# default: most of the time of such a test goes into making them.
settings.register_profile(
    "any machine", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

# The clients of tests load httpx as the program does.
before_httpx()
_NUMBERS = itertools.count()


class _Noted(NamedTuple):
    exchanges: list[Exchange]
    until: ExitStack


_NOTED = pytest.StashKey[_Noted]()
_FOLDER = pytest.StashKey[Path]()
"""Where processes of a test write down what their own pretended Graph was asked, and where each
test's user has its state."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two a processor: half of the time these tests wait for a screen or a process."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    # A shell without job control starts what it puts in the background deaf to Ctrl+C, and all
    # that this one starts with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "unlike_meta: its pretended Meta differs on purpose")
    run = ExitStack()
    config.add_cleanup(run.close)
    folder = tempfile.TemporaryDirectory(prefix="whatsapp-wizard-", ignore_cleanup_errors=True)
    config.stash[_FOLDER] = Path(run.enter_context(folder))
    run.enter_context(written_to(config.stash[_FOLDER] / "exchanges"))
    gc.disable()  # all that is collected stays, and each worker collects all of it


def pytest_collection_finish() -> None:
    """What thousands of tests share stays, so it is not looked through for garbage again and
    again: a quarter of the time that screens take in tests. Nor once before that: half a second
    in each worker, for a few megabytes."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test is a user of its own: one's turn at the keyring is no other's. And what it
    exchanges with any pretended Graph is noted. As fixtures, the two of them would be a quarter of
    the time that pytest takes for a test."""
    os.environ["XDG_STATE_HOME"] = f"{item.config.stash[_FOLDER]}/state-{next(_NUMBERS)}"
    noted = item.stash[_NOTED] = _Noted([], ExitStack())
    noted.until.enter_context(record_exchanges(noted.exchanges.append))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """An exchange, in this process or in one that it began, that is neither as Meta describes it
    nor a line in the table of deviations fails the test."""
    noted = item.stash[_NOTED]
    with noted.until:
        yield
    exchanges = [*noted.exchanges, *read(item.config.stash[_FOLDER] / "exchanges")]
    if not exchanges or item.get_closest_marker("unlike_meta"):
        return
    # Reading the description takes a second, for which not every worker has a use.
    from tests.conformance.validator import examine

    if differences := examine(exchanges):
        pytest.fail("\n".join(differences), pytrace=False)


@pytest.fixture
def conformance(request: pytest.FixtureRequest) -> list[Exchange]:
    """The exchanges with pretended Graphs of this process since the test began."""
    noted: _Noted = request.node.stash[_NOTED]
    return noted.exchanges


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As pytest's own, which looks through the folders of all tests before for its number."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    path = tmp_path_factory.getbasetemp() / f"{name}{next(_NUMBERS)}"
    path.mkdir(mode=0o700)
    return path


@pytest_asyncio.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers on loopback; all are gone when the test ends."""
    async with AsyncExitStack() as stack:

        async def start(*answers: Answer, tls: ssl.SSLContext | None = None) -> Server:
            server = Server(answers, scheme="https" if tls else "http")
            socket = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls)
            server.port = socket.sockets[0].getsockname()[1]
            stack.push_async_callback(server.end)
            stack.callback(socket.close)
            return server

        yield start
