"""What the environment says: base URL and version of Graph, profile, folder of the state."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from wizard.support.errors import ExpectedError

GRAPH_URL = "https://graph.facebook.com"
GRAPH_VERSION = "v25.0"
"""Served until 2028-07-29, and what the newer ones changed holds for it too: since 2026-10-27 Meta
has applied v26.0's protocol to every version, and nothing used here is known to need a newer one.
https://developers.facebook.com/docs/graph-api/changelog/versions/"""

DEFAULT_PROFILE = "default"
_PROFILE = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?<!\.)"
_RESERVED = r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?"
"""What Windows takes for a device, with an extension too:
https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""

_SECRET = (
    r"[0-9a-fA-F]{32,}|EAA[A-Za-z0-9]{13,}|2[A-Za-z0-9]{26}_\w{15,}"
    r"|(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]{24,}"
)
"""An App Secret, a token, an authtoken, a generated verify token. These are compiled when a name is
given, which seldom is."""


class SettingError(ExpectedError, ValueError):
    """A variable or flag that can't be used; its text names it and says what it takes."""

    exit_code = 2


class WarnAhead(NamedTuple):
    """How long before a token's end one wants to know: of a temporary one, and of any other."""

    hours: float = 2.0
    days: float = 7.0

    def seconds(self, kind: str | None) -> float:
        return self.hours * 3600 if kind == "temporary" else self.days * 86400


@dataclass(frozen=True)
class Settings:
    """Where this run looks, and under which profile."""

    profile: str = DEFAULT_PROFILE
    graph_url: str = GRAPH_URL
    graph_version: str = GRAPH_VERSION
    state_dir: Path | None = None
    warn_ahead: WarnAhead = field(default_factory=WarnAhead)


def read_settings(profile: str | None = None, env: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment; `profile` wins over the variable.

    Raises `SettingError` for a profile name that is not safe as part of a keyring service's name,
    for a version that is none, and for a span of time that is no number.
    """
    version = env.get("WHATSAPP_WIZARD_GRAPH_VERSION") or GRAPH_VERSION
    version = version if version.startswith("v") else f"v{version}"
    if not re.fullmatch(r"v[0-9]+\.[0-9]+", version):
        raise SettingError(f"WHATSAPP_WIZARD_GRAPH_VERSION must look like {GRAPH_VERSION}.")
    folder, usual = env.get("WHATSAPP_WIZARD_STATE_DIR"), WarnAhead()
    return Settings(
        profile=named_profile(profile, env) or DEFAULT_PROFILE,
        graph_url=(env.get("WHATSAPP_WIZARD_GRAPH_URL") or GRAPH_URL).strip().rstrip("/"),
        graph_version=version,
        state_dir=_folder(folder) if folder else None,
        warn_ahead=WarnAhead(
            _span(env, "WHATSAPP_WIZARD_WARN_HOURS", usual.hours),
            _span(env, "WHATSAPP_WIZARD_WARN_DAYS", usual.days),
        ),
    )


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingError(
            "WHATSAPP_WIZARD_STATE_DIR names a home folder, but there is none. Use the whole path."
        ) from None


def named_profile(flag: str | None, env: Mapping[str, str] = os.environ) -> str | None:
    """The profile that the flag or else the variable names; raises `SettingError`."""
    name = (env.get("WHATSAPP_WIZARD_PROFILE") or None) if flag is None else flag
    return None if name is None else profile_name(name)


def profile_name(name: str) -> str:
    """The name, where every system takes it as part of a file's name and of a keyring's service;
    raises `SettingError` otherwise."""
    if looks_secret(name):
        raise SettingError("That looks like a secret, and can't be a profile's name.")
    if is_profile_name(name):
        return name
    if re.fullmatch(_RESERVED, name):
        raise SettingError(f"{name!r} can't be a profile's name: Windows reserves it for a device.")
    raise SettingError(
        f"{name!r} can't be a profile's name. Use up to 64 letters, digits, dots, dashes and "
        "underscores; start with a letter or digit, and don't end with a dot."
    )


def looks_secret(text: str) -> bool:
    """Whether a setting is perhaps a secret that was put in the wrong place, to be told nowhere."""
    return re.fullmatch(_SECRET, text) is not None


def is_profile_name(name: str) -> bool:
    return re.fullmatch(_PROFILE, name) is not None and not re.fullmatch(_RESERVED, name)


def _span(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name) or ""
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", text):
        raise SettingError(f"{name} must be a number such as {default:g}.")
    return float(text)
