"""What is remembered between runs and is no secret."""

from wizard.state.claims import Claim, Claims, claims_in
from wizard.state.file import SCHEMA, StateFile
from wizard.state.locks import NewerStateError, StateError, TurnTakenError
from wizard.state.profile_index import Entry, Register
from wizard.state.progress import Progress, Replaced, Tested, Webhook

__all__ = [
    "SCHEMA",
    "Claim",
    "Claims",
    "Entry",
    "NewerStateError",
    "Progress",
    "Register",
    "Replaced",
    "StateError",
    "StateFile",
    "Tested",
    "TurnTakenError",
    "Webhook",
    "claims_in",
]
