"""From a port on this machine to a callback that Meta has verified, and back again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import replace
from typing import Any, TypeAlias

from wizard.checks.graph import version_findings
from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, Status, new_finding
from wizard.graph import GraphError
from wizard.journeys.webhook.events import Events
from wizard.journeys.webhook.memory import learned
from wizard.journeys.webhook.own_handshake import verify_through_tunnel
from wizard.journeys.webhook.public_endpoint import PublicEndpoint
from wizard.journeys.webhook.registration import ForeignCallback, Registration, Scope
from wizard.journeys.webhook.restoration import Restoration
from wizard.state import Claims, ReplacedCallback, StateError, StateFile, StoredWebhook
from wizard.support.addresses import is_loopback
from wizard.support.threads import run_in_thread
from wizard.values.credentials import Values
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery
from wizard.webhook.forward import Forwarded
from wizard.world import TunnelOptions, World

PATH = "/webhook"

_STATE_LIMIT = 10.0
_STANDS = {
    "webhook.registered",
    "webhook.inactive",
    "webhook.field_missing",
    "webhook.overridden",
}
"""What is found where ours is on Meta's record, whether or not anything comes by it."""

Remember: TypeAlias = Callable[[StoredWebhook], Awaitable[None]]


async def _forgotten(_webhook: StoredWebhook) -> None:
    """Where nothing is remembered."""


class WebhookConnection:
    """Endpoint, tunnel and registration, each opened when asked to, all ended on leaving.

    Everything that happens is told in `events`, which has one reader. No method asks anybody
    anything: what is missing is a finding, and what failed may be tried again.
    """

    def __init__(
        self,
        world: World,
        way: TunnelOptions | None = None,
        *,
        port: int = 0,
        path: str = PATH,
        forward_to: str | None = None,
        remember: Remember = _forgotten,
        state: StateFile | None = None,
    ) -> None:
        """`remember` is called with whatever an earlier or later run has to know, before it comes
        into force at Meta. In `state` is seen what other profiles and programs have registered."""
        self._state = state
        self._claims = _claims(state)
        self.registered: Registration | None = None
        self._retired: tuple[Finding, ...] = ()
        self._own = set(filter(None, [world.webhook.callback_url]))
        self._remember = remember
        self._line = PublicEndpoint(world, way or TunnelOptions(), port, path)
        self._line.forward_to = forward_to
        self._line.on_url_changed = self._again
        self._line.on_delivery = self._learn

    @property
    def world(self) -> World:
        return self._line.world

    @property
    def replaced(self) -> tuple[ReplacedCallback, ...]:
        """Callbacks of somebody else's that are still to be put back."""
        return self.world.webhook.replaced

    @property
    def events(self) -> Events:
        return self._line.events

    @property
    def tunnel_options(self) -> TunnelOptions:
        return self._line.tunnel_options

    @tunnel_options.setter
    def tunnel_options(self, way: TunnelOptions) -> None:
        self._line.tunnel_options = way

    @property
    def forward_to(self) -> str | None:
        return self._line.forward_to

    @forward_to.setter
    def forward_to(self, url: str | None) -> None:
        self._line.forward_to = url

    @property
    def endpoint(self) -> Endpoint | None:
        return self._line.endpoint

    @property
    def callback_url(self) -> str | None:
        return self._line.callback_url

    @property
    def local_url(self) -> str:
        return self.endpoint.local_url if self.endpoint else ""

    @property
    def is_open(self) -> bool:
        return self.callback_url is not None

    async def __aenter__(self) -> WebhookConnection:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> bool:
        """Endpoint and tunnel, then a handshake of our own through both; whether all went well.

        A line that is open but does not take the handshake stays open: its owner may mend it.
        """
        trouble = await self._line.open()
        if trouble is not None:
            self._line.emit(trouble)
            return False
        return await self.verify_through_tunnel()

    @property
    def unread(self) -> int:
        """How much has come from Meta that `events` has no room for, or had none."""
        received = self.endpoint.received if self.endpoint else None
        return len(received) + received.dropped if received is not None else 0

    async def close(self) -> None:
        """Ends tunnel and endpoint. Meta's record stays as it is: see `restore`."""
        if self.world.webhook.local_url is not None:
            await self._keep(local_url=None, marker=None)
        await self._line.close()
        await self._released()

    async def update_values(self, values: Values) -> None:
        """Goes on with other values, where a credential was stored meanwhile."""
        await self._line.update_values(values)

    async def verify_through_tunnel(self) -> bool:
        """Plays Meta's part through the public address; whether our own endpoint answered well."""
        url, token, endpoint = self.callback_url, self.world.values.verify_token, self.endpoint
        if url is None or token is None or endpoint is None:
            self._line.emit(new_finding("webhook.not_listening"))
            return False
        finding = await verify_through_tunnel(
            url, token, endpoint.marker, patient=self.tunnel_options.kind != "url"
        )
        self._line.emit(finding)
        if finding.status not in {Status.PASS, Status.WARN}:
            return False
        await self._keep(callback_url=url, local_url=self.local_url, marker=endpoint.marker)
        self._line.emit(new_finding("verify_token.valid", f"{url} accepted it"))
        return True

    async def register(
        self, scope: Scope = Scope.APP, *, replace_foreign: bool = False
    ) -> ForeignCallback | None:
        """Has Meta call us. Where somebody else's callback stands and may not be replaced, it is
        returned, and nothing is changed."""
        registration = Registration(self.world, scope, self._ours())
        url = self._registrable(registration)
        if url is None:
            return None
        async with self._turn():
            return await self._register(registration, url, replace_foreign=replace_foreign)

    async def _register(
        self, registration: Registration, url: str, *, replace_foreign: bool
    ) -> ForeignCallback | None:
        try:
            before = await registration.before()
            self._tell_retired()
            foreign = await registration.foreign(before, url)
        except GraphError as error:
            self._line.emit(finding_for_error(error))
            return None
        if foreign is not None and not replace_foreign:
            self._line.emit(foreign)
            return foreign
        await self._claim(registration, url)
        await self._keep(replaced=_with(self.replaced, registration, before, foreign, url))
        finding = await registration.set(url, before)
        self._tell_retired()
        self._line.emit(finding)
        if finding.subject == "webhook" and finding.id not in _STANDS and self._claims is not None:
            self._claims.release(registration.scope, registration.owner)
        if finding.id == "webhook.registered":
            self.registered = registration
        return None

    async def restore(self) -> bool:
        """Puts back what ours took the place of; whether nothing is left to be put back.

        Only where ours still stands: whatever somebody has set since is theirs, and is left alone.
        """
        restoration = Restoration(self.world, self._state, self._ours())
        outcomes = await restoration.run(self._claims)
        for outcome in outcomes:
            if outcome.finding is not None and outcome.finding.id != "webhook.nothing_to_restore":
                self._line.emit(outcome.finding)
        if any(outcome.finding and outcome.settled for outcome in outcomes):
            self.registered = None
        await self._keep()
        return all(outcome.settled for outcome in outcomes)

    async def keep_registered(self) -> None:
        """Gives up putting back: ours is to stay."""
        await self._keep(replaced=())
        await self._released()

    async def replay(self, delivery: Delivery) -> Forwarded | None:
        """Passes a delivery on once more, where there is somebody to pass it on to."""
        if self.forward_to is None:
            return None
        return await self._line.forward(delivery, self.forward_to)

    def _turn(self) -> AbstractAsyncContextManager[None]:
        return self._claims.turn() if self._claims is not None else nullcontext()

    async def _claim(self, registration: Registration, url: str) -> None:
        """Other programs on this machine see from now on that somebody listens there."""
        claims, scope, owner = self._claims, registration.scope, registration.owner
        if claims is not None:
            with suppress(TimeoutError):
                await run_in_thread(lambda: claims.add(scope, owner, url), timeout=_STATE_LIMIT)

    async def _released(self) -> None:
        if self._claims is not None:
            with suppress(TimeoutError):
                await run_in_thread(self._claims.release_all, timeout=_STATE_LIMIT)

    def _tell_retired(self) -> None:
        """That another Graph version answered than was asked; once."""
        if not self._retired:
            self._retired = tuple(version_findings(self.world.graph))
            for finding in self._retired:
                self._line.emit(finding)

    async def _again(self) -> None:
        """The public address may be another one, which Meta does not know yet."""
        if await self.verify_through_tunnel() and self.registered is not None:
            await self.register(self.registered.scope)

    async def _learn(self, delivery: Delivery) -> None:
        """What a doctor can tell by later: that somebody wrote, on which field it came, and which
        account Meta names for the number."""
        known = self.world.webhook
        news = learned(known, delivery, self.world.values.phone_number_id)
        if news is not known and news != known:
            self.world.webhook = news
            await self._remember(news)

    def _registrable(self, registration: Registration) -> str | None:
        """The URL that Meta is to be given; tells why there is none, or why Meta can't reach it."""
        url = self.callback_url
        if url is None:
            self._line.emit(new_finding("webhook.not_listening"))
        elif is_loopback(url) and not is_loopback(self.world.graph_url):
            self._line.emit(new_finding("webhook.local_only", url))
        elif missing := registration.missing:
            self._line.emit(new_finding(f"{missing}.missing"))
        else:
            return url
        return None

    async def _keep(self, **changed: Any) -> None:
        self.world.webhook = replace(self.world.webhook, **changed)
        await self._remember(self.world.webhook)

    def _ours(self) -> set[str]:
        """Every callback that is known to be our own, those of earlier runs among them."""
        at = {self.world.webhook.callback_url, self.callback_url}
        self._own |= set(filter(None, at))
        return self._own | {other.by for other in self.replaced}


def _claims(state: StateFile | None) -> Claims | None:
    try:
        return Claims(state.folder) if state is not None else None
    except StateError:
        return None


def _with(
    replaced: tuple[ReplacedCallback, ...],
    registration: Registration,
    before: ReplacedCallback | None,
    foreign: ForeignCallback | None,
    url: str,
) -> tuple[ReplacedCallback, ...]:
    """What is to be put back from now on, when this URL takes the place of what stood there."""
    here = [one for one in replaced if _same(one, registration)]
    others = tuple(one for one in replaced if one not in here)
    if foreign is not None:
        here = [foreign.before]
    elif not here and before is None and registration.scope is not Scope.APP:
        here = [registration.nothing()]
    return others + tuple(replace(one, by=url) for one in here)


def _same(one: ReplacedCallback, registration: Registration) -> bool:
    return (one.scope, one.owner) == (registration.scope, registration.owner)
