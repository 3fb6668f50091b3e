"""ngrok's texts made fit to be shown: without the authtoken, and in lines."""

from __future__ import annotations

import re

from wizard.values.credentials import MASK, Secret


def redact(text: str, secret: Secret | None = None) -> str:
    """One readable paragraph. The `Your authtoken:` line goes, whoever's token it repeats."""
    text = text.replace("\\r", "").replace("\\n", "\n").replace("\r", "")
    if secret is not None and secret.reveal():
        text = text.replace(secret.reveal(), MASK)
    text = re.sub(r"(?i)(your authtoken:\s*)\S+", rf"\g<1>{MASK}", text)
    text = re.sub(r"(?i)(authtoken[= ])(?!\w+ )[\w-]{20,}", rf"\g<1>{MASK}", text)
    lines = (line.removeprefix("ERROR:").strip() for line in text.splitlines())
    kept = (line for line in lines if line and not re.fullmatch(r"ERR_NGROK_\d+", line))
    return " ".join(kept)
