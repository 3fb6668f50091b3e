"""Read by every interpreter of these tests at its start: puts a bug, or its end, where asked."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.machinery import PathFinder
from typing import Any

if os.environ.get("WITNESSED_IN"):

    class Listening:
        """Has the pretended Graph of this process, should there be one, tell its exchanges."""

        def find_spec(self, name: str, path: Any = None, _target: Any = None) -> Any:
            if name != "wizard.simulator.graph_api.recorder":
                return None
            spec: Any = PathFinder.find_spec(name, path)
            run = spec.loader.exec_module

            def listen(module: Any) -> None:
                run(module)
                from tests.recorded import listen

                listen()

            spec.loader.exec_module = listen
            return spec

    sys.meta_path.insert(0, Listening())

if os.environ.keys() & {"TEST_KILL_AT", "TEST_BREAK", "TEST_BUG", "TEST_DISK_FULL", "TEST_NO_HOME"}:
    importlib.import_module("breaking").install()
