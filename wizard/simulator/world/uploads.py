"""Resumable uploads, as plain data."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from wizard.simulator.world import fake_ids

_MAX_SESSIONS = 256


@dataclass(eq=False)
class Session:
    """A file that is being uploaded in parts."""

    mime_type: str
    length: int
    received: int = 0


@dataclass(eq=False)
class Uploads:
    """Open sessions by their ID, and the handles of those that were finished; no bytes are kept."""

    seed: str
    sessions: dict[str, Session] = field(default_factory=dict)
    handles: set[str] = field(default_factory=set)
    count: int = 0

    def begin(self, mime_type: str, length: int) -> str:
        self.count += 1
        session_id = "upload:" + fake_ids.letters(self.seed, f"upload/{self.count}", 44)
        self.sessions[session_id] = Session(mime_type, length)
        while len(self.sessions) > _MAX_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        return session_id

    def finish(self, session_id: str) -> str:
        """The handle of a session, which may be given any number of times."""
        kind = base64.b64encode(self.sessions[session_id].mime_type.encode()).decode()
        text = fake_ids.letters(self.seed, f"handle/{session_id}", 60)
        handle = f"4:{text[:8]}:{kind}:{text[8:]}"
        self.handles.add(handle)
        return handle
