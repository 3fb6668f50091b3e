"""Rows about how soon a server of ours answers."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from tests.bench.rows import FOLDER, Row, Sides, Spent, environment, in_turn, processor_of, wizard

_ADDRESS = b"WHATSAPP_WIZARD_GRAPH_URL=http://"


def _answers(command: list[str], env: Mapping[str, str]) -> Callable[[], Spent]:
    """What it takes from the start of the simulator to its first answered request."""

    def measure() -> Spent:
        begun = time.perf_counter()
        with subprocess.Popen(
            command,
            env=env,
            cwd=FOLDER.name,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                assert process.stdout is not None
                said = next((line for line in process.stdout if line.startswith(_ADDRESS)), b"")
                if not said:
                    raise RuntimeError(f"{command} told no address")
                host = said.removeprefix(_ADDRESS).decode().strip()
                connection = http.client.HTTPConnection(host, timeout=20)
                connection.request("GET", "/v25.0/me")
                connection.getresponse().read()
                took = (time.perf_counter() - begun) * 1000
                connection.close()
                return Spent(took, processor_of(process.pid))
            finally:
                process.kill()

    return measure


def _simulator(other: str | None) -> Sides:
    env = environment()
    there = _answers(wizard("simulator", python=str(other)), env)
    return in_turn(_answers(wizard("simulator", python=sys.executable), env), there)


ROWS = (
    Row(
        "simulator: its first answer",
        "the other build",
        0.6,
        _simulator,
        needs_other_build=True,
    ),
)
