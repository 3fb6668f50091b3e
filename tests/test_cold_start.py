"""What a clean interpreter loads: a command pays for what it uses, and the core for nothing."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import wizard.checks
import wizard.graph
import wizard.state
import wizard.vault
from tests.cli.shell import PLUGINS

HEAVY = (
    "textual",
    "httpx",
    "keyring",
    "pyngrok",
    "uvicorn",
    "starlette",
    "segno",
    "dotenv",
    "rich",
    "platformdirs",
    "filelock",
    "phonenumbers",
)


_NOBODY = {
    "WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "WHATSAPP_WIZARD_STATE_DIR": "/nonexistent",
}


def loaded(code: str, **env: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after this code."""
    return {module.partition(".")[0] for module in every_module(code, **env)}


def every_module(code: str, **env: str) -> frozenset[str]:
    """The same with the modules of packages; one that is marked as absent is not among them."""
    return _every_module(code, tuple(env.items()))


@cache
def _every_module(code: str, env: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Each code is run once, whatever else is to be seen of it."""
    tail = "\nimport sys\nprint('LOADED', *(name for name, one in sys.modules.items() if one))"
    ended = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **dict(env)},
    )
    return frozenset(ended.stdout.rpartition("LOADED ")[2].split())


CORE = (
    "wizard.world",
    "wizard.checks",
    "wizard.graph",
    "wizard.vault",
    "wizard.state",
    "wizard.guide",
    "wizard.values.paste",
    "wizard.webhook.endpoint",
    "wizard.webhook.forward",
    "wizard.tunnel.ngrok",
    "wizard.journeys.onboarding.onboarding",
)


def test_the_core_loads_nothing_heavy_when_it_is_imported() -> None:
    assert not loaded(f"import {', '.join(CORE)}") & {*HEAVY, "click"}


def test_the_simulator_is_up_before_it_loads_what_answers() -> None:
    waiting = {"h11", "http", "email"}
    assert not loaded("import wizard.simulator") & {*HEAVY, "click", *waiting}


_ASKED = """
import asyncio, http.client
from wizard.simulator import Meta, create_app, serve
from wizard.simulator.graph_api import app

app._PAUSE = 60

def ask(base):
    connection = http.client.HTTPConnection(base.removeprefix("http://"))
    connection.request("GET", "/v25.0/me")
    assert connection.getresponse().read()
    connection.close()

async def main():
    async with serve(create_app(Meta())) as base:
        loading = asyncio.create_task(app.load())
        await asyncio.to_thread(ask, base)
        loading.cancel()

asyncio.run(main())
"""


def test_the_simulator_answers_a_question_without_what_changes_something() -> None:
    there = every_module(_ASKED)
    assert "wizard.simulator.graph_api.get" in there
    writing = {"wizard.simulator.graph_api.post", "wizard.simulator.graph_api.control"}
    assert not there & {*writing, "wizard.simulator.graph_api.messages"}


def run_cli(*arguments: str) -> str:
    return (
        "import sys\n"
        f"sys.argv = ['whatsapp-wizard', *{arguments!r}]\n"
        "from wizard.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
    )


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), ("check", "--help"), ("rotate", "--help")]
)
def test_help_and_version_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not loaded(run_cli(*arguments)) & set(HEAVY)


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("--version",), {}),
        (("--help",), {}),
        (
            (),
            {"_WHATSAPP_WIZARD_COMPLETE": "bash_complete", "COMP_WORDS": "x ch", "COMP_CWORD": "1"},
        ),
    ],
)
def test_what_is_typed_most_loads_little_beside_click(
    arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    assert not loaded(run_cli(*arguments), **env) & {*HEAVY, "asyncio", "json", "ssl", "socket"}


@pytest.mark.parametrize(
    "arguments", [("check", "--env"), ("status",), ("demo", "--plain"), ("simulator", "--list")]
)
def test_a_command_without_the_tui_never_loads_textual(arguments: tuple[str, ...]) -> None:
    there = loaded(run_cli(*arguments), **_NOBODY)
    assert "textual" not in there
    assert "click" in there


def test_the_screens_load_what_draws_them_and_no_more_before_they_are_drawn() -> None:
    assert loaded("import wizard.tui.app") & set(HEAVY) <= {"textual", "rich", "platformdirs"}


def test_each_command_loads_what_it_needs_and_no_more() -> None:
    check, status = (loaded(run_cli(*of), **_NOBODY) for of in (("check", "--env"), ("status",)))
    assert "httpx" in check
    assert not check & {"keyring", "uvicorn"}
    assert "keyring" in status
    assert not status & {"httpx", "uvicorn"}


def test_what_is_typed_most_loads_nothing_that_hashes_parses_or_writes() -> None:
    bare = every_module("import click")
    needless = {"hmac", "tomllib", "tempfile", "html", "dataclasses", "wizard.values.credentials"}
    assert not (every_module(run_cli("--version")) - bare) & {*needless, "pathlib"}
    # Older formatters of click's load shutil even where they are told the width.
    formatted = every_module("import click\nclick.HelpFormatter(width=80)")
    assert not (every_module(run_cli("--help")) - formatted) & {*needless, "pathlib", "shutil"}


def test_status_loads_no_question_to_graph() -> None:
    there = every_module(run_cli("status"), **_NOBODY)
    assert "wizard.vault.entries" in there
    heavy = {"wizard.graph.client", "wizard.graph.transport", "wizard.checks.runner"}
    assert not there & {*heavy, "wizard.values.paste", "wizard.guide"}


def test_status_runs_no_task_and_takes_of_keyring_what_reading_takes(tmp_path: Path) -> None:
    entry = tmp_path / "whatsapp-wizard_default" / "app_id"
    entry.parent.mkdir()
    entry.write_text("1" * 15, "utf-8")
    there = every_module(
        run_cli("status"),
        **_NOBODY
        | {
            "PYTHONPATH": str(PLUGINS),
            "PYTHON_KEYRING_BACKEND": "folder_keyring.FolderKeyring",
            "TEST_KEYRING_FOLDER": str(tmp_path),
        },
    )
    assert "keyring.core" in there
    late = {"urllib.request", "more_itertools", "importlib_metadata", "subprocess"}
    later = {"bz2", "lzma", "tempfile", "traceback", "textwrap"}
    needless = {"wizard.findings", "wizard.world", "tomllib", "html"}
    assert not there & {"asyncio", "ssl", *late, *later, *needless}
    assert not there & {"wizard.state.claims", "wizard.state.salvage"}


def test_check_loads_nothing_that_meets_a_callback_nor_httpx_command_line() -> None:
    there = every_module(run_cli("check", "--env"), WHATSAPP_APP_ID="1" * 15, **_NOBODY)
    assert "httpx" in there
    assert not {name for name in there if name.startswith(("wizard.webhook", "rich", "pygments"))}
    assert not {name for name in there if name.startswith("wizard.checks.callback.")}
    assert not there & {"html", "wizard.cli.output.crash_report"}


def test_what_check_has_loaded_is_not_searched_for_garbage() -> None:
    kept = "import gc\nassert gc.get_freeze_count() > 10_000"
    loaded(run_cli("check", "--env") + kept, WHATSAPP_APP_ID="1" * 15, **_NOBODY)


_BESIDE_A_GRAPH = """
import os, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import CREDENTIALS, plain

asked, waited = threading.Event(), []

class Graph(BaseHTTPRequestHandler):
    def do_GET(self):
        asked.set()
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in {"wizard.checks.evaluation", "wizard.findings", "wizard.cli.output.reports"}:
            waited.append(asked.wait(10))

server = ThreadingHTTPServer(("127.0.0.1", 0), Graph)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["WHATSAPP_WIZARD_GRAPH_URL"] = f"http://127.0.0.1:{server.server_address[1]}"
os.environ |= {CREDENTIALS[name].env: plain(value) for name, value in demo_values(Meta()).present()}
sys.meta_path.insert(0, Watch())
"""


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_the_questions_are_asked_before_what_words_the_answers_is_loaded(command: str) -> None:
    told = "\nserver.shutdown()\nassert waited and all(waited), waited"
    there = every_module(_BESIDE_A_GRAPH + run_cli(command, "--env") + told, **_NOBODY)
    assert {"wizard.checks.evaluation", "wizard.cli.output.reports"} <= there


def test_the_endpoint_needs_no_server_of_another_kind() -> None:
    there = loaded("import wizard.webhook.endpoint, wizard.webhook.server")
    assert not there & {"uvicorn", "starlette", "httpx", "click"}


def test_doctor_loads_what_meets_a_callback_and_no_endpoint() -> None:
    there = every_module(run_cli("doctor", "--env"), **_NOBODY)
    assert "wizard.checks.callback.check" in there
    needless = {"wizard.webhook.endpoint", "wizard.webhook.events", "wizard.webhook.envelope"}
    assert not there & {*needless, "wizard.values.paste", "uvicorn"}


def test_a_rotation_alone_loads_no_guide_and_no_test_before_it_is_drawn() -> None:
    there = every_module("import wizard.tui.session, wizard.tui.rotation_alone")
    assert "wizard.tui.screens.rotation.screen" in there
    heavy = {"wizard.checks.runner", "wizard.graph.client", "wizard.journeys.webhook.connection"}
    assert not there & {*heavy, "markdown_it", "wizard.tui.screens.walk.screen"}
    late = {"filelock", "wizard.values.paste", "wizard.tui.dialogs.choose", "wizard.support.qr"}
    assert not there & late


def test_the_guide_is_drawn_without_textuals_markdown() -> None:
    there = every_module("import wizard.tui.screens.walk.screen")
    assert "textual.widgets._markdown" not in there


@pytest.mark.parametrize(
    "package",
    [wizard.checks, wizard.graph, wizard.state, wizard.vault],
    ids=lambda one: one.__name__,
)
def test_a_package_that_loads_late_has_all_that_it_names(package: ModuleType) -> None:
    assert all(hasattr(package, name) for name in package.__all__)
    assert not hasattr(package, "absent")


def test_what_a_command_has_loaded_is_not_looked_through_at_its_end() -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count()))\n"
        "sys.argv[1:] = ['--version']\n"
        "from wizard.__main__ import main\n"
        "main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(told.stdout.split()[-1]) > 10_000
