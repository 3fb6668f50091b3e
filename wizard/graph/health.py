"""`health_status`: what Meta itself says keeps messages from going out, entity by entity.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from wizard.support.texts import printable

_MOST = 400
"""Characters of a sentence of Meta's."""


class Trouble(StrEnum):
    """What an error of a health status is about, whichever entity it stands on."""

    PAYMENT = "payment"
    POLICY = "policy"
    LOCKED = "locked"
    UNREGISTERED = "unregistered"
    OTHER = "other"


class HealthProblem(NamedTuple):
    """An error that keeps an entity from sending.

    `entity` is Meta's word (PHONE_NUMBER, WABA, BUSINESS, APP), `solution` its own advice.
    """

    entity: str
    trouble: Trouble
    code: int | None = None
    description: str = ""
    solution: str = ""

    @property
    def evidence(self) -> str:
        """The code, Meta's sentence, and what Meta says to do, in one line for a report."""
        code = "" if self.code is None else f"{self.code}, "
        said = f"Graph: {code}{self.description or 'can_send_message is BLOCKED'}"
        return f"{said}; Meta's advice: {self.solution}" if self.solution else said


class Health(NamedTuple):
    """What a health status holds: the problems, and the WABA that it names."""

    problems: tuple[HealthProblem, ...] = ()
    waba_id: str = ""


# 141006 is what people met for payment and 141000 for a disconnected number; Meta's page shows
# 141002 and the 138xxx of calling alone. The rest have in a message's errors the same meaning:
# https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
_CODES: Mapping[int, Trouble] = {
    368: Trouble.POLICY,
    131031: Trouble.LOCKED,
    131042: Trouble.PAYMENT,
    131044: Trouble.PAYMENT,
    131045: Trouble.UNREGISTERED,
    133010: Trouble.UNREGISTERED,
    134011: Trouble.PAYMENT,
    141006: Trouble.PAYMENT,
    141010: Trouble.OTHER,
}
_WORDS = (
    (Trouble.PAYMENT, r"payment|billing|invoice|credit (line|limit|card)|funding|unpaid"),
    (
        Trouble.UNREGISTERED,
        r"\b(number|account)\b.{0,30}"
        r"\b(not (been )?registered|unregistered|disconnected|not connected)",
    ),
    (Trouble.POLICY, r"violat|\bbanned\b|\bspam|\b(block|restrict|disabl)ed\b.{0,40}\bpolic"),
)
"""What a code that is not known here is about, by Meta's own sentence."""
_OF_CALLS = range(138000, 139000)
_ENTITIES = {"PHONE_NUMBER", "WABA", "BUSINESS", "APP"}


def health_of(status: object) -> Health:
    """What a `health_status` as Graph sends it tells; nothing where it is none."""
    entities = status.get("entities") if isinstance(status, Mapping) else None
    entities = [one for one in _list(entities) if isinstance(one, Mapping)]
    named = (_word(one.get("id")) for one in entities if _type(one) == "WABA")
    problems = (problem for one in entities for problem in _problems(one))
    return Health(tuple(problems), next(filter(None, named), ""))


def _problems(entity: Mapping[str, Any]) -> Iterator[HealthProblem]:
    """A limited entity still sends, so only what is about payment is told of it."""
    kind, can_send = _type(entity), _word(entity.get("can_send_message")).upper()
    if kind not in _ENTITIES or can_send == "AVAILABLE":
        return
    errors = [error for error in _list(entity.get("errors")) if isinstance(error, Mapping)]
    found = [problem for problem in (_problem(kind, error) for error in errors) if problem]
    if can_send == "LIMITED":
        yield from (problem for problem in found if problem.trouble is Trouble.PAYMENT)
    elif found or can_send != "BLOCKED" or errors:
        yield from found
    else:
        yield HealthProblem(kind, Trouble.OTHER)


def _problem(kind: str, error: Mapping[str, Any]) -> HealthProblem | None:
    code, said = _number(error.get("error_code")), _word(error.get("error_description"))
    if code in _OF_CALLS:
        return None
    solution = _word(error.get("possible_solution"))
    return HealthProblem(kind, _trouble(code, said), code, said, solution)


def _trouble(code: int | None, said: str) -> Trouble:
    if code is not None and code in _CODES:
        return _CODES[code]
    fitting = (trouble for trouble, words in _WORDS if re.search(words, said, re.IGNORECASE))
    return next(fitting, Trouble.OTHER)


def _type(entity: Mapping[str, Any]) -> str:
    return _word(entity.get("entity_type")).upper()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _word(value: object) -> str:
    return printable(str(value), _MOST) if isinstance(value, str | int) else ""
