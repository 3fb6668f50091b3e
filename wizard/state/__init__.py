"""What is remembered between runs and is no secret."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.state.claims import Claim, Claims, claims_in
    from wizard.state.file import SCHEMA, StateFile
    from wizard.state.locks import LockTimeoutError, NewerStateError, StateError
    from wizard.state.profile_index import Entry, ProfileIndex
    from wizard.state.progress import CheckRecord, Progress, ReplacedCallback, StoredWebhook

__all__ = [
    "SCHEMA",
    "CheckRecord",
    "Claim",
    "Claims",
    "Entry",
    "LockTimeoutError",
    "NewerStateError",
    "ProfileIndex",
    "Progress",
    "ReplacedCallback",
    "StateError",
    "StateFile",
    "StoredWebhook",
    "claims_in",
]

_HOMES = {
    "Claim": "claims",
    "Claims": "claims",
    "claims_in": "claims",
    "SCHEMA": "file",
    "StateFile": "file",
    "LockTimeoutError": "locks",
    "NewerStateError": "locks",
    "StateError": "locks",
    "Entry": "profile_index",
    "ProfileIndex": "profile_index",
    "CheckRecord": "progress",
    "Progress": "progress",
    "ReplacedCallback": "progress",
    "StoredWebhook": "progress",
}
"""The file of each name is loaded with the first that is asked for: who reads the file has no use
for what claims and locks."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
