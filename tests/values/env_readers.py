"""Programs that read `.env` files, as they are installed here, and what each makes of a value."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NPM = os.environ.get("WIZARD_TEST_NPM_DOTENV", "")
"""The folder in which `npm install dotenv` was run, where it was."""

_PRINT = "process.stdout.write(JSON.stringify(process.env.V0 ?? null))"
_ENV = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}


def _run(*command: str, folder: Path) -> str:
    ended = subprocess.run(
        command, cwd=folder, env=_ENV, capture_output=True, text=True, check=False, timeout=20
    )
    return ended.stdout


def shell(folder: Path) -> str:
    return _run("sh", "-c", 'set -a; . ./read.env; printf %s "$V0"', folder=folder)


def python_dotenv(folder: Path) -> str:
    from dotenv import dotenv_values

    return str(dotenv_values(folder / "read.env").get("V0"))


def docker(folder: Path) -> str:
    """Its rule, which is to take the line as it stands."""
    text = (folder / "read.env").read_text("utf-8")
    return text.removesuffix("\n").partition("=")[2]


def node(folder: Path) -> str:
    return str(json.loads(_run("node", "--env-file=read.env", "-e", _PRINT, folder=folder) or "0"))


def npm_dotenv(folder: Path) -> str:
    script = f"require({json.dumps(f'{NPM}/node_modules/dotenv')}).config({{path: 'read.env'}});"
    return str(json.loads(_run("node", "-e", script + _PRINT, folder=folder)[-500:] or "0"))


def make(folder: Path) -> str:
    (folder / "Makefile").write_text('include read.env\nexport V0\nall:\n\t@printf %s "$$V0"\n')
    return _run("make", "-s", folder=folder)


def direnv(folder: Path) -> str:
    said = _run("direnv", "dotenv", "json", "read.env", folder=folder)
    return str(json.loads(said or "{}").get("V0"))


def _node_reads_env_files() -> bool:
    if not shutil.which("node"):
        return False
    ended = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return [int(part) for part in ended.stdout.strip("v\n").split(".")[:2]] >= [20, 6]


def installed() -> dict[str, Callable[[Path], str]]:
    """Those that are here, by name."""
    found: dict[str, Callable[[Path], str]] = {"docker": docker, "python-dotenv": python_dotenv}
    if sys.platform != "win32":
        found["sh"] = shell
    if _node_reads_env_files():
        found["node --env-file"] = node
    if NPM and shutil.which("node"):
        found["npm dotenv"] = npm_dotenv
    found |= {
        name: call for name, call in (("make", make), ("direnv", direnv)) if shutil.which(name)
    }
    return found
