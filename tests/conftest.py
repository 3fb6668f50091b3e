"""What every test may ask for."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

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
_USERS = itertools.count()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two a processor: half of the time these tests wait for a screen or a process."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    # A shell without job control starts what it puts in the background deaf to Ctrl+C, and all
    # that this one starts with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "unlike_meta: its pretended Meta differs on purpose")
    gc.disable()  # all that is collected stays, and each worker collects all of it


def pytest_collection_finish() -> None:
    """What thousands of tests share stays, so it is not looked through for garbage again and
    again: a quarter of the time that screens take in tests. Nor once before that: half a second
    in each worker, for a few megabytes."""
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    gc.enable()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where processes of a test write down what their own pretended Graph was asked."""
    path = tmp_path_factory.mktemp("witnessed") / "exchanges"
    with written_to(path):
        yield path


@pytest.fixture(autouse=True)
def conformance(request: pytest.FixtureRequest, elsewhere: Path) -> Iterator[list[Exchange]]:
    """The exchanges with any pretended Graph, in this process and in those that it begins; one
    that is neither as Meta describes it nor a line in the table of deviations fails the test."""
    exchanges: list[Exchange] = []
    with record_exchanges(exchanges.append):
        yield exchanges
    exchanges += read(elsewhere)
    if not exchanges or request.node.get_closest_marker("unlike_meta"):
        return
    # Reading the description takes a second, for which not every worker has a use.
    from tests.conformance.validator import examine

    if differences := examine(exchanges):
        pytest.fail("\n".join(differences), pytrace=False)


@pytest.fixture(autouse=True)
def own_state(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    """Each test is a user of its own: one's turn at the keyring is no other's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(elsewhere.with_name(f"state-{next(_USERS)}")))


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
