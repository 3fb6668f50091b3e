"""The direction of the imports, the one home of each library, and the size of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wizard

ROOT = Path(wizard.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
FLOORS = {
    "cli": 5,
    "tui": 5,
    "journeys": 4,
    "checks": 4,
    "world": 3,
    "graph": 2,
    "vault": 2,
    "state": 2,
    "tunnel": 2,
    "webhook": 2,
    "addresses": 1,
    "credentials": 1,
    "findings": 1,
    "formats": 1,
    "guide": 1,
    "paste": 1,
    "presets": 1,
    "qr": 1,
    "serving": 1,
    "settings": 1,
    "shapes": 1,
    "texts": 1,
    "threads": 1,
    "times": 1,
    "walk": 1,
}
DOORS = {"simulator": "cli/simulation.py", "tui": "cli/walk.py"}
HOMES = {
    "textual": ("tui",),
    "keyring": ("vault",),
    "httpx": ("graph", "webhook", "simulator"),
    "uvicorn": ("serving", "webhook"),
    "starlette": ("serving", "simulator", "webhook"),
    "phonenumbers": ("journeys",),
    "pyngrok": ("tunnel",),
    "click": ("cli",),
    "segno": ("qr",),
    "platformdirs": ("state",),
    "filelock": ("state",),
    "dotenv": ("paste",),
}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Each module imported, and whether for the type checker alone."""
    tree = ast.parse(path.read_text("utf-8"))
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node in guarded
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or "", node in guarded


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_run_down_only_and_no_room_knows_another(path: Path) -> None:
    own = room(path)
    if own in {"__init__", "__main__", "simulator"}:
        return
    for module, _ in imports(path):
        parts = module.split(".")
        if parts[0] != "wizard" or len(parts) == 1 or parts[1] == own:
            continue
        if parts[1] in DOORS:
            assert name_of(path) == DOORS[parts[1]], f"{parts[1]} has one door"
            continue
        below = FLOORS[own] > FLOORS[parts[1]]
        rules = FLOORS[own] == FLOORS[parts[1]] == 1
        together = FLOORS[own] == FLOORS[parts[1]] == 4 and own == "journeys"
        assert below or rules or together, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_each_library_is_known_in_its_own_room_alone(path: Path) -> None:
    for module, _ in imports(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or room(path) in homes, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_simulator_knows_little_of_the_program(path: Path) -> None:
    if room(path) == "simulator":
        own = {module for module, _ in imports(path) if module.startswith("wizard")}
        allowed = (
            "wizard.simulator",
            "wizard.addresses",
            "wizard.credentials",
            "wizard.serving",
        )
        assert all(m.startswith(allowed) for m in own)


def test_the_finder_of_such_yields_finds_one(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("async def f():\n    async with asyncio.timeout(1):\n        yield 1\n")
    assert misplaced_yields(bad) == ["f"]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_can_be_held_in_the_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 330


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_generator_yields_inside_a_task_group_or_a_timeout(path: Path) -> None:
    """PEP 789: an error then surfaces in the wrong place, or not at all."""
    assert misplaced_yields(path) == []


def misplaced_yields(path: Path) -> list[str]:
    found = []
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        if any("contextmanager" in ast.dump(decorator) for decorator in function.decorator_list):
            continue
        for block in ast.walk(function):
            if not isinstance(block, ast.AsyncWith):
                continue
            entered = " ".join(ast.dump(item.context_expr) for item in block.items)
            if re.search("TaskGroup|timeout", entered) and any(
                isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(block)
            ):
                found.append(function.name)
    return found
