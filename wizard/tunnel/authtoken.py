"""Where ngrok's authtoken comes from."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

from wizard.values.credentials import Secret

Source = Literal["given", "environment", "file", "none"]


def clean_authtoken(pasted: str) -> Secret:
    """The token alone, of a paste that may be the whole `ngrok config add-authtoken …` command."""
    text = pasted.strip("\ufeff\u200b \t\r\n").lstrip("$> ")
    text = re.sub(r"^(?:\S*ngrok(?:\.exe)?\s+)?(?:config\s+)?(?:add-)?authtoken\s+", "", text)
    text = re.sub(r"^NGROK_AUTHTOKEN\s*=\s*|^authtoken:\s*", "", text)
    words = text.split()
    return Secret((words[0] if words else "").strip("'\"`~"))


def user_config() -> Path:
    """The file in which the user's own ngrok keeps its authtoken."""
    from pyngrok import conf

    return Path(conf.DEFAULT_NGROK_CONFIG_PATH)


def find_authtoken(
    given: Secret | None = None, config: Path | None = None
) -> tuple[Secret | None, Source]:
    """The token, and where it was: given, `NGROK_AUTHTOKEN`, or the user's ngrok.yml (`config`)."""
    if given is not None and (token := clean_authtoken(given.reveal())):
        return token, "given"
    if token := clean_authtoken(os.environ.get("NGROK_AUTHTOKEN", "")):
        return token, "environment"
    kept = _in_file(config or user_config())
    return (kept, "file") if kept else (None, "none")


def _in_file(path: Path) -> Secret | None:
    from pyngrok import installer

    try:
        kept = installer.get_ngrok_config(str(path), use_cache=False)
        agent = kept.get("agent") or {}
        text = agent.get("authtoken") or kept.get("authtoken")
    except Exception:  # noqa: BLE001 - absent, unreadable or broken YAML: no token either way
        return None
    return clean_authtoken(str(text)) if text else None
