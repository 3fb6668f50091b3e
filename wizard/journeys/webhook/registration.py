"""Meta's record of a callback: read, replaced, read back, and put back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wizard.checks.callback.handshake import (
    finding_for_callback_failure,
    finding_for_probe_error,
    finding_for_response,
)
from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, Status, new_finding
from wizard.graph import GraphError
from wizard.graph.callbacks import FIELD, OVERRIDES, Callbacks, parse_callback_failure
from wizard.graph.errors import NO_ANSWER
from wizard.journeys.webhook.subscription import finding_for_refusal
from wizard.state import ReplacedCallback
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.webhook.probe import ProbeError, handshake
from wizard.world import World


class Scope(StrEnum):
    """The level at which a callback is set; a lower one goes before a higher one.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
    """

    APP = "app"
    WABA = "waba"
    PHONE = "phone"


_NEEDS = {
    Scope.APP: ("app_id", "app_secret"),
    Scope.WABA: ("app_id", "access_token", "waba_id"),
    Scope.PHONE: ("access_token", "waba_id", "phone_number_id"),
}
_OWNERS = {Scope.APP: "app_id", Scope.WABA: "waba_id", Scope.PHONE: "phone_number_id"}
_LEVELS = {"phone_number": Scope.PHONE, "whatsapp_business_account": Scope.WABA}


@dataclass(frozen=True)
class ForeignCallback:
    """A callback that is not ours stands where ours is to stand.

    `restorable` tells whether it takes our verify token: Meta asks for that whenever a callback
    is set, when one is put back as well. `answer` is what it answered to a handshake of ours.
    """

    before: ReplacedCallback
    restorable: bool
    answer: Finding

    @property
    def callback_url(self) -> str:
        return self.before.callback_url


class Registration:
    """Sets a callback at one level for the world's app, account or number.

    `ours` are the callback URLs that may be replaced without asking.
    """

    def __init__(self, world: World, scope: Scope = Scope.APP, ours: Iterable[str] = ()) -> None:
        self.scope = scope
        self._world = world
        self._ours = set(ours)
        self._is_subscribing = False

    @property
    def missing(self) -> str | None:
        """The first credential that registering needs and that is not at hand."""
        names = ("verify_token", *_NEEDS[self.scope])
        return next((name for name in names if self._world.values.get(name) is None), None)

    @property
    def owner(self) -> str:
        """The ID of the object whose callback it is; empty where that is not known."""
        return str(self._world.values.get(_OWNERS[self.scope]) or "")

    async def before(self) -> ReplacedCallback | None:
        """What stands at this level now, if anything. Raises `GraphError`."""
        if self.scope is Scope.APP:
            record = await self._callbacks.get_app_subscription(
                self._text("app_id"), self._secret("app_secret")
            )
            url, fields = (record.callback_url, record.fields) if record else ("", frozenset())
            return self._standing(url, fields)
        if self.scope is Scope.WABA:
            apps = await self._callbacks.list_subscribed_apps(self._text("waba_id"), self._access)
            own = self._world.values.app_id
            overrides = [app.override for app in apps if app.id == own]
            return self._standing(next(filter(None, overrides), ""))
        in_force = await self._callbacks.get_webhook_configuration(
            self._text("phone_number_id"), self._access
        )
        return self._standing(in_force.get("phone_number", ""))

    def _standing(self, url: str, fields: Iterable[str] = ()) -> ReplacedCallback | None:
        return ReplacedCallback(self.scope, self.owner, url, tuple(sorted(fields))) if url else None

    async def foreign(
        self, before: ReplacedCallback | None, callback_url: str
    ) -> ForeignCallback | None:
        """What stands there, if it is nobody's but somebody else's: asked with our token first."""
        if before is None or before.callback_url in {callback_url, *self._ours}:
            return None
        try:
            sent = await handshake(before.callback_url, self._secret("verify_token"))
            answer = finding_for_response(sent, before.callback_url)
        except ProbeError as error:
            answer = finding_for_probe_error(error)
        return ForeignCallback(before, answer.status in {Status.PASS, Status.WARN}, answer)

    async def set(self, callback_url: str, before: ReplacedCallback | None) -> Finding:
        """Registers, subscribes the account, and says what Meta's record then is."""
        self._is_subscribing = False
        try:
            await self._set(callback_url, before.fields if before else ())
            return await self._read_back(callback_url)
        except GraphError as error:
            told = parse_callback_failure(error)
            if told is not None:
                return finding_for_callback_failure(told, callback_url)
            if self._is_subscribing:
                return await finding_for_refusal(self._world, error)
            # What stands there now was read before, so an account or number is there.
            owner, app_id = _OWNERS[self.scope], self._world.values.app_id
            return finding_for_error(error, owner, app_id, was_read=True)

    def nothing(self) -> ReplacedCallback:
        """What is to be put back where nothing stood at this level."""
        return ReplacedCallback(self.scope, self.owner, "")

    async def put(self, callback: ReplacedCallback) -> None:
        """Has Meta call this one, or none at this level where its URL is empty; Meta verifies it,
        with our verify token. Raises `GraphError`."""
        if callback.callback_url:
            await self._write(callback.callback_url, callback.fields or (FIELD,))
        else:
            await self._clear()

    def restored(self, url: str) -> Finding:
        level = {Scope.WABA: "the WABA", Scope.PHONE: "the number"}.get(self.scope, "the app")
        said = f"Meta calls {url}" if url else f"No callback URL is set for {level} itself"
        return new_finding("webhook.restored", said)

    def not_restored(self, url: str, error: GraphError) -> Finding:
        told = parse_callback_failure(error)
        why = finding_for_callback_failure(told, url).title if told else error.evidence
        said = f"It was {url or 'none'}; {why}"
        return new_finding("webhook.not_restored", said, app_id=self._world.values.app_id)

    def unanswered(self, error: GraphError) -> Finding | None:
        """What an error says that is no verdict of Meta's on the callback."""
        if parse_callback_failure(error) is not None:
            return None
        return finding_for_error(error, _OWNERS[self.scope], self._world.values.app_id)

    async def _clear(self) -> None:
        """Takes an override away, so that the level above is in force."""
        if self.scope is Scope.WABA:
            await self._callbacks.subscribe(self._text("waba_id"), self._access)
        elif self.scope is Scope.PHONE:
            await self._callbacks.clear_phone_override(self._text("phone_number_id"), self._access)

    async def _set(self, callback_url: str, fields: Iterable[str]) -> None:
        values = self._world.values
        if self.scope is not Scope.APP:
            await self._subscribe()
        await self._write(callback_url, {FIELD, *fields})
        if self.scope is Scope.APP and values.access_token and values.waba_id:
            await self._subscribe()

    async def _subscribe(self) -> None:
        """A plain call would take an override away, so it is made only where it is needed."""
        self._is_subscribing = True
        apps = await self._callbacks.list_subscribed_apps(self._text("waba_id"), self._access)
        own = self._world.values.app_id
        if not apps or (own is not None and own not in {app.id for app in apps}):
            await self._callbacks.subscribe(self._text("waba_id"), self._access)
        self._is_subscribing = False

    async def _write(self, callback_url: str, fields: Iterable[str]) -> None:
        token = self._secret("verify_token")
        if self.scope is Scope.APP:
            await self._callbacks.set_app_subscription(
                self._text("app_id"),
                self._secret("app_secret"),
                callback_url,
                token,
                tuple(sorted(fields)),
            )
        elif self.scope is Scope.WABA:
            waba = self._text("waba_id")
            await self._callbacks.subscribe(waba, self._access, callback_url, token)
        else:
            number = self._text("phone_number_id")
            await self._callbacks.set_phone_override(number, self._access, callback_url, token)

    async def _read_back(self, callback_url: str) -> Finding:
        """What Meta's record says now; the levels above count too, for fields are the app's."""
        app_id, secret = self._world.values.app_id, self._world.values.app_secret
        if app_id and secret:
            record = await self._callbacks.get_app_subscription(app_id, secret)
            if record is None:
                return new_finding("webhook.not_registered", app_id=app_id)
            if self.scope is Scope.APP and record.callback_url != callback_url:
                return new_finding(
                    "webhook.stale_url", f"Meta calls {record.callback_url}", app_id=app_id
                )
            if not record.active:
                return new_finding("webhook.inactive", app_id=app_id)
            if FIELD not in record.fields:
                return new_finding("webhook.field_missing", app_id=app_id)
        if override := await self._overridden(callback_url):
            level, url = override
            said = f"Meta calls {url}, an override of {level}, not {callback_url}"
            return new_finding("webhook.overridden", said, app_id=app_id)
        return new_finding("webhook.registered", f"Meta calls {callback_url}", app_id=app_id)

    async def _overridden(self, callback_url: str) -> tuple[str, str] | None:
        """The callback of a lower level that goes before ours, and whose it is."""
        values = self._world.values
        if values.access_token is None or values.phone_number_id is None:
            return None
        try:
            in_force = await self._callbacks.get_webhook_configuration(
                values.phone_number_id, values.access_token
            )
        except GraphError as error:
            if error.reason in NO_ANSWER:
                raise
            return None  # of the callback that was set, that says nothing
        for level, whose in OVERRIDES:
            url = in_force.get(level)
            if _LEVELS[level] is self.scope:
                return None
            if url and url != callback_url:
                return whose, url
        return None

    @property
    def _callbacks(self) -> Callbacks:
        return self._world.graph.callbacks

    @property
    def _access(self) -> Secret:
        return self._secret("access_token")

    def _text(self, name: str) -> str:
        value = self._world.values.get(name)
        if not isinstance(value, str):
            raise LookupError(CREDENTIALS[name].label)
        return value

    def _secret(self, name: str) -> Secret:
        value = self._world.values.get(name)
        if not isinstance(value, Secret):
            raise LookupError(CREDENTIALS[name].label)
        return value
