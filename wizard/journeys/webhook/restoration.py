"""Putting back what a callback of this machine's took the place of, whoever else listens here."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace

from wizard.findings import Finding, Status, new_finding
from wizard.graph import GraphError
from wizard.journeys.webhook.pending_restore import Left, alive, clear, ledger, origin
from wizard.journeys.webhook.registration import Registration, Scope
from wizard.state import Claim, Claims, ReplacedCallback, StateError, StateFile
from wizard.support.threads import run_in_thread
from wizard.world import World

_STATE_LIMIT = 10.0


@dataclass(frozen=True)
class RestorationOutcome:
    """What came of one level: `finding` says it, `error` what Graph said in place of an answer
    about the callback; `gone` need not be remembered any longer, and `later` is, in its place, as
    another program is to do it. `settled` says that nothing is
    left to be done here, be it that another program will do it."""

    finding: Finding | None = None
    error: Finding | None = None
    gone: tuple[Left, ...] = ()
    later: tuple[Left, ...] = ()
    settled: bool = True


@dataclass
class _Place:
    """One level of one object: what is remembered of it, and what of it is our own profile's."""

    registration: Registration
    own: list[ReplacedCallback]
    left: list[Left]
    others: list[Claim]
    ours: set[str] = field(default_factory=set)

    @property
    def every(self) -> list[ReplacedCallback]:
        return [one.entry for one in self.left]

    def first(self, url: str) -> ReplacedCallback | None:
        """What to begin with: what the callback that stands there now has replaced."""
        return next((one for one in self.every if one.by == url), next(iter(self.own), None))

    def gone(self, *also: ReplacedCallback) -> tuple[Left, ...]:
        return tuple(one for one in self.left if one.entry in {*self.own, *also})


class Restoration:
    """Puts back what was replaced at every level, for one profile.

    `ours` are more callback URLs that are known to be our own. Without `state` nothing is known
    but what `world.webhook` holds.
    """

    def __init__(self, world: World, state: StateFile | None, ours: Iterable[str] = ()) -> None:
        self._world = world
        self._state = state
        self._ours = set(ours)

    async def run(self, claims: Claims | None = None) -> list[RestorationOutcome]:
        """Puts back what can be; only where a callback of this machine's still stands that nobody
        listens to any more: whatever somebody has set since is theirs, and is left alone. What was
        put back is forgotten here, and our own claims on it are released."""
        async with AsyncExitStack() as stack:
            if claims is not None:
                await stack.enter_async_context(claims.turn())
            own = [(one.scope, one.owner) for one in self._world.webhook.replaced]
            left = await self._ledger()
            own += [place_of(one.entry) for one in left if self._concerns(one)]
            own += [(one.scope, one.owner) for one in (claims.own if claims else ())]
            outcomes = []
            for scope, owner in dict.fromkeys(own):
                others = await self._others(claims)
                place = self._place(scope, owner, left, claims, others)
                outcome = await self._settle(place, owner)
                await self._forget(outcome)
                if outcome.settled and claims is not None:
                    claims.release(scope, owner)
                outcomes.append(outcome)
            return outcomes

    def _concerns(self, one: Left) -> bool:
        """Whether it is our profile's, or what another one left at the same app or number."""
        owner = Registration(self._world, Scope(one.entry.scope)).owner
        return one.profile == self._world.profile or owner == one.entry.owner

    async def _ledger(self) -> list[Left]:
        profile, held = self._world.profile, self._world.webhook.replaced
        own = [Left(profile, one) for one in held]
        if self._state is None:
            return own
        state = self._state
        try:
            said = await run_in_thread(lambda: ledger(state), timeout=_STATE_LIMIT)
        except (StateError, TimeoutError):
            return own
        return list(dict.fromkeys([*own, *said]))

    async def _others(self, claims: Claims | None) -> list[Claim]:
        with suppress(TimeoutError):
            return await run_in_thread(claims.others, timeout=_STATE_LIMIT) if claims else []
        return []

    def _place(
        self,
        scope: str,
        owner: str,
        left: list[Left],
        claims: Claims | None,
        others: list[Claim],
    ) -> _Place:
        here = [one for one in left if one.is_of(scope, owner)]
        own = [one.entry for one in here if one.profile == self._world.profile]
        mine = {one.callback_url for one in alive(claims.own, scope, owner)} if claims else set()
        return _Place(
            Registration(self._world, Scope(scope)),
            own,
            here,
            alive(others, scope, owner),
            {*mine, *self._ours, *(one.entry.by for one in here)} - {""},
        )

    async def _settle(self, place: _Place, owner: str) -> RestorationOutcome:
        registration = place.registration
        if not place.left and not place.others:
            return RestorationOutcome()
        if registration.owner not in {"", owner}:
            return self._of_another(place, owner)
        if missing := registration.missing:
            return (
                RestorationOutcome(new_finding(f"{missing}.missing"), settled=False)
                if place.own
                else RestorationOutcome()
            )
        first = next(iter(place.own), None)
        try:
            standing = await registration.before()
        except GraphError as error:
            return _failed(place, first, error)
        return await self._put(place, standing)

    def _of_another(self, place: _Place, owner: str) -> RestorationOutcome:
        if not place.own:
            return RestorationOutcome()
        said = f"It is for {place.registration.scope} {owner}; the stored values belong to another"
        app_id = self._world.values.app_id
        return RestorationOutcome(
            new_finding("webhook.not_restored", said, app_id=app_id), settled=False
        )

    async def _put(self, place: _Place, standing: ReplacedCallback | None) -> RestorationOutcome:
        url = standing.callback_url if standing else ""
        if there := next((one for one in place.others if one.callback_url == url), None):
            said = f"Process {there.pid} listens at {url}"
            return RestorationOutcome(new_finding("webhook.still_listening", said))
        if place.others and url in place.ours:
            return await self._hand_over(place, standing)
        first = place.first(url)
        if first is None:
            return RestorationOutcome()
        back = origin(first, place.every)
        if url == back.callback_url:
            said = f"Meta calls {url}" if url else "This wizard's callback URL is not registered"
            gone = place.gone(first)
            return RestorationOutcome(new_finding("webhook.nothing_to_restore", said), gone=gone)
        if url not in place.ours:
            said = f"Meta calls {url or 'none'}; the replaced URL was {back.callback_url or 'none'}"
            return RestorationOutcome(new_finding("webhook.changed_since", said), gone=place.gone())
        try:
            await place.registration.put(back)
        except GraphError as error:
            return _failed(place, back, error)
        gone = place.gone(*_way_back(first, place.every))
        return RestorationOutcome(place.registration.restored(back.callback_url), gone=gone)

    async def _hand_over(
        self, place: _Place, standing: ReplacedCallback | None
    ) -> RestorationOutcome:
        """Lets Meta call another listener of this machine's, which will put back the rest."""
        wanted = {one.callback_url for one in place.own}
        running = place.others
        one = next((one for one in running if one.callback_url in wanted), running[0])
        fields = standing.fields if standing else ()
        target = ReplacedCallback(place.registration.scope, one.owner, one.callback_url, fields)
        try:
            await place.registration.put(target)
        except GraphError as error:
            return _failed(place, target, error)
        # Where we had replaced this very callback, its own listener knows the one before.
        rest = [two for two in place.gone() if two.entry.callback_url != one.callback_url]
        later = tuple(Left(two.profile, replace(two.entry, by=one.callback_url)) for two in rest)
        finding = place.registration.restored(one.callback_url)
        return RestorationOutcome(finding, gone=place.gone(), later=later)

    async def _forget(self, outcome: RestorationOutcome) -> None:
        profile, webhook = self._world.profile, self._world.webhook
        gone = {one.entry for one in outcome.gone if one.profile == profile}
        kept = tuple(one for one in webhook.replaced if one not in gone)
        self._world.webhook = replace(webhook, replaced=kept)
        if self._state is None or not outcome.gone:
            return
        state = self._state
        with suppress(StateError, TimeoutError):
            await run_in_thread(
                lambda: clear(state, outcome.gone, outcome.later), timeout=_STATE_LIMIT
            )


def place_of(one: ReplacedCallback) -> tuple[str, str]:
    return one.scope, one.owner


def _way_back(one: ReplacedCallback, every: list[ReplacedCallback]) -> list[ReplacedCallback]:
    """This and what stands behind it, back to somebody else's."""
    way = [one]
    while further := [two for two in every if two.by == way[-1].callback_url and two not in way]:
        way += further[:1]
    return way


def _failed(place: _Place, back: ReplacedCallback | None, error: GraphError) -> RestorationOutcome:
    if back is None:
        return RestorationOutcome(settled=False)
    registration = place.registration
    said = registration.not_restored(back.callback_url, error)
    return RestorationOutcome(said, registration.unanswered(error), settled=False)


def collect_restoration_report(outcomes: Iterable[RestorationOutcome]) -> list[Finding]:
    """What `restore` tells. That a callback is not back is a failure, and where Graph did not
    answer, that is the cause of it."""
    findings: list[Finding] = []
    for one in outcomes:
        if one.error is not None:
            findings.append(one.error)
        if one.finding is not None:
            failed = one.finding.id == "webhook.not_restored" and one.error is None
            findings.append(replace(one.finding, status=Status.FAIL) if failed else one.finding)
    return findings or [new_finding("webhook.nothing_to_restore")]
