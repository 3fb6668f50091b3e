"""A stand-in agent in a folder of its own."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.tunnel.ngrok import Ngrok
from wizard.values.credentials import Secret

TOKEN = "2NdTestAuthtokenThatNobodyMaySee_5pXq7RzT8vWkLmY3"


@dataclass
class Bench:
    folder: Path
    agent: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def pids(self) -> Path:
        return self.folder / "pids"

    def ngrok(self, way: str = "", **options: Any) -> Ngrok:
        self.monkeypatch.setenv("STANDIN", way)
        chosen: dict[str, Any] = {"authtoken": Secret(TOKEN), "limit": 8.0, **options}
        return Ngrok(self.pids, agent=self.agent, **chosen)

    @property
    def seen(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.folder / "seen.json").read_text("utf-8"))
        return kept

    @property
    def config(self) -> Path:
        """The file that the agent was given."""
        return Path(self.seen["argv"][-1])

    def left(self) -> list[str]:
        """Command lines of agents of this bench that still run."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self.agent) in line.split("\0")[:2]:
                found.append(line)
        return found


def executable(path: Path, source: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{source}", "utf-8")
    path.chmod(0o700)
    return path


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    source = Path(__file__).with_name("stand_in_agent.py").read_text("utf-8")
    agent = executable(tmp_path / "ngrok", source)
    for name in [n for n in os.environ if n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NGROK_AUTHTOKEN", raising=False)
    monkeypatch.setenv("STANDIN_SEEN", str(tmp_path / "seen.json"))
    return Bench(tmp_path, agent, monkeypatch)
