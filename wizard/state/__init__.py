"""What is remembered between runs and is no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.support.late_names import names_from

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

# Who reads the file has no use for what claims and locks.
__getattr__ = names_from(
    __name__,
    {
        "claims": ("Claim", "Claims", "claims_in"),
        "file": ("SCHEMA", "StateFile"),
        "locks": ("LockTimeoutError", "NewerStateError", "StateError"),
        "profile_index": ("Entry", "ProfileIndex"),
        "progress": ("CheckRecord", "Progress", "ReplacedCallback", "StoredWebhook"),
    },
)
