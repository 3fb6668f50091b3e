"""The direction of the imports, the one home of each library, and the size of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import wizard

ROOT = Path(wizard.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
FLOORS = {
    "cli": 5,
    "testing": 5,
    "tui": 5,
    "journeys": 4,
    "checks": 4,
    "world": 3,
    "graph": 2,
    "vault": 2,
    "state": 2,
    "tunnel": 2,
    "webhook": 2,
    "content": 1,
    "findings": 1,
    "guide": 1,
    "portal": 1,
    "settings": 1,
    "support": 1,
    "values": 1,
    "walk": 1,
}
DOORS = {
    "simulator": ("cli/runs/simulator.py", "testing/running.py"),
    "tui": ("cli/runs/walk.py",),
}
INSIDE: Mapping[str, Mapping[str, int]] = {
    "journeys": {
        "webhook": 1,
        "messages": 2,
        "onboarding": 2,
        "discovery": 3,
        "profiles": 3,
        "rotation": 3,
        "selftest": 3,
        "check_all": 4,
        "diagnosis": 4,
    },
    "checks": {
        "context": 1,
        "check": 2,
        "graph_errors": 2,
        "health": 2,
        "callback": 3,
        "credentials": 4,
        "endpoint": 4,
        "graph": 4,
        "keyring": 4,
        "publication": 4,
        "record": 4,
        "subscription": 4,
        "verification": 4,
        "runner": 5,
    },
    "cli": {"output": 1, "input": 2, "runs": 3, "commands": 4},
    "tui": {
        "browser": 0,
        "colors": 0,
        "places": 0,
        "terminal": 0,
        "bounded_app": 0,
        "terminal_input": 1,
        "driver": 2,
        "clipboard": 0,
        "footer_keys": 0,
        "palette": 0,
        "controllers": 1,
        "theme": 2,
        "widgets": 3,
        "dialogs": 4,
        "screens/doctor": 5,
        "screens/profiles": 5,
        "screens/rotation": 5,
        "screens/welcome": 5,
        "screens/webhook": 6,
        "screens/quick_setup": 7,
        "screens/send": 7,
        "navigation": 8,
        "screens/walk": 9,
        "entrance": 10,
        "session": 11,
        "app": 12,
    },
    "simulator": {
        "http_connection": 0,
        "pacific_time": 0,
        "http_server": 1,
        "serve": 2,
        "world": 1,
        "errors": 2,
        "calls_out": 3,
        "meta": 4,
        "graph_api": 5,
        "faults": 6,
    },
}
"""The floors inside a room: what a part imports of its own room stands lower than itself."""
HOMES = {
    "textual": ("tui",),
    "keyring": ("vault",),
    "httpx": ("graph", "webhook", "simulator"),
    "uvicorn": ("support", "webhook"),
    "starlette": ("support", "simulator", "webhook"),
    "phonenumbers": ("journeys",),
    "pyngrok": ("tunnel",),
    "click": ("cli",),
    "segno": ("support",),
    "platformdirs": ("state",),
    "filelock": ("state",),
    "dotenv": ("values",),
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
            assert name_of(path) in DOORS[parts[1]], f"{parts[1]} has doors"
            continue
        below = FLOORS[own] > FLOORS[parts[1]]
        rules = FLOORS[own] == FLOORS[parts[1]] == 1
        together = FLOORS[own] == FLOORS[parts[1]] == 4 and own == "journeys"
        assert below or rules or together, f"{name_of(path)} imports {module}"


def part(room: str, module: str) -> str:
    """The part of a room that a module stands in: a folder, a screen of the TUI, or a file."""
    parts = module.split(".")[2:]
    depth = 2 if (room, parts[:1]) == ("tui", ["screens"]) else 1
    return "/".join(parts[:depth])


def modules(path: Path) -> Iterator[str]:
    """Each of our modules that a file imports, also as a name of its package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wizard."):
            yield node.module
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                file = ROOT.parent / inner.replace(".", "/")
                if file.is_dir() or file.with_suffix(".py").is_file():
                    yield inner


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_inside_a_room_too_imports_run_one_way(path: Path) -> None:
    if path.name == "__init__.py" or room(path) not in INSIDE:
        return
    floors = INSIDE[room(path)]
    own = part(room(path), "wizard." + ".".join(path.relative_to(ROOT).with_suffix("").parts))
    for module in modules(path):
        other = part(room(path), module) if module.split(".")[1] == room(path) else ""
        if other and other not in {own, "screens"}:
            assert floors[other] < floors[own], f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_each_part_of_a_room_has_its_floor(name: str) -> None:
    there = {
        part(name, "wizard." + ".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in (ROOT / name).rglob("*.py")
        if path != ROOT / name / "__init__.py" and path.parent.name != "screens"
    }
    assert there == INSIDE[name].keys()


def test_a_widget_that_one_screen_uses_lives_with_it() -> None:
    users: dict[str, set[str]] = {
        f"wizard.tui.widgets.{path.stem}": set()
        for path in (ROOT / "tui" / "widgets").glob("*.py")
        if path.stem != "__init__"
    }
    for path in (ROOT / "tui").rglob("*.py"):
        own = part("tui", "wizard." + ".".join(path.relative_to(ROOT).with_suffix("").parts))
        for module in modules(path):
            if module in users:
                users[module].add(path.stem if own == "widgets" else own)
    assert {name: used for name, used in users.items() if len(used) < 2} == {}


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
            "wizard.support.addresses",
            "wizard.support.unpacking",
            "wizard.support.proxies",
            "wizard.values.credentials",
            "wizard.support.loopback",
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
