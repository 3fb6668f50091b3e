"""Media that were uploaded or came in with a message, as plain data.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from wizard.simulator.world import fake_ids

PATH = ("whatsapp_business", "attachments")
"""Where media are downloaded, as on Meta's own host for them."""
DAY = 24 * 3600.0
UPLOADED_FOR, RECEIVED_FOR, URL_FOR = 30 * DAY, 7 * DAY, 300.0
"""Seconds that an upload, what a customer sent, and an address for downloading last."""
_MB = 1024 * 1024
_MAX_KEPT = 512 * _MB
"""Bytes of all media together; the oldest go first."""

LIMITS: Mapping[str, int] = {
    **dict.fromkeys(
        ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"), 16 * _MB
    ),
    **dict.fromkeys(
        (
            "application/vnd.ms-powerpoint",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/pdf",
            "text/plain",
            "application/vnd.ms-excel",
        ),
        100 * _MB,
    ),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * _MB),
    "image/webp": 512 * 1024,
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * _MB),
}
"""Each type that Meta takes, and the bytes it may have."""

_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////////"
    "//////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
_PDF = b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # noqa: E501
_MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41\x00\x00\x00\x08mdat"
_OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"

SAMPLES: Mapping[str, tuple[str, bytes]] = {
    "image": ("image/jpeg", base64.b64decode(_JPEG)),
    "sticker": ("image/webp", base64.b64decode(_WEBP)),
    "video": ("video/mp4", _MP4),
    "audio": ("audio/ogg; codecs=opus", _OGG),
    "document": ("application/pdf", _PDF),
}
"""What a customer sends by each kind of message that bears a file: its type and its bytes."""


@dataclass(eq=False)
class Media:
    """`owner` is the ID of the number that it was uploaded for, or sent to."""

    id: str
    owner: str
    mime_type: str
    content: bytes = field(repr=False)
    kept_until: float = 0.0
    filename: str = ""

    @property
    def file_size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class MediaStore:
    """All media of a world; `seed` makes their IDs."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._kept: dict[str, Media] = {}
        self._count = 0

    def add(
        self, owner: str, mime_type: str, content: bytes, kept_until: float, filename: str = ""
    ) -> Media:
        """Keeps it under a new ID; the oldest make room where there is none."""
        self._count += 1
        media_id = fake_ids.digits(self._seed, f"media/{self._count}", 16)
        media = Media(media_id, owner, mime_type, content, kept_until, filename)
        self._kept[media_id] = media
        while len(self._kept) > 1 and sum(one.file_size for one in self._kept.values()) > _MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        return media

    def find(self, media_id: str, now: float) -> Media | None:
        """The media of this ID, until its time is over."""
        found = self._kept.get(media_id)
        return found if found and now < found.kept_until else None

    def remove(self, media: Media) -> None:
        self._kept.pop(media.id, None)


def download_url(seed: str, origin: str, media: Media, now: float) -> str:
    """An address that lasts 5 minutes; what is added to it can't be made up."""
    ends = str(int(now + URL_FOR))
    query = {"mid": media.id, "ext": ends, "hash": signature(seed, media.id, ends)}
    return f"{origin}/{'/'.join(PATH)}/?{urlencode(query)}"


def signature(seed: str, media_id: str, ends: str) -> str:
    """Of an address that ends at this second."""
    return hmac.new(seed.encode(), f"{media_id}/{ends}".encode(), "sha256").hexdigest()[:40]
