"""No command tells a secret, whatever goes wrong around it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from tests.canaries.forms import AUTHTOKEN, CANARIES, FORMS, NEXT_TOKEN, found, told
from tests.canaries.graph import Telling
from tests.cli.commands.test_listen import free_port
from tests.cli.shell import Ended, Shell
from tests.cli.world import GRAPH_URL, Pretended, at
from tests.tables import each_line
from wizard.cli import cli
from wizard.simulator import serve
from wizard.simulator.world.objects import Subscription

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="watched where processes are forked"),
    pytest.mark.unlike_meta,
]
FILE = "\n".join(
    f"WHATSAPP_{name.upper()}={json.dumps(CANARIES[name])}"
    for name in ("app_secret", "access_token", "verify_token")
)


@dataclass(frozen=True)
class Use:
    """A command as it is given; `shows` is where it shows secrets because that is what it is for,
    `graph` that it asks Graph, and `ends` that it ends by itself."""

    line: str
    stdin: str | None = None
    shows: frozenset[str] = frozenset()
    graph: bool = False
    ends: bool = True

    @property
    def at_hand(self) -> list[str]:
        """The secrets that it has to do with, which are all that Graph can know of it."""
        names = ["app_secret", "verify_token", "ngrok_authtoken", "access_token"]
        if self.stdin != NEXT_TOKEN:
            return names
        return ["another token", *(names if self.line.startswith("rotate") else names[:3])]


_OUT, _CHILD = frozenset({"stdout"}), frozenset({"child"})
USES: Mapping[str, tuple[Use, ...]] = {
    "demo": (Use("demo --plain", ends=False),),
    "status": (Use("status"), Use("status --json")),
    "check": (
        Use("check --verbose", graph=True),
        Use("check --json", graph=True),
        Use("check --all", graph=True),
    ),
    "rotate": (Use("rotate --stdin", NEXT_TOKEN, graph=True),),
    "discover": (
        Use("discover", graph=True),
        Use("discover --stdin --json", NEXT_TOKEN, graph=True),
    ),
    "listen": (
        Use("listen --replace --json --url http://127.0.0.1:{port}", graph=True, ends=False),
        Use("listen --no-register", ends=False, shows=_CHILD),
    ),
    "subscribe": (Use("subscribe", graph=True),),
    "restore": (Use("restore", graph=True),),
    "doctor": (Use("doctor --report report.txt --verbose", graph=True),),
    "send": (Use("send +16505550148 --text halo --yes", graph=True),),
    "set": (
        Use("set access_token --stdin", NEXT_TOKEN),
        Use("set ngrok_authtoken --stdin", AUTHTOKEN),
        Use("set app_id --stdin", NEXT_TOKEN),
    ),
    "import": (Use("import --stdin", FILE), Use(f"import --stdin --profile {'x' * 80}", FILE)),
    "exec": (Use("exec -- true", shows=_CHILD),),
    "export": (
        Use("export", shows=_OUT),
        Use("export --format nonsense"),
        Use("export --output /dev/full"),
    ),
    "forget": (Use("forget --yes"),),
    "profile create": (Use("profile create blog"),),
    "profile list": (Use("profile list --json"),),
    "profile switch": (Use("profile switch blog"),),
    "profile rename": (Use("profile rename default live"),),
    "profile copy": (Use("profile copy default test"),),
    "profile delete": (Use("profile delete default --yes"),),
    "profile repair": (Use("profile repair --yes"),),
    "simulator": (Use("simulator --list"), Use("simulator --port 1", ends=False, shows=_OUT)),
    "selftest": (Use("selftest --json", graph=True),),
    "completion": (Use("completion bash"),),
    "help": (Use("help check"),),
    "version": (Use("version"),),
}
ALL = [use for uses in USES.values() for use in uses]


def _leaves(group: click.Group, path: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{name} ")
        else:
            yield path + name


def test_every_command_is_among_them() -> None:
    assert USES.keys() == set(_leaves(cli))


class Watch:
    """A shell whose commands leave nothing unseen."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.watched = shell.folder.parent / f"{shell.folder.name}-watched"
        self.begin_anew()

    def begin_anew(self) -> None:
        self.shell.begin_anew()
        self.shell.env |= {
            "TEST_WATCHED": str(self.watched),
            "TMPDIR": str(self.shell.folder),
            "NGROK_AUTHTOKEN": CANARIES["ngrok_authtoken"],
            "TEST_KEYRING_WORDS": "",
        }
        self.shell.fill(verify_token=CANARIES["verify_token"])

    def run(self, use: Use, env: Mapping[str, str] = {}) -> Ended:
        more = {} if use.ends else {"TEST_ENDS": "1"}
        line = use.line.format(port=free_port())
        return self.shell(*line.split(), stdin=use.stdin, env={**env, **more})

    def assert_nothing_told(self, use: Use, ended: Ended) -> None:
        places: dict[str, str] = {"stdout": ended.out, "stderr": ended.err}
        lines = self.watched.read_text("utf-8").splitlines() if self.watched.exists() else []
        self.watched.unlink(missing_ok=True)
        for kind, text in map(json.loads, lines):
            places[kind] = places.get(kind, "") + f"{text}\n"
        for path in self.shell.folder.rglob("*"):
            if path.is_file() and not path.name.startswith("keyring."):
                places[path.name] = path.read_text("utf-8", "replace")
        for place, text in places.items():
            if place not in use.shows and not (place == "gone" and _is_keyrings(text)):
                assert found(text) == [], f"{use.line}: {place}: {text[:2000]}"


def _is_keyrings(text: str) -> bool:
    return '"whatsapp-wizard:' in text


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    (tmp_path / "home").mkdir()
    return Watch(Shell(tmp_path / "home"))


@each_line("use", ALL, ids=lambda use: use.line)
def test_not_where_all_is_well(watch: Watch, meta: Pretended, use: Use) -> None:
    env = meta.healthy()
    watch.assert_nothing_told(use, watch.run(use, at(env)))


@each_line("use", ALL, ids=lambda use: use.line)
def test_not_where_the_keyring_tells(watch: Watch, use: Use) -> None:
    turn = ALL.index(use)
    env = {
        "TEST_KEYRING_MOOD": ("telling", "dying")[turn % 2],
        "TEST_KEYRING_WORDS": told(list(FORMS)[turn % len(FORMS)]),
    }
    watch.assert_nothing_told(use, watch.run(use, env))


@each_line("use", ALL, ids=lambda use: use.line)
def test_not_in_a_crash(watch: Watch, meta: Pretended, use: Use) -> None:
    words = told(list(FORMS)[ALL.index(use) % len(FORMS)])
    watch.assert_nothing_told(use, watch.run(use, at(meta.healthy()) | {"TEST_BUG": words}))


ASKING = [use for use in ALL if use.graph]
WAYS = ("error", "data", "page", "redirect")


@pytest.mark.parametrize("way", WAYS)
@each_line("use", ASKING, ids=lambda use: use.line)
async def test_not_where_graph_tells(watch: Watch, meta: Pretended, use: Use, way: str) -> None:
    """In each of these runs another form; all of them come to each way, and to most commands."""
    meta.healthy()
    meta.world.app.subscriptions[:] = [Subscription("http://127.0.0.1:9/hook", ("messages",))]
    turn = WAYS.index(way) * 5 + ASKING.index(use)
    said = told(list(FORMS)[turn % len(FORMS)], use.at_hand)
    async with serve(Telling(meta, way, said)) as base:
        ended = await asyncio.to_thread(watch.run, use, {GRAPH_URL: base})
    watch.assert_nothing_told(use, ended)
