"""What a process that a test begins exchanges with its own simulator is held against the same."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.conformance.validator import examine, is_ours
from tests.recorded import VARIABLE, read, write, written_to
from wizard.simulator.graph_api.recorder import Exchange

DEMO = ("demo", "--plain")


@pytest.mark.parametrize("how", ["from the start", "forked"])
def test_what_a_demo_exchanges_comes_home(tmp_path: Path, how: str) -> None:
    shell, file = Shell(tmp_path), Path(os.environ[VARIABLE])
    ended = shell(*DEMO) if how == "forked" else shell.cold(*DEMO)
    assert ended.code == 0
    exchanges = read(file)
    assert sum(is_ours(exchange) for exchange in exchanges) > 10
    assert examine(exchanges) == []
    assert read(file) == []


def test_nothing_is_lost_on_the_way_but_what_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "exchanges"
    said = Exchange("POST", "/v26.0/1", "a=b", {"x": "y"}, b"\xff\n", "User", 200, {"k": "v"}, b"")
    with written_to(file):
        write(said)
        write(said)
        with file.open("ab") as cut:
            cut.write(b'{"method": "GE')
    assert [asdict(one) for one in read(file)] == [asdict(said)] * 2
