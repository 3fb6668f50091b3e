"""What a token alone tells: its app, its WhatsApp accounts and their numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from wizard.checks import report_of
from wizard.checks.graph import retired
from wizard.checks.meaning import unanswered
from wizard.checks.questions import Questions, Unasked
from wizard.credentials import Values
from wizard.findings import Report
from wizard.graph import GraphError, Number
from wizard.journeys.accounts import Account, Accounts
from wizard.world import World

Thing = TypeVar("Thing")
Candidate = tuple[Account, Number | None]


@dataclass(frozen=True)
class Discovered:
    """What was found with the `given` values, and the report on the token.

    `expires_at` is unix seconds; 0 means never, `None` that Graph did not say.
    """

    report: Report
    given: Values = field(default_factory=Values)
    app_id: str | None = None
    app_name: str = ""
    kind: str | None = None
    expires_at: int | None = None
    accounts: tuple[Account, ...] = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Each number with its account; an account without any stands for itself."""
        return tuple(
            (account, number)
            for account in self.accounts
            if not account.trouble
            for number in account.numbers or (None,)
        )

    def only(self, known: Values | None = None) -> Values:
        """The given values, with those filled in that leave no choice; where there are several,
        what stands among the `known` ones was chosen before."""
        known = known or Values()
        if self.app_id is None:
            return self.given
        values = self.given.with_("app_id", self.app_id)
        readable = [account for account in self.accounts if not account.trouble]
        account = _one(readable, lambda one: one.waba_id == known.waba_id)
        if account is None:
            return values
        values = values.with_("waba_id", account.waba_id)
        number = _one(account.numbers, lambda one: one.id == known.phone_number_id)
        return values.with_("phone_number_id", number.id) if number else values

    def chosen(self, waba_id: str, phone_number_id: str | None) -> Values:
        """The given values with this account, and this number of it."""
        return self.only(Values(waba_id=waba_id, phone_number_id=phone_number_id))

    def left(self, known: Values | None = None) -> tuple[str, ...]:
        """The credentials of which several were found, or none."""
        values = self.only(known)
        return tuple(name for name in ("waba_id", "phone_number_id") if values.get(name) is None)


async def discover(world: World) -> Discovered:
    """What the world's token leads to, asked with App ID and App Secret where those are at hand.

    Of its other values only the WABA ID is looked at, and only where Meta names no account.
    """
    begun = time.monotonic()
    given = replace(world.values, phone_number_id=None, waba_id=None, verify_token=None)
    async with _with(world, replace(given, app_id=None, app_secret=None)) as alone:
        asked = given if given.app_id else given.with_("app_id", await _app_of(alone))
    if asked.app_id is None:
        asked = asked.with_("app_secret", None)
    async with _with(world, asked) as there:
        discovered = await _look(there, world.values.waba_id)
    spent = round((time.monotonic() - begun) * 1000)
    return replace(discovered, given=given, report=replace(discovered.report, duration_ms=spent))


async def _look(world: World, known: str | None) -> Discovered:
    report = await report_of(world, ["access_token"])
    token = world.values.access_token
    if not report.ok or token is None:
        return Discovered(report)
    questions = Questions(world)
    try:
        info = await questions.token()
    except GraphError as error:
        return Discovered(Report.of(world.profile, [*report.findings, unanswered(error)]))
    finally:
        await questions.close()
    facts = next((finding.facts for finding in report.findings if finding.facts), None)
    looking = Accounts(world.graph, token)
    accounts = await looking.reached(info, known)
    return Discovered(
        Report.of(world.profile, [*report.findings, *looking.findings, *retired(world.graph)]),
        app_id=info.app_id or world.values.app_id,
        app_name=info.app_name,
        kind=facts.kind if facts else None,
        expires_at=info.expires_at,
        accounts=accounts,
    )


async def _app_of(world: World) -> str | None:
    """The app that the token says it was made for; what keeps it from saying so is found later."""
    questions = Questions(world)
    try:
        return (await questions.token()).app_id or None
    except (GraphError, Unasked):
        return None
    finally:
        await questions.close()


def _with(world: World, values: Values) -> World:
    return replace(world.with_values(values), vault=None, trouble=None)


def _one(things: Sequence[Thing], known: Callable[[Thing], bool]) -> Thing | None:
    if len(things) == 1:
        return things[0]
    return next((thing for thing in things if known(thing)), None)
