"""What a library would look for or load, and nobody here uses."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_OF_KEYRING = (
    "bz2",
    "configparser",
    "importlib_metadata",
    "lzma",
    "more_itertools",
    "subprocess",
    "tempfile",
    "traceback",
    "urllib.request",
)
"""What keyring, its own libraries and those of Python that these use import for functions that are
not called here, or not always: more than half of the time that it takes to load."""
_turn = threading.Lock()


@cache
def before_httpx() -> None:
    """For who is about to import httpx.

    With it comes its own command line where rich is installed, as it is here, and takes as long to
    load as the rest of it. And httpcore tries to import sniffio anew for every lock that it makes:
    where that is not installed, all of the path is searched some ten times a request.
    """
    _leave_out("httpx._main")
    if find_spec("sniffio") is None:
        _leave_out("sniffio")


@contextmanager
def late_for_keyring() -> Iterator[None]:
    """For who imports keyring in the block: what it seldom needs is loaded when it is first used.

    Whoever imports that after the block loads it as ever.
    """
    names = () if "keyring" in sys.modules else _OF_KEYRING
    late = [_Late(name) for name in names if name not in sys.modules and find_spec(name)]
    for module in late:
        module.stand_in()
    try:
        yield
    finally:
        for module in late:
            module.stand_back()


class _Late(ModuleType):
    """Stands where a module would, and becomes it for who looks for anything in it.

    Not `importlib.util.LazyLoader`: before Python 3.12.3 it shows a second thread half of the
    module (https://github.com/python/cpython/issues/114763), and keyrings are read on threads.
    """

    def stand_in(self) -> None:
        sys.modules[self.__name__] = self
        parent, _, child = self.__name__.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, self)

    def stand_back(self) -> None:
        with _turn:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]

    def __getattr__(self, name: str) -> Any:
        self.stand_back()
        return getattr(import_module(self.__name__), name)


def _leave_out(module: str) -> None:
    """Has importing it fail at once, as where it is not installed; one that is loaded stays."""
    absent: Any = None  # what Python takes for it
    sys.modules.setdefault(module, absent)
