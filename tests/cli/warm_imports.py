"""What the commands import, imported once. Nothing is asked or opened here."""

from __future__ import annotations

import importlib

from tests.recorded import listen
from wizard.cli import COMMANDS

for _entry in COMMANDS.values():
    importlib.import_module(f"wizard.cli.commands.{_entry.module}")
for _module in (
    "httpx",
    "keyring",
    "dotenv",
    "phonenumbers",
    "filelock",
    "platformdirs",
    "starlette.applications",
    "uvicorn",
    "wizard.cli.runs.check_all",
    "wizard.cli.output.crash_report",
    "wizard.journeys.rotation.rotation",
    "wizard.simulator",
):
    importlib.import_module(_module)
listen()
