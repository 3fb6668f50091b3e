"""The direction of the imports, the one home of each library, and the size of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

import wizard
from tests.tables import each_line

Rule: TypeAlias = Callable[[Path], Iterator[str]]
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
KNOWN_TO_THE_SIMULATOR = (
    "wizard.simulator",
    "wizard.support.addresses",
    "wizard.support.late_names",
    "wizard.support.loopback",
    "wizard.support.proxies",
    "wizard.support.threads",
    "wizard.support.unpacking",
    "wizard.values.credentials",
)
DOORS = {
    "simulator": ("cli/runs/simulator.py", "testing/running.py"),
    "tui": ("cli/runs/walk.py",),
}
INSIDE: Mapping[str, Mapping[str, int]] = {
    "journeys": {
        "labels": 0,
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
        "facts": 0,
        "context": 1,
        "check": 2,
        "graph_errors": 2,
        "health": 2,
        "keyring_errors": 2,
        "callback": 3,
        "credentials": 4,
        "endpoint": 4,
        "graph": 4,
        "keyring": 4,
        "publication": 4,
        "record": 4,
        "subscription": 4,
        "verification": 4,
        "evaluation": 5,
        "runner": 6,
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
        "rotation_alone": 10,
        "loading": 11,
        "session": 12,
        "app": 13,
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
    "httpx": ("graph", "support", "webhook", "simulator"),
    "starlette": ("simulator",),
    "h11": ("simulator", "webhook"),
    "phonenumbers": ("journeys",),
    "pyngrok": ("tunnel",),
    "click": ("cli",),
    "segno": ("support",),
    "platformdirs": ("state",),
    "filelock": ("state",),
    "dotenv": ("values",),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def part(room: str, module: str) -> str:
    """The part of a room that a module stands in: a folder, a screen of the TUI, or a file."""
    parts = module.split(".")[2:]
    depth = 2 if (room, parts[:1]) == ("tui", ["screens"]) else 1
    return "/".join(parts[:depth])


def part_of(path: Path) -> str:
    return part(room(path), "wizard." + ".".join(path.relative_to(ROOT).with_suffix("").parts))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Each module that a file imports, wherever in it, also as a name of its package."""
    return tuple(named(nodes(path)))


def named(tree: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in tree:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield node.module or ""
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                file = ROOT.parent / inner.replace(".", "/")
                if inner.startswith("wizard.") and (
                    file.is_dir() or file.with_suffix(".py").is_file()
                ):
                    yield inner


def against_the_floors(path: Path) -> Iterator[str]:
    """What a file imports of another room that does not stand below its own."""
    own = room(path)
    if own in {"__init__", "__main__", "simulator"}:
        return
    for module in imported(path):
        parts = module.split(".")
        if parts[0] != "wizard" or len(parts) == 1 or parts[1] in {own, "__version__"}:
            continue
        if parts[1] in DOORS:
            allowed = name_of(path) in DOORS[parts[1]]
        else:
            upper, lower = FLOORS[own], FLOORS[parts[1]]
            together = upper == lower == 4 and own == "journeys"
            allowed = upper > lower or upper == lower == 1 or together
        if not allowed:
            yield module


def against_the_inner_floors(path: Path) -> Iterator[str]:
    """What a file imports of its own room that does not stand below its own part."""
    if path.name == "__init__.py" or room(path) not in INSIDE:
        return
    floors, own = INSIDE[room(path)], part_of(path)
    for module in imported(path):
        if module.startswith(f"wizard.{room(path)}."):
            other = part(room(path), module)
            if other not in {own, "screens"} and not floors[other] < floors[own]:
                yield module


def away_from_home(path: Path) -> Iterator[str]:
    """Libraries that a file imports outside their one room."""
    for module in imported(path):
        homes = HOMES.get(module.split(".")[0])
        if homes is not None and room(path) not in homes:
            yield module


def outside_the_simulator(path: Path) -> Iterator[str]:
    if room(path) == "simulator":
        for module in imported(path):
            parents = any(known.startswith(f"{module}.") for known in KNOWN_TO_THE_SIMULATOR)
            known = parents or module.startswith(KNOWN_TO_THE_SIMULATOR)
            if module.startswith("wizard.") and not known:
                yield module


RULES = (against_the_floors, against_the_inner_floors, away_from_home, outside_the_simulator)


@each_line("rule", RULES, ids=lambda rule: rule.__name__)
@each_line("name", sorted({room(path) for path in FILES}))
def test_imports_run_down_only(name: str, rule: Rule) -> None:
    files = [path for path in FILES if room(path) == name]
    assert {f"{name_of(path)} imports {module}" for path in files for module in rule(path)} == set()


TURNED_ROUND = (
    ("graph/client.py", "import wizard.checks.runner", against_the_floors),
    ("graph/client.py", "from wizard.vault import keyring", against_the_floors),
    ("checks/context.py", "from wizard.tui.app import WizardApp", against_the_floors),
    ("checks/context.py", "import wizard.checks.runner", against_the_inner_floors),
    ("journeys/webhook/connection.py", "from wizard.journeys import onboarding", None),
    ("tui/controllers/webhook.py", "from wizard.tui.screens.walk import screen", None),
    ("cli/output/events.py", "def late():\n    import wizard.cli.commands.check", None),
    ("simulator/calls_out/inbound.py", "from wizard.simulator.graph_api import call", None),
    ("simulator/meta.py", "from wizard.graph.errors import Reason", outside_the_simulator),
    ("journeys/check_all.py", "import httpx", away_from_home),
)


@each_line(
    ("file", "line", "rule"), TURNED_ROUND, ids=[f"{file}-{line}" for file, line, _ in TURNED_ROUND]
)
def test_an_arrow_turned_round_is_found(
    file: str, line: str, rule: Rule | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = tuple(named(tuple(ast.walk(ast.parse(line)))))
    monkeypatch.setitem(globals(), "imported", lambda _: extra)
    assert set((rule or against_the_inner_floors)(ROOT / file)) >= set(extra[-1:])


@each_line("name", sorted(INSIDE))
def test_each_part_of_a_room_has_its_floor(name: str) -> None:
    there = {
        part_of(path)
        for path in FILES
        if room(path) == name
        and path != ROOT / name / "__init__.py"
        and path.parent.name != "screens"
    }
    assert there == INSIDE[name].keys()


def test_a_widget_that_one_screen_uses_lives_with_it() -> None:
    users: dict[str, set[str]] = {
        f"wizard.tui.widgets.{path.stem}": set()
        for path in (ROOT / "tui" / "widgets").glob("*.py")
        if path.stem != "__init__"
    }
    for path in (path for path in FILES if room(path) == "tui"):
        own = part_of(path)
        for module in users.keys() & set(imported(path)):
            users[module].add(path.stem if own == "widgets" else own)
    assert {name: used for name, used in users.items() if len(used) < 2} == {}


def test_a_file_can_be_held_in_the_head() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: count for name, count in lines.items() if count > 330} == {}


def test_no_generator_yields_inside_a_task_group_or_a_timeout() -> None:
    """PEP 789: an error then surfaces in the wrong place, or not at all."""
    found = {name_of(path): misplaced_yields(path) for path in FILES}
    assert {name: functions for name, functions in found.items() if functions} == {}


def test_the_finder_of_such_yields_finds_one(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("async def f():\n    async with asyncio.timeout(1):\n        yield 1\n")
    assert misplaced_yields(bad) == ["f"]


def misplaced_yields(path: Path) -> list[str]:
    found = []
    for function in nodes(path):
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
