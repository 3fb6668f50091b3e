"""A hail of requests on `listen`: `python -m tests.bench.endpoint --requests 100000`.

Prints how many of each kind were sent, the longest wait for the handshake after each fifty of
them, and the memory before and after; fails where an answer is none of those that it may be, where
a forged event was told of, or where the program said anything on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.bench.load import free_port, megabytes
from tests.bench.rows import FOLDER, environment, wizard
from tests.bench.shots import FORGED, MAKERS, SECRET, TOKEN, Shot, shot_of, shot_of_json

_BATCH = 50
_BODIES = 4
"""Of each batch so many at most are JSON that hypothesis makes up."""
_IDLE = 600
"""Connections that say nothing: more than the endpoint keeps."""
_SLOW = 40
"""Clients that send a byte at a time and come to no end."""
_PATIENCE = 10.0
_HOST = "127.0.0.1"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
BODY = st.builds(
    shot_of_json,
    st.builds(
        lambda field, value: {"entry": [{"changes": [{"field": field, "value": value}]}]},
        st.sampled_from(["messages", "account_update", "calls", ""]),
        st.dictionaries(st.sampled_from(["messages", "statuses", "contacts", "calls"]), JSON)
        | JSON,
    ),
)


@dataclass
class Figures:
    """What came of a run."""

    requests: int = 0
    statuses: Counter[int | None] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    before: float = 0.0
    after: float = 0.0
    fooled: bool = False
    stderr: str = ""
    code: int | None = None

    @property
    def growth(self) -> float:
        return self.after / self.before - 1

    def __str__(self) -> str:
        statuses = ", ".join(f"{n:,} × {s or 'closed'}" for s, n in self.statuses.most_common())
        waits = sorted(self.waits)
        return (
            f"requests                {self.requests:,} in {self.seconds:.0f} s\n"
            f"answers                 {statuses}\n"
            f"next handshake          {waits[len(waits) // 2] * 1000:.1f} ms, at most"
            f" {waits[-1] * 1000:.0f} ms\n"
            f"memory                  {self.before:.0f} MB before, {self.after:.0f} MB after"
            f" ({self.growth:+.0%})\n"
            f"forged events told of   {'some' if self.fooled else 'none'}\n"
            f"said on stderr          {self.stderr.strip() or 'nothing'}"
        )


class Hail:
    """Sends what it is given at a port, and holds each answer against what it may be."""

    def __init__(self, port: int, figures: Figures) -> None:
        self._port = port
        self._figures = figures

    async def batch(self, shots: list[Shot]) -> None:
        """All at once, then a handshake. Raises `AssertionError`."""
        await asyncio.gather(*map(self._fire, shots))
        begun = time.monotonic()
        await self._fire(shot_of("handshake", 1))
        self._figures.waits.append(time.monotonic() - begun)

    async def _fire(self, shot: Shot) -> None:
        self._figures.requests += shot.answers
        said = await asyncio.wait_for(self._talk(shot), 2 * _PATIENCE)
        statuses = _statuses(said) or [None]
        self._figures.statuses.update(statuses)
        wrong = [status for status in statuses if status not in shot.allowed]
        shown = f"{shot.sent[:300]!r}… was answered {said[:200]!r}"
        assert not wrong, shown
        assert shot.echo in said, shown
        if shot.answers > 1 and shot.allowed <= {100, 200}:
            assert len(statuses) == shot.answers, shown

    async def _talk(self, shot: Shot) -> bytes:
        reader, writer = await asyncio.open_connection(_HOST, self._port)
        said = b""
        with contextlib.suppress(OSError):
            size = -(-len(shot.sent) // shot.pieces)
            for at in range(0, len(shot.sent), size):
                writer.write(shot.sent[at : at + size])
                await writer.drain()
                if shot.pieces > 1:
                    await asyncio.sleep(0)
            if shot.hangs_up:
                writer.transport.abort()
                return b""
            if None in shot.allowed:
                # Elsewhere the end of what is sent would end the connection before its answer.
                writer.write_eof()
            while piece := await reader.read(65536):
                said += piece
        writer.transport.abort()
        return said

    async def stay(self) -> list[asyncio.StreamWriter]:
        """Connects those that say nothing, and those that are slow."""
        writers = []
        for number in range(_IDLE + _SLOW):
            _, writer = await asyncio.open_connection(_HOST, self._port)
            writers.append(writer)
            if number >= _IDLE:
                writer.write(b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n{")
        return writers


def _shots(first: int) -> Iterator[Shot]:
    """Of any kind, each from a seed of its own."""
    kinds = sorted(MAKERS)
    for number in range(first, first + _BATCH - _BODIES):
        yield shot_of(kinds[number % len(kinds)], number)


def _statuses(said: bytes) -> list[int | None]:
    """Of each answer in these bytes the status."""
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


@contextlib.contextmanager
def listening(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`listen`, which writes every event and every complaint into files of the folder."""
    env = environment(
        WHATSAPP_APP_SECRET=SECRET,
        WHATSAPP_VERIFY_TOKEN=TOKEN,
        WHATSAPP_WIZARD_STATE_DIR=str(folder / "state"),
    )
    url = f"http://{_HOST}:{port}/webhook"
    command = wizard("listen", "--env", "--no-register", "--url", url, "--port", str(port))
    with (
        (folder / "out").open("wb") as out,
        (folder / "err").open("wb") as err,
        subprocess.Popen(
            [*command, "--json"], env=env, cwd=FOLDER.name, stdout=out, stderr=err
        ) as child,
    ):
        try:
            yield child
        finally:
            child.kill()


def run(requests: int, number: int = 0, *, calm: float = 0.0) -> Figures:
    """So many requests, made from this seed. After them those that stayed have so many seconds to
    be sent away in. Raises `AssertionError` at the first answer that may not be."""
    figures, port = Figures(), free_port()
    with tempfile.TemporaryDirectory() as place, asyncio.Runner() as runner:
        folder = Path(place)
        with listening(port, folder) as child:
            runner.run(_up(port))
            hail = Hail(port, figures)
            staying = runner.run(hail.stay())
            begun = time.monotonic()

            @seed(number)
            @settings(
                max_examples=max(2, requests // _BATCH),
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(st.integers(0, 2**32), st.lists(BODY, max_size=_BODIES))
            def fire(first: int, bodies: list[Shot]) -> None:
                runner.run(hail.batch([*_shots(first), *bodies]))
                if not figures.before and figures.requests >= requests / 5:
                    figures.before = megabytes(child.pid)

            fire()
            figures.seconds = time.monotonic() - begun
            runner.run(_leave(staying, calm))
            figures.after = megabytes(child.pid)
            figures.code = child.poll()
        told = (folder / "out").read_bytes()
        figures.fooled = FORGED.encode() in told
        figures.stderr = (folder / "err").read_text("utf-8")
        assert b'{"event": "message"' in told
    return figures


async def _up(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(_HOST, port)
                writer.transport.abort()
                return
            await asyncio.sleep(0.05)


async def _leave(staying: list[asyncio.StreamWriter], calm: float) -> None:
    await asyncio.sleep(calm)
    for writer in staying:
        writer.transport.abort()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    figures: Any = run(asked.requests, asked.seed, calm=_PATIENCE + 2)
    print(figures)  # noqa: T201
    assert figures.code is None, "the program ended"
    assert not figures.fooled, "a forged event was told of"
    assert not figures.stderr, "something was said on stderr"
    assert max(figures.waits) <= 1, "a handshake waited for more than a second"
    assert figures.growth <= 0.2, "the memory stayed"


if __name__ == "__main__":
    main()
