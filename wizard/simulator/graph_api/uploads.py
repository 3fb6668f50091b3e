"""Resumable uploads, whose handles a profile picture or a template's header is given.

https://developers.facebook.com/docs/graph-api/guides/upload
"""

from __future__ import annotations

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import App

_MAX_LENGTH = 100 * 1024 * 1024


async def begin(call: Call, _app: App) -> dict[str, object]:
    """`POST /{app-id}/uploads`: a session, to which the bytes then go."""
    asked = arguments.arguments(call)
    length, kind = str(arguments.needed(asked, "file_length")), arguments.needed(asked, "file_type")
    if not length.isdecimal() or not 0 < int(length) <= _MAX_LENGTH:
        raise errors.bad_parameter(f"Param file_length must be between 1 and {_MAX_LENGTH}.")
    return {"id": call.meta.uploads.begin(str(kind), int(length))}


def resume(call: Call, session_id: str) -> dict[str, object]:
    """`POST /upload:…`: takes the bytes from `file_offset` on; the handle once all are there."""
    call.token()
    session = call.meta.uploads.sessions.get(session_id)
    if session is None:
        raise errors.unsupported(call.method, session_id)
    offset = call.headers.get("file_offset", "0")
    if offset != str(session.received):
        raise errors.bad_parameter(f"The file_offset has to be {session.received}.")
    session.received += len(call.raw)
    if session.received > session.length:
        session.received = 0
        raise errors.bad_parameter("More bytes were sent than file_length says.")
    if session.received < session.length:
        return {"id": session_id, "file_offset": session.received}
    return {"h": call.meta.uploads.finish(session_id)}


def status(call: Call, session_id: str) -> dict[str, object]:
    """`GET /upload:…`: how much has arrived."""
    call.token()
    session = call.meta.uploads.sessions.get(session_id)
    if session is None:
        raise errors.unsupported(call.method, session_id)
    return {"id": session_id, "file_offset": session.received}
