"""A process that runs many commands is to each of them as good as one of its own."""

from __future__ import annotations

import functools
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import keyring.core
import pytest

from tests.cli import warm
from tests.cli.resident import Resident
from wizard.values import presets

pytestmark = pytest.mark.skipif(not warm.IS_POSSIBLE, reason="processes are forked there alone")


def misbehave(arguments: list[str], env: dict[str, str], _folder: Path, streams: list[int]) -> None:
    """Says in what process and state it is begun, and spoils what it is told to."""
    held = presets.presets.cache_info().currsize
    is_own = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    umask = os.umask(0o77)
    chosen = keyring.core._keyring_backend
    state = (os.getpid(), held, is_own, umask, "spoilt" in sys.path, chosen)
    os.write(streams[1], repr(state).encode())
    for stream in streams:
        os.close(stream)
    presets.presets()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.path.append("spoilt")
    keyring.core._keyring_backend = "spoilt"  # type: ignore[assignment]
    match arguments:
        case ["raise"]:
            raise LookupError
        case ["exit", code]:
            raise SystemExit(int(code))
        case ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["leave"]:
            os._exit(7)
        case ["think"]:
            threading.Thread(target=functools.partial(time.sleep, 60), daemon=True).start()
        case ["hang"]:
            time.sleep(60)


@pytest.fixture
def resident() -> Iterator[Resident]:
    one = Resident(warm.context(), misbehave)
    yield one
    one.end()


def run(resident: Resident, *arguments: str, limit: float = 30) -> tuple[int | None, str]:
    with tempfile.TemporaryFile() as file:
        streams = [file.fileno()] * 3
        code = resident.run([*arguments], {}, Path(), streams, limit)
        file.seek(0)
        return code, file.read().decode()


def test_what_one_leaves_is_gone_before_the_next(resident: Resident) -> None:
    first = run(resident)
    assert run(resident) == first
    for ending, code in ((("exit", "4"), 4), (("raise",), 1), ((), 0)):
        assert run(resident, *ending) == (code, first[1])


@pytest.mark.parametrize(("ending", "code"), [("die", -signal.SIGKILL), ("leave", 7), ("think", 0)])
def test_where_that_can_not_be_the_next_has_a_new_one(
    resident: Resident, ending: str, code: int
) -> None:
    ended, state = run(resident, ending)
    assert ended == code
    ended, next_state = run(resident)
    assert ended == 0
    assert next_state.partition(",")[0] != state.partition(",")[0]
    assert next_state.partition(",")[2] == state.partition(",")[2]


def test_one_that_does_not_end_is_ended(resident: Resident) -> None:
    with pytest.raises(TimeoutError, match="did not end within"):
        run(resident, "hang", limit=0.2)
    assert run(resident)[0] == 0
