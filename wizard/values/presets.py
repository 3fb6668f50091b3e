"""The names under which values reach other programs: our own, or those that a library reads."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from wizard import content
from wizard.values.credentials import CREDENTIALS, Credential, Value, Values

_VERSION = Credential("graph_version", "Graph API version", "Version", "", "")
_URL = Credential("graph_url", "Graph API base URL", "URL", "", "")


@dataclass(frozen=True)
class Preset:
    """The variables of one library: of each credential the names, its own first."""

    name: str
    title: str
    source: tuple[str, ...]
    variables: Mapping[str, tuple[str, ...]]
    graph_version: str | None = None
    """The variable for the API version, where the library reads one."""
    graph_url: str | None = None
    """The variable for another base URL than Meta's."""


@dataclass(frozen=True)
class Variable:
    """A value under the name by which somebody reads it."""

    name: str
    credential: Credential
    value: Value


@cache
def presets() -> Mapping[str, Preset]:
    tables = tomllib.loads(content.read_text("presets.toml"))
    return {name: _preset(name, table) for name, table in tables.items()}


@cache
def preset_credentials() -> Mapping[str, str]:
    """Of each variable that any preset knows, the credential that it holds."""
    return {
        variable: credential
        for preset in presets().values()
        for credential, variables in preset.variables.items()
        for variable in variables
    }


def naming(
    preset: str | None = None, mapped: Iterable[tuple[str, str]] = ()
) -> dict[str, tuple[str, ...]]:
    """Of each credential the variables that are to hold it.

    `mapped` pairs a credential with a variable, in place of those that it would have had.
    Raises `ValueError` where two credentials would stand in the same variable.
    """
    names: dict[str, tuple[str, ...]] = {
        name: (credential.env,) for name, credential in CREDENTIALS.items()
    }
    if preset is not None:
        names |= presets()[preset].variables
    own: dict[str, tuple[str, ...]] = {}
    for credential, variable in mapped:
        own[credential] = (*own.get(credential, ()), variable)
    names |= own
    _refuse_twins(names)
    return names


def variables_of(values: Values, names: Mapping[str, tuple[str, ...]]) -> tuple[Variable, ...]:
    """The values that are at hand, each under every one of its names."""
    return tuple(
        Variable(variable, CREDENTIALS[name], value)
        for name, value in values.present()
        for variable in dict.fromkeys(names.get(name, ()))
    )


def setting_variables(
    preset: str | None, graph_version: str, graph_url: str | None
) -> tuple[Variable, ...]:
    """What a library reads besides its credentials; `graph_url` is `None` where it is Meta's."""
    if preset is None:
        return ()
    found, told = presets()[preset], []
    if found.graph_version:
        told.append(Variable(found.graph_version, _VERSION, graph_version))
    if found.graph_url and graph_url:
        told.append(Variable(found.graph_url, _URL, graph_url))
    return tuple(told)


def _preset(name: str, table: dict[str, object]) -> Preset:
    lists = {key: tuple(part) for key, part in table.items() if isinstance(part, list)}
    source = lists.pop("source")
    settings = {key: str(table[key]) for key in ("graph_version", "graph_url") if key in table}
    return Preset(name, str(table["title"]), source, lists, **settings)


def _refuse_twins(names: Mapping[str, tuple[str, ...]]) -> None:
    holder: dict[str, str] = {}
    for credential, variables in names.items():
        for variable in variables:
            other = holder.setdefault(variable, credential)
            if other != credential:
                raise ValueError(f"{variable} can't contain both {other} and {credential}.")
