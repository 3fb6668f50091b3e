"""What the commands import and read from the package, imported and read once. Nothing is asked or
opened here, nor anything read that is not the program's own."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys

import wizard
from tests.cli import warm
from tests.recorded import listen

sys.path.insert(0, str(warm.PLUGINS))
_NOT_HERE = ("wizard.testing", "wizard.__main__")
for _module in pkgutil.walk_packages(wizard.__path__, "wizard."):
    if not _module.name.startswith(_NOT_HERE):
        importlib.import_module(_module.name)
for _name in (
    "anyio._backends._asyncio",
    "certifi",
    "click._textwrap",
    "dotenv",
    "encodings.idna",
    "file_keyring",
    "filelock",
    "h11",
    "httpcore",
    "httpx",
    "keyring",
    "phonenumbers",
    "platformdirs",
    "starlette.applications",
    "textual.drivers.linux_driver",
    "textual.layouts.factory",
    "textual.layouts.horizontal",
    "textual.layouts.stream",
    "textual.pilot",
    "textual.scrollbar",
):
    importlib.import_module(_name)
sys.path.remove(str(warm.PLUGINS))

from wizard.content import layout_names  # noqa: E402
from wizard.content.uses import uses  # noqa: E402
from wizard.findings import catalogue  # noqa: E402
from wizard.guide import guide  # noqa: E402
from wizard.portal import layouts  # noqa: E402
from wizard.values.presets import preset_credentials  # noqa: E402

for _read in (catalogue, guide, layout_names, layouts, preset_credentials, uses):
    _read()
listen()
gc.collect()
gc.freeze()
gc.set_threshold(200_000, 50, 50)
