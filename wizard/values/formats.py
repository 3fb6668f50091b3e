"""Credentials as text for others: `.env`, JSON, a Secret for Kubernetes, a script for GitHub."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from wizard.values.credentials import Credential, plain
from wizard.values.presets import Variable

SECRET_NAME = "whatsapp-credentials"
DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""What a name may be in Kubernetes, https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""

_NOT_BARE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"'`\\$&|;<>()#]|^[~=]|:[~=]")
"""What a shell, docker, python-dotenv, node, npm's dotenv, direnv or make reads as something else
than itself when it stands without quotes (docs/env-files.md); and docker takes quotes as part of
the value: https://github.com/docker/cli/issues/3630"""


class UnfitValueError(ValueError):
    """A value that this format can't carry unchanged; the text names the credential alone."""

    def __init__(self, credential: Credential, why: str) -> None:
        super().__init__(f"The {credential.label} {why}")


def env(variables: Iterable[Variable]) -> str:
    """Lines that every reader in docs/env-files.md reads alike, so without quotes.

    Raises `UnfitValueError` for a value that they would not.
    """
    return "".join(f"{one.name}={_bare(one)}\n" for one in variables)


def as_json(variables: Iterable[Variable]) -> str:
    """One object, of variables to values."""
    pairs = {one.name: plain(one.value) for one in variables}
    return f"{json.dumps(pairs, indent=2)}\n"


def k8s(variables: Iterable[Variable], name: str = SECRET_NAME) -> str:
    """A Secret as `kubectl apply` takes it; its values are in base64, which hides nothing.

    https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
    """
    # In quotes all of it, or YAML would take a name such as "no" or "1e3" for something else.
    lines = [
        "apiVersion: v1",
        "kind: Secret",
        "metadata:",
        f'  name: "{name}"',
        "type: Opaque",
        "data:",
        *(f'  "{one.name}": "{base64.b64encode(_bytes(one)).decode()}"' for one in variables),
    ]
    return "\n".join(lines) + "\n"


def github(variables: Iterable[Variable]) -> str:
    """A script for sh that hands each value to `gh secret set` on standard input.

    `printf` is part of the shell, so no value stands in the list of processes. gh drops line ends
    at the end of what it reads: https://cli.github.com/manual/gh_secret_set
    """
    lines = [f"printf %s {_quoted(one)} | gh secret set {one.name}\n" for one in variables]
    return "#!/bin/sh\nset -eu\n" + "".join(lines)


FORMATS: Mapping[str, Callable[[Iterable[Variable]], str]] = {
    "env": env,
    "json": as_json,
    "k8s": k8s,
    "github": github,
}


def render(form: str, variables: Iterable[Variable], name: str = SECRET_NAME) -> str:
    """The variables in one of `FORMATS`; `name` is that of the Secret."""
    write = partial(k8s, name=name) if form == "k8s" else FORMATS[form]
    return write(variables)


def text_of(variable: Variable) -> str:
    """The value, for an environment: that takes any text without a NUL.

    Raises `UnfitValueError` for one that no environment can hold.
    """
    text = _bytes(variable).decode()
    if "\x00" in text:
        raise UnfitValueError(variable.credential, "contains a NUL, which no environment accepts.")
    return text


def _bytes(variable: Variable) -> bytes:
    try:
        return plain(variable.value).encode()
    except UnicodeEncodeError:
        raise UnfitValueError(variable.credential, "is not text: it can't be encoded.") from None


def _bare(variable: Variable) -> str:
    text = text_of(variable)
    if _NOT_BARE.search(text):
        why = (
            "has a character that a shell, docker, python-dotenv, node, npm's dotenv, direnv and "
            "make read differently. --format json and k8s accept any value."
        )
        raise UnfitValueError(variable.credential, why)
    return text


def _quoted(variable: Variable) -> str:
    text = text_of(variable)
    if text.endswith(("\n", "\r")):
        raise UnfitValueError(variable.credential, "ends with a line break, which gh would drop.")
    return shlex.quote(text)
