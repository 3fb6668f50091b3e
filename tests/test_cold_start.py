"""What a clean interpreter loads: a command pays for what it uses, and the core for nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


def loaded(code: str, **env: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after this code."""
    tail = "\nimport sys\nprint('LOADED', ' '.join({m.partition('.')[0] for m in sys.modules}))"
    ended = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **env},
    )
    return set(ended.stdout.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    "module",
    [
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
    ],
)
def test_the_core_loads_nothing_heavy_when_it_is_imported(module: str) -> None:
    assert not loaded(f"import {module}") & {*HEAVY, "click"}


def test_the_simulator_is_up_before_it_loads_what_answers() -> None:
    waiting = {"h11", "http", "email"}
    assert not loaded("import wizard.simulator") & {*HEAVY, "click", *waiting}


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


_TAB = {"COMP_WORDS": "whatsapp-wizard ch", "COMP_CWORD": "1"}


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
    env = {
        "WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "WHATSAPP_WIZARD_STATE_DIR": "/nonexistent",
    }
    there = loaded(run_cli(*arguments), **env)
    assert "textual" not in there
    assert "click" in there


def test_the_screens_load_what_draws_them_and_no_more_before_they_are_drawn() -> None:
    assert loaded("import wizard.tui.app") & set(HEAVY) <= {"textual", "rich", "platformdirs"}


def test_each_command_loads_what_it_needs_and_no_more() -> None:
    env = {
        "WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "WHATSAPP_WIZARD_STATE_DIR": "/nonexistent",
    }
    assert "httpx" in loaded(run_cli("check", "--env"), **env)
    assert not loaded(run_cli("check", "--env"), **env) & {"keyring", "uvicorn"}
    assert "keyring" in loaded(run_cli("status"), **env)
    assert not loaded(run_cli("status"), **env) & {"httpx", "uvicorn"}
