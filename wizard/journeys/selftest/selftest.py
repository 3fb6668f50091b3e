"""Goes through the claims with a real account, and says which of them Meta confirms."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, new_finding
from wizard.graph import GraphError, GraphResponse, Reason
from wizard.graph.errors import error_from
from wizard.journeys.selftest.claims import Claim, claims
from wizard.journeys.selftest.requests import RequestBuilder
from wizard.journeys.selftest.response_diff import ResponseRedactor, differences, shows_nothing
from wizard.values.shapes import Shape, check_shape
from wizard.world import World

NEEDED = ("app_id", "app_secret", "access_token", "phone_number_id", "waba_id")
_PASSING = {Reason.RATE_LIMITED, Reason.SERVER_ERROR}
_PATIENCE = 2
"""Questions in a row without an answer, after which nothing more is asked."""
_VERSION, _ASKED = "facebook-api-version", "the version asked"
_ASKERS = {
    "access_token": "The access token",
    "app_token": "The token made of App ID and App Secret",
}


class ClaimOutcome(StrEnum):
    CONFIRMED = "confirmed"
    DIFFERS = "differs"
    NOT_ASKED = "not asked"


class Cause(StrEnum):
    """Why a claim could not be decided, where that is no choice of anybody's."""

    CREDENTIAL = "credential"
    SILENCE = "silence"


@dataclass(frozen=True)
class ClaimResult:
    """What came of one claim; `answered` is a shape, without any value."""

    claim: Claim
    outcome: ClaimOutcome
    why: tuple[str, ...] = ()
    answered: Mapping[str, Any] | None = None
    cause: Cause | None = None


def exit_code(verdicts: Iterable[ClaimResult]) -> int:
    """0 where all that was asked is confirmed, 1 where something differs or a credential is not
    taken, 3 where there was no answer."""
    said = list(verdicts)
    differing = any(one.outcome is ClaimOutcome.DIFFERS for one in said)
    if differing or any(one.cause is Cause.CREDENTIAL for one in said):
        return 1
    return 3 if any(one.cause is Cause.SILENCE for one in said) else 0


def unfit(world: World) -> tuple[Finding, ...]:
    """What is to be said of credentials that can't be sent; nothing where all five can."""
    judged = ((name, check_shape(name, world.values.get(name), world.values)) for name in NEEDED)
    return tuple(
        new_finding(said.finding or f"{name}.malformed", said.note)
        for name, said in judged
        if said.shape in {Shape.EMPTY, Shape.WRONG}
    )


async def unserved(world: World) -> tuple[Finding, ...]:
    """That there is no such version, of which no answer would tell anything."""
    try:
        await world.graph.ping()
    except GraphError as error:
        return (finding_for_error(error),) if error.reason is Reason.VERSION_UNKNOWN else ()
    return ()


class Selftest:
    """Asks for one claim after another; for those that write only where that is allowed.

    `to` is the recipient of the messages among them, in digits. `served` is the version that
    answered.
    """

    def __init__(self, world: World, *, may_write: bool = False, to: str | None = None) -> None:
        self.served = ""
        self._world = world
        self._may_write = may_write
        self._filling = RequestBuilder(world.values, to)
        self._shapes = ResponseRedactor(self._filling.secrets)
        self._untaken: dict[str, str] = {}
        self._silences = 0

    def about_to(self) -> Iterator[str]:
        """What will be done at Meta, in a sentence each."""
        for claim in claims():
            if claim.writes and self._lacking(claim) is None:
                yield self._filling.deed(claim)

    async def run(self) -> AsyncIterator[ClaimResult]:
        """A verdict on each claim, in their order."""
        for claim in claims():
            yield self._unasked(claim) or await self._verdict(claim)

    async def _verdict(self, claim: Claim) -> ClaimResult:
        try:
            if barred := await self._barred(claim):
                return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (barred,))
            answer = await self._world.graph.request_raw(
                self._filling.request(claim), claim.version
            )
        except GraphError as error:
            self._silences += 1
            why = f"No answer: {finding_for_error(error).title}."
            silent = ClaimResult(claim, ClaimOutcome.NOT_ASKED, (why,), cause=Cause.SILENCE)
            return silent if claim.undo is None else await self._undone(silent)
        if claim.version is None:
            self.served = answer.headers.get(_VERSION, self.served)
        verdict = self._judged(claim, answer)
        self._silences = self._silences + 1 if verdict.cause is Cause.SILENCE else 0
        accepted = claim.undo is not None and "error" not in answer.body
        return await self._undone(verdict) if accepted else verdict

    def _unasked(self, claim: Claim) -> ClaimResult | None:
        """Why it is not asked, where that is known beforehand."""
        if self._silences >= _PATIENCE:
            why = "Graph did not answer the previous requests."
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (why,), cause=Cause.SILENCE)
        if (lacking := self._lacking(claim)) is not None:
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (lacking,))
        if (untaken := self._untaken.get(claim.asker)) is not None:
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (untaken,), cause=Cause.CREDENTIAL)
        return None

    def _lacking(self, claim: Claim) -> str | None:
        if claim.writes and not self._may_write:
            return "It changes something. To test it, add --allow-writes."
        if self._filling.lacks_recipient(claim):
            return "It needs a recipient: add --to NUMBER."
        return None

    async def _barred(self, claim: Claim) -> str | None:
        """Why it is not asked of a number that is not as the claim's guard wants it."""
        if (guard := claim.guard) is None:
            return None
        value: Any = (
            await self._world.graph.request_raw(self._filling.look(claim, guard.field))
        ).body
        if "error" in value:
            return "The status of the number can't be read."
        for name in guard.field.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return None if (value or "") == guard.wanted else guard.otherwise

    def _judged(self, claim: Claim, answer: GraphResponse) -> ClaimResult:
        shape = {
            "status": answer.status,
            **({"headers": self._headers(claim, answer)} if claim.headers else {}),
            "body": self._shapes.of(answer.body, claim.answer),
        }
        troubled = self._troubled(claim, answer) or self._outdated(claim, answer)
        if troubled is not None:
            return replace(troubled, answered=shape)
        if differing := tuple(self._differences(claim, answer)):
            return ClaimResult(claim, ClaimOutcome.DIFFERS, differing, shape)
        if shows_nothing(claim.answer, answer.body):
            why = "The answer is empty or left out, so it shows nothing."
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (why,), shape)
        return ClaimResult(claim, ClaimOutcome.CONFIRMED, (), shape)

    def _troubled(self, claim: Claim, answer: GraphResponse) -> ClaimResult | None:
        """What kept Meta from an answer to this very question: its own state, or a token of ours
        that it does not take."""
        envelope, asker = _envelope(answer.body), claim.asker
        if envelope is None and (envelope := _envelope(answer.body.get("data"))) is not None:
            asker = "access_token"
        if envelope is None:
            return None
        error = error_from(answer.status, {"error_subcode": envelope.get("subcode"), **envelope})
        if error.code in _codes(claim):
            return None
        if (open_ := claim.unless.get(error.code or 0)) is not None:
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (open_,))
        if error.reason in _PASSING:
            why = f"No answer for now: code {error.code}."
            return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (why,), cause=Cause.SILENCE)
        if error.code != 190 or asker not in _ASKERS:
            return None
        code = f"190/{error.subcode}" if error.subcode else "190"
        why = self._untaken[asker] = f"{_ASKERS[asker]} is rejected: {code}."
        return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (why,), cause=Cause.CREDENTIAL)

    def _outdated(self, claim: Claim, answer: GraphResponse) -> ClaimResult | None:
        """A version that was retired can't answer as the one that was asked."""
        served, asked = answer.headers.get(_VERSION), self._world.graph_version
        if _ASKED not in claim.headers.values() or served in {None, asked}:
            return None
        return ClaimResult(claim, ClaimOutcome.NOT_ASKED, (f"{asked} is not a version in use.",))

    def _differences(self, claim: Claim, answer: GraphResponse) -> Iterator[str]:
        if answer.status != claim.status:
            yield f"HTTP {answer.status}, not {claim.status}"
        asked = claim.version or self._world.graph_version
        for name, expected in claim.headers.items():
            value = _read(answer.headers.get(name), expected)
            if value is None:
                yield f"the header {name} is missing"
            elif expected == "another version":
                yield from [f"{name} is {asked}"] if value == asked else []
            else:
                wanted = [asked] if expected == _ASKED else expected
                yield from differences(wanted, value, name)
        yield from differences(claim.answer, answer.body)

    def _headers(self, claim: Claim, answer: GraphResponse) -> dict[str, Any]:
        """The shapes of the headers that matter."""
        read = {name: _read(answer.headers.get(name), one) for name, one in claim.headers.items()}
        return {
            name: self._shapes.of(value, [""] if name == _VERSION else claim.headers[name])
            for name, value in read.items()
        }

    async def _undone(self, verdict: ClaimResult) -> ClaimResult:
        """Takes back what Meta was to refuse and did not, or may not have."""
        claim, said = verdict.claim, "It was undone."
        try:
            answer = await self._world.graph.request_raw(self._filling.undoing(claim))
            if "error" in answer.body:
                said = "Meta did not undo it. Undo it yourself."
        except GraphError as error:
            why = finding_for_error(error).title
            said = f"It could not be undone: {why}. Undo it yourself."
        return replace(verdict, why=(*verdict.why, said))


def _envelope(body: object) -> Mapping[str, Any] | None:
    """What tells of an error; `debug_token` has it within its data."""
    envelope = body.get("error") if isinstance(body, Mapping) else None
    return envelope if isinstance(envelope, Mapping) else None


def _codes(claim: Claim) -> set[object]:
    """The codes of the errors that are the expected answer."""
    expected = (_envelope(claim.answer), _envelope(claim.answer.get("data")))
    return {envelope["code"] for envelope in expected if envelope is not None}


def _read(header: str | None, expected: object) -> Any:
    """A header's value; JSON, where an object is expected in it."""
    if header is None or not isinstance(expected, Mapping):
        return header
    try:
        return json.loads(header)
    except ValueError:
        return header
