"""Where a state file is, and whose turn at the keyring is known where."""

from __future__ import annotations

import contextlib
from pathlib import Path

from wizard.state.locks import StateError


def own_folder() -> Path:
    """The platform's own. A container may run us as a user whom it knows nothing of: that raises
    `StateError`."""
    import platformdirs

    try:
        return platformdirs.user_state_path("whatsapp-wizard", appauthor=False)
    except RuntimeError:
        raise StateError("There is no home folder. Set WHATSAPP_WIZARD_STATE_DIR.") from None


def keyring_folders(state: Path | None) -> list[Path]:
    """Those in which the turn at the keyring is taken, one after the other. The keyring is the
    user's, wherever the state is: the first is the same for all that the user runs, and the state's
    own serves where that can't be used."""
    folders = [] if state is None else [state]
    with contextlib.suppress(StateError):
        folders.insert(0, own_folder())
    return list(dict.fromkeys(folders))
