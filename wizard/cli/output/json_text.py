"""JSON as it is printed: readable, and harmless to a terminal."""

from __future__ import annotations

import json
import re
from typing import Any

from wizard.support.texts import is_control


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """JSON in which letters beyond ASCII stay letters, and control characters and marks that turn
    the direction of a text are escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return re.sub(r"[^\x20-\x7e\n]", _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if is_control(found[0]) else found[0]
