"""The environment of a program that has no use for our credentials."""

from __future__ import annotations

import os
from collections.abc import Mapping

from wizard.values.credentials import KEPT
from wizard.values.paste import variable_credential

_OWN = {credential.env for credential in KEPT.values()}
_LEAST = 8
"""Characters of a value that is looked for under other names too."""


def child_environment(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables without the credentials, whatever they are called: our names, those that
    libraries read, and any other that holds the value of one of these."""
    held = {name for name in env if name.upper() in _OWN or variable_credential(name)}
    values = {env[name] for name in held if len(env[name]) >= _LEAST}
    return {
        name: value
        for name, value in env.items()
        if name not in held and not any(secret in value for secret in values)
    }
