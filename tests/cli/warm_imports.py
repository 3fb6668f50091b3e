"""What the commands import, imported once. Nothing is asked or opened here."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import wizard
from tests.recorded import listen

_NOT_HERE = ("wizard.tui", "wizard.testing", "wizard.__main__")
for _module in pkgutil.walk_packages(wizard.__path__, "wizard."):
    if not _module.name.startswith(_NOT_HERE):
        importlib.import_module(_module.name)
for _name in (
    "anyio._backends._asyncio",
    "certifi",
    "dotenv",
    "encodings.idna",
    "filelock",
    "h11",
    "httpcore",
    "httpx",
    "keyring",
    "phonenumbers",
    "platformdirs",
    "starlette.applications",
    "uvicorn",
):
    importlib.import_module(_name)
listen()
gc.collect()
gc.freeze()
