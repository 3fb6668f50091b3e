"""What an agent printed, made fit to be shown: without the authtoken, and in one line."""

from __future__ import annotations

import re

from wizard.support.texts import visible
from wizard.values.credentials import Secret
from wizard.values.redaction import redact


def tidy(text: str, secret: Secret | None = None) -> str:
    """One readable paragraph. The `Your authtoken:` line goes, whoever's token it repeats."""
    text = text.replace("\\r", "").replace("\\n", "\n").replace("\r", "")
    text = redact(text, () if secret is None else (secret,))
    lines = (line.removeprefix("ERROR:").strip() for line in text.splitlines())
    kept = (line for line in lines if line and not re.fullmatch(r"ERR_NGROK_[0-9]+", line))
    return visible(" ".join(kept))
