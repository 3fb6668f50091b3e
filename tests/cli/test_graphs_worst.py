"""Whatever Graph answers to any call of a journey, it ends in words, in time, and in its memory."""

from __future__ import annotations

import sys

import pytest

from tests.cli.shell import Shell
from tests.cli.world import Pretended
from tests.cli.worst_runs import JOURNEYS, calls_of, runs
from wizard.cli import COMMANDS

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="measured where processes are forked"),
    pytest.mark.unlike_meta,
]
STRIDE = {"selftest --json": 9}
"""Of the longest every so manyth call only; `tests.bench.graph` takes each, in every way."""
NO_GRAPH = {"status", "set", "import", "exec", "export", "forget", "profile", "completion"}
NO_GRAPH |= {"help", "version", "demo", "simulator"}
LISTENING = {"listen"}
"""It registers as the doctor and `restore` do, and does not end."""


def test_every_command_that_asks_graph_is_among_them() -> None:
    assert {line.split()[0] for line in JOURNEYS} == COMMANDS.keys() - NO_GRAPH - LISTENING


@pytest.mark.parametrize("line", JOURNEYS, ids=lambda line: line.partition(" --")[0])
async def test_every_call_may_be_answered_as_badly_as_can_be(
    shell: Shell, meta: Pretended, line: str
) -> None:
    calls = range(1, await calls_of(shell, meta, line) + 1, STRIDE.get(line, 1))
    assert calls
    async for ended in runs(shell, meta, line, calls):
        ended.assert_bearable()
