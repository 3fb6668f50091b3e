"""Hears what Python audits, for as long as it is wanted: a hook of its own stays for ever."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeAlias

Hook: TypeAlias = Callable[[str, tuple[Any, ...]], None]
_hooks: list[Hook] = []
_is_hearing = [False]


def hear(hook: Hook) -> Callable[[], None]:
    """Has the hook called at every event; returns a function that ends it."""
    _hooks.append(hook)
    if not _is_hearing[0]:
        _is_hearing[0] = True
        sys.addaudithook(_tell)
    return lambda: _hooks.remove(hook)


def _tell(event: str, arguments: tuple[Any, ...]) -> None:
    for hook in _hooks:
        hook(event, arguments)
