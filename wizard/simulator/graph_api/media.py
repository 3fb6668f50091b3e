"""Uploading, reading, downloading and deleting media.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.arguments import arguments, need_product
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import cloud
from wizard.simulator.graph_api.raw import RawAnswer
from wizard.simulator.world.media import LIMITS, UPLOADED_FOR, Media, download_url, signature
from wizard.simulator.world.objects import Phone


async def upload(call: Call, phone: Phone) -> dict[str, object]:
    """Keeps the file of a form for this number; its ID."""
    need_product(arguments(call))
    given = call.files.get("file")
    if given is None:
        raise errors.parameter_missing("file")
    kind = given.mime_type.partition(";")[0].strip().lower()
    if kind not in LIMITS:
        raise _wrong_type(given.mime_type)
    if not given.content:
        raise errors.bad_parameter("Param file must be a file that is not empty.")
    if len(given.content) > LIMITS[kind]:
        limit = LIMITS[kind] // 1024
        raise cloud(131053, "Media upload error", f"A file of {kind} may have {limit} KB at most.")
    until = call.meta.now() + UPLOADED_FOR
    media = call.meta.media.add(phone.id, given.mime_type, given.content, until, given.filename)
    return {"id": media.id}


def described(call: Call, media: Media) -> dict[str, object]:
    """`GET /{media-id}`: what it is, and where its bytes are for the next 5 minutes."""
    _check_owner(call, media)
    return {
        "messaging_product": "whatsapp",
        "url": download_url(call.meta.seed, call.origin, media, call.meta.now()),
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": str(media.file_size),
        "id": media.id,
    }


async def delete(call: Call, media: Media) -> dict[str, object]:
    _check_owner(call, media)
    call.meta.media.remove(media)
    return {"success": True}


def download(call: Call) -> RawAnswer:
    """The bytes behind such an address, for a token that may see whose they are."""
    token, params = call.token(), call.params
    media_id, ends = params.get("mid", ""), params.get("ext", "")
    signed = signature(call.meta.seed, media_id, ends)
    if not hmac.compare_digest(params.get("hash", "").encode(), signed.encode()):
        raise GraphError(403, "URL signature mismatch", 1, "OAuthException")
    media = call.meta.media.find(media_id, call.meta.now())
    if media is None or int(ends) < call.meta.now():
        raise GraphError(404, "URL signature expired", 1, "OAuthException")
    phone = call.meta.find_node(media.owner)
    if not isinstance(phone, Phone) or call.meta.waba_of(phone) not in token.wabas:
        raise errors.unsupported(call.method, media.id)
    name = media.filename.replace('"', "").encode("ascii", "replace").decode() or "file"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return RawAnswer(media.content, media.mime_type, headers)


def _check_owner(call: Call, media: Media) -> None:
    """https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media"""
    asked: Mapping[str, str] = call.params
    if asked.get("phone_number_id", media.owner) != media.owner:
        raise errors.unsupported(call.method, media.id)


def _wrong_type(given: str) -> GraphError:
    offered = ", ".join(LIMITS)
    return errors.bad_parameter(
        f"Param file must be a file with one of the following types: {offered}."
        f" Received file of type '{given or 'application/octet-stream'}'."
    )
