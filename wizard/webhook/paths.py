"""The path under which an endpoint is asked for, in the one way it is compared and shown."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_SLASHES = re.compile(rb"/+")


def wire_path(path: str | bytes) -> str:
    """The path as it may be typed and sent: what is not plain ASCII in percents, one slash between
    its parts and none at its end. Proxies write the same path in several ways, and double the slash
    where they put a prefix's rest behind their own."""
    raw = path.encode(errors="surrogateescape") if isinstance(path, str) else path
    parts = _SLASHES.sub(b"/", unquote_to_bytes(raw)).strip(b"/")
    return "/" + quote(parts, safe="/:@")
