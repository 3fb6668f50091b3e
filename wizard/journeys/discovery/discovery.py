"""What a token alone tells: its app, its WhatsApp accounts and their numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from wizard.checks import collect_report
from wizard.checks.context import CheckContext
from wizard.checks.credentials.access_token import told_by_itself
from wizard.checks.graph import version_findings
from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, Report, new_finding
from wizard.graph import GraphError, Number, TokenInfo
from wizard.journeys.discovery.accounts import Account, Accounts
from wizard.support.texts import printable
from wizard.values.credentials import Values
from wizard.world import World

Thing = TypeVar("Thing")
Candidate = tuple[Account, Number | None]
_OF_THE_APP = {"app_id", "app_secret", "access_token"}


@dataclass(frozen=True)
class Discovered:
    """What was found with the `given` values, and the report on the token.

    `expires_at` is unix seconds; 0 means never, `None` that Graph did not say, and so it is with
    `permissions`. `elsewhere` says that the token is of another app than was at hand, and was
    looked at without that.
    """

    report: Report
    given: Values = field(default_factory=Values)
    app_id: str | None = None
    app_name: str = ""
    kind: str | None = None
    expires_at: int | None = None
    accounts: tuple[Account, ...] = ()
    permissions: tuple[str, ...] | None = None
    elsewhere: Finding | None = None

    @property
    def readable(self) -> tuple[Account, ...]:
        return tuple(account for account in self.accounts if not account.error)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Each number with its account; an account without any stands for itself."""
        return tuple(
            (account, number) for account in self.readable for number in account.numbers or (None,)
        )

    def only(self, known: Values | None = None) -> Values:
        """The given values, with those filled in that leave no choice; where there are several,
        what stands among the `known` ones was chosen before."""
        known = known or Values()
        if self.app_id is None:
            return self.given
        values = self.given.with_("app_id", self.app_id)
        account = _one(self.readable, lambda one: one.waba_id == known.waba_id)
        if account is None:
            return values
        values = values.with_("waba_id", account.waba_id)
        number = _one(account.numbers, lambda one: one.id == known.phone_number_id)
        return values.with_("phone_number_id", number.id) if number else values

    def chosen(self, waba_id: str, phone_number_id: str | None) -> Values:
        """The given values with this account, and this number of it."""
        return self.only(Values(waba_id=waba_id, phone_number_id=phone_number_id))

    def several(self, known: Values | None = None) -> tuple[str, ...]:
        """The credentials that are to be chosen."""
        values = self.only(known)
        meant = [one for one in self.readable if values.waba_id in {None, one.waba_id}]
        there = {"waba_id": len(meant), "phone_number_id": sum(len(one.numbers) for one in meant)}
        open_ = [name for name in there if values.get(name) is None and there[name]]
        return tuple(open_) if self.app_id else ()

    def missing(self, known: Values | None = None) -> tuple[str, ...]:
        """The credentials that the token leads to none of."""
        values, several = self.only(known), self.several(known)
        names = ("app_secret", "waba_id", "phone_number_id") if self.app_id else ()
        return tuple(n for n in names if values.get(n) is None and n not in several)


async def discover(world: World, pasted: Values | None = None) -> Discovered:
    """What the world's token leads to, asked with App ID and App Secret where those are at hand.

    Of its other values only the WABA ID is looked at, and only where Meta names no account. What
    was `pasted` stands among them; where it is a token of another app than they are, it is looked
    at alone, unless an App ID was pasted with it.
    """
    begun = time.monotonic()
    discovered = await _discover(world)
    if pasted is not None and pasted.app_id is None:
        own = await _told_elsewhere(world, discovered)
        if own is not None:
            discovered = await _discover(world.with_values(pasted))
            discovered = _elsewhere(discovered, own, world.values.app_id)
    spent = round((time.monotonic() - begun) * 1000)
    return replace(discovered, report=replace(discovered.report, duration_ms=spent))


async def _discover(world: World) -> Discovered:
    given = replace(world.values, phone_number_id=None, waba_id=None, verify_token=None)
    asked = given
    if asked.app_id is None:
        own = await told_by_itself(world)
        asked = asked.with_("app_id", own.app_id or None if own else None)
    if asked.app_id is None:
        asked = asked.with_("app_secret", None)
    async with _with(world, asked) as there:
        return replace(await _look(there, world.values.waba_id), given=given)


async def _told_elsewhere(world: World, discovered: Discovered) -> TokenInfo | None:
    """What a token says of itself that led to nothing, where it is of another app than is at
    hand."""
    app_id, primary = world.values.app_id, discovered.report.primary
    if app_id is None or primary is None or primary.subject not in _OF_THE_APP:
        return None
    own = await told_by_itself(world)
    return None if own is None or own.app_id in {"", app_id} else own


def _elsewhere(discovered: Discovered, own: TokenInfo, app_id: str | None) -> Discovered:
    name = printable(own.app_name)
    named = f'"{name}" {own.app_id}' if name else own.app_id
    said = f"It belongs to app {named}; your App ID is {app_id}"
    finding = new_finding("access_token.other_than_stored", said, app_id=own.app_id)
    report = discovered.report
    report = Report.of(report.profile, [*report.findings, finding])
    return replace(discovered, report=report, elsewhere=finding)


async def _look(world: World, known: str | None) -> Discovered:
    report = await collect_report(world, ["access_token"])
    token = world.values.access_token
    if not report.ok or token is None:
        return Discovered(report)
    questions = CheckContext(world)
    try:
        info = await questions.token()
    except GraphError as error:
        return Discovered(Report.of(world.profile, [*report.findings, finding_for_error(error)]))
    finally:
        await questions.close()
    facts = next((finding.facts for finding in report.findings if finding.facts), None)
    looking = Accounts(world.graph, token)
    accounts = await looking.reached(info, known)
    return Discovered(
        Report.of(
            world.profile, [*report.findings, *looking.findings, *version_findings(world.graph)]
        ),
        app_id=info.app_id or world.values.app_id,
        app_name=info.app_name,
        kind=facts.kind if facts else None,
        expires_at=facts.expires_at if facts else None,
        accounts=tuple(replace(one, numbers=_once(one.numbers)) for one in accounts),
        permissions=None if info.scopes is None else tuple(sorted(info.scopes)),
    )


def _once(numbers: Sequence[Number]) -> tuple[Number, ...]:
    """Each number once, also where a page of Meta's list repeats one."""
    return tuple({number.id: number for number in numbers}.values())


def _with(world: World, values: Values) -> World:
    return replace(world.with_values(values), vault=None, vault_error=None)


def _one(things: Sequence[Thing], known: Callable[[Thing], bool]) -> Thing | None:
    if len(things) == 1:
        return things[0]
    return next((thing for thing in things if known(thing)), None)
