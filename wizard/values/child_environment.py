"""The environment of a program that has no use for our credentials."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping

from wizard.values.credentials import KEPT
from wizard.values.paste import variable_credential

_OWN = tuple(credential.env for credential in KEPT.values())
_LEAST = 8
"""Characters of a value that is looked for under other names too."""
_SYSTEMS = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "TMPDIR", "XDG_RUNTIME_DIR"),
        *("USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "COMSPEC"),
        *("TEMP", "TMP"),
    )
)
"""Without these no program runs: they stay also where one's verify token is one's own name."""


def child_environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables without the credentials, whatever they are called: our names and those that
    begin with one, those that libraries read, and any other that holds the value of one of these,
    also in another case, reversed, in base64 or in hex."""
    held = {name for name in env if name.upper().startswith(_OWN) or variable_credential(name)}
    values = {env[name] for name in held if len(env[name]) >= _LEAST}
    forms = {form for value in values for form in _forms(value)}
    return {
        name: value
        for name, value in env.items()
        if name.upper() in _SYSTEMS
        or (name not in held and not any(form in value.casefold() for form in forms))
    }


def _forms(value: str) -> Iterator[str]:
    raw = value.encode("utf-8", "surrogateescape")
    yield value.casefold()
    yield value[::-1].casefold()
    yield raw.hex()
    yield base64.b64encode(raw).decode().rstrip("=").casefold()
