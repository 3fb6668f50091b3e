"""What a named fault is, and the short ways to write one down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from wizard.simulator.meta import Meta
from wizard.values.credentials import CREDENTIALS, Values

Break: TypeAlias = Callable[[Meta, Values], Values]


def _as_served(base: str) -> str:
    return base


@dataclass(frozen=True)
class Scenario:
    """One way in which things go wrong, named by the finding that has to name it.

    `break_` changes the world and gives the values that the victim then has; `address` gives
    the base URL under which the victim looks for the world that is served at another.
    """

    name: str
    about: str
    break_: Break
    address: Callable[[str], str] = _as_served
    asked_by: str = "check"
    """The command that asks what the fault is the answer to."""

    @property
    def finding(self) -> str:
        """The finding's id; what stands behind a slash tells the causes of one finding apart."""
        return self.name.partition("/")[0]


def untouched(_meta: Meta, values: Values) -> Values:
    return values


def without(name: str) -> Break:
    """The victim does not have this credential."""
    return lambda _meta, values: values.with_(name, None)


def with_value(name: str, text: Callable[[Meta], str]) -> Break:
    """The victim has something else where this credential should be."""
    credential = CREDENTIALS[name]
    return lambda meta, values: values.with_(name, credential.wrap(text(meta)))


def change_meta(change: Callable[[Meta], None]) -> Break:
    """The values are right; Meta's side differs."""

    def break_(meta: Meta, values: Values) -> Values:
        change(meta)
        return values

    return break_


def change_both(change: Callable[[Meta], None], then: Break) -> Break:
    """Meta's side differs, and so do the values."""

    def break_(meta: Meta, values: Values) -> Values:
        change(meta)
        return then(meta, values)

    return break_
