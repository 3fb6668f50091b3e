"""What is remembered between runs and is no secret."""

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
