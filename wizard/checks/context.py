"""The questions of one run, each asked of Graph once however many checks want the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from wizard.checks.facts import CallbackProof, MessagingAccount, Override
from wizard.graph.errors import GraphError, Reason
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.values.shapes import Shape, ShapeResult, check_shape

if TYPE_CHECKING:
    from wizard.graph import Graph, Number, ResponseInfo, TokenInfo, Waba
    from wizard.graph.callbacks import SubscribedApp, Subscription
    from wizard.state import ReplacedCallback
    from wizard.world import World

Answer = TypeVar("Answer")


class UnusableInput(Exception):  # noqa: N818 - a fact about the inputs, not a fault
    """A question that a missing or malformed value keeps from being asked."""

    def __init__(self, name: str, judgement: ShapeResult) -> None:
        super().__init__(f"{name} can't be sent")
        self.name = name
        self.shape_result = judgement


class CheckContext:
    """Answers are kept for the run; a question put twice waits for the first one's answer.

    `taken` is the callback URL that took a handshake in this run, `met` what was met at one that
    did not, and `told` the ids that were said of an account; `proof` is
    what shows of either URL that it is this app's. `asked_by_app` says that the app inspected the
    token, not the token itself.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.values = world.values
        self.taken: str | None = None
        self.met: str | None = None
        self.proof = CallbackProof()
        self.asked_by_app = False
        self.told: set[str] = set()
        self._asked: dict[str, asyncio.Task[Any]] = {}
        self._shapes: dict[str, ShapeResult] = {}

    @property
    def graph(self) -> Graph:
        return self.world.graph

    @property
    def app_id(self) -> str | None:
        """The App ID for links and evidence; what else was pasted in its place is not repeated."""
        return self.values.app_id if self.sendable("app_id") else None

    @property
    def paired(self) -> bool:
        """Whether App ID and App Secret are both at hand, so that the app itself can ask."""
        return self.sendable("app_id") and self.sendable("app_secret")

    @property
    def may_prove(self) -> bool:
        """Whether messages may be sent to the target to learn whether it is this app's."""
        has_all = all(map(self.sendable, CREDENTIALS))
        return self.world.target is not None and self.world.may_deliver and has_all

    @property
    def is_this_apps(self) -> bool:
        """Whether the callback that was met in this run has shown that it is this app's."""
        by_token = self.proof.token and not self.world.is_token_theirs
        return by_token or self.proof.signature

    def shape(self, name: str) -> ShapeResult:
        """How a value looks beside the others; looked at once, for every question asks."""
        if name not in self._shapes:
            self._shapes[name] = check_shape(name, self.values.get(name), self.values)
        return self._shapes[name]

    def sendable(self, name: str) -> bool:
        return self.shape(name).shape not in {Shape.EMPTY, Shape.WRONG}

    async def app(self) -> None:
        """Whether App ID and App Secret are a pair."""
        app_id, secret = self._id("app_id"), self._secret("app_secret")
        await self._once("app", lambda: self.graph.check_app_secret(app_id, secret))

    async def token(self) -> TokenInfo:
        """What Graph knows of the access token: asked by the app where that works, for not every
        token may look at itself, and by the token where there is no App Secret yet."""
        token = self._secret("access_token")
        return await self._once("token", lambda: self._inspect(token))

    async def waba(self) -> Waba:
        id_, token = self._id("waba_id"), self._secret("access_token")
        return await self._once("waba", lambda: self.graph.waba(id_, token))

    async def numbers(self, waba_id: str | None = None) -> tuple[Number, ...]:
        """The numbers of the WABA, or of another one."""
        id_, token = waba_id or self._id("waba_id"), self._secret("access_token")
        return await self._once(f"numbers {id_}", lambda: self.graph.numbers(id_, token))

    async def number(self) -> Number:
        id_, token = self._id("phone_number_id"), self._secret("access_token")
        return await self._once("number", lambda: self.graph.number(id_, token))

    async def has_read(self, name: str) -> bool:
        """Whether Graph has shown the object of this name in this run, whatever it was asked:
        itself, or a list that it has or stands in. Nothing is asked for the purpose."""
        waba, number = self.values.waba_id, self.values.phone_number_id
        if name == "waba_id":
            keys = ("waba", f"numbers {waba}", "apps")
            return any([await self._heard(key) is not None for key in keys])
        if name != "phone_number_id":
            return False
        listed: tuple[Number, ...] = await self._heard(f"numbers {waba}") or ()
        return await self._heard("number") is not None or number in {one.id for one in listed}

    async def own_number(self) -> Number | None:
        """The number, where Graph shows it."""
        if not (self.sendable("phone_number_id") and self.sendable("access_token")):
            return None
        try:
            return await self.number()
        except GraphError:
            return None

    async def messaging_account(self) -> MessagingAccount | None:
        """The WABA, now Messaging account, that the number belongs to, by its health status or by
        an event of it that has arrived; `None` where neither tells.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
        """
        number, kept = await self.own_number(), self.world.webhook
        if number is not None and number.health.waba_id:
            return MessagingAccount(number.health.waba_id, "health status")
        is_own = kept.account_of == self.values.phone_number_id
        return MessagingAccount(kept.account, "last event") if kept.account and is_own else None

    async def portfolio(self) -> tuple[Waba, ...] | None:
        """The accounts of the business portfolio that stands in the WABA's place, if one does."""
        id_, token = self._id("waba_id"), self._secret("access_token")
        try:
            return await self._once("portfolio", lambda: self.graph.accounts(id_, token))
        except GraphError:
            return None

    async def record(self) -> Subscription | None:
        """Meta's record of the app's webhook."""
        from wizard.graph.callbacks import OBJECT

        return next((hook for hook in await self.hooks() if hook.object == OBJECT), None)

    async def hooks(self) -> tuple[Subscription, ...]:
        """The app's webhooks for every kind of object."""
        app_id, secret = self._id("app_id"), self._secret("app_secret")
        ask = self.graph.callbacks.list_app_subscriptions
        return await self._once("record", lambda: ask(app_id, secret))

    async def webhook_configuration(self) -> Mapping[str, str]:
        """The callbacks that the number's messages meet, by level."""
        id_, token = self._id("phone_number_id"), self._secret("access_token")
        return await self._once(
            "in force", lambda: self.graph.callbacks.get_webhook_configuration(id_, token)
        )

    async def subscribed_apps(self) -> tuple[SubscribedApp, ...]:
        id_, token = self._id("waba_id"), self._secret("access_token")
        return await self._once(
            "apps", lambda: self.graph.callbacks.list_subscribed_apps(id_, token)
        )

    async def override(self) -> Override | None:
        """The callback that goes before the app's for this number; `None` where there is none, or
        where nobody may ask."""
        from wizard.graph.callbacks import OVERRIDES

        if self.sendable("access_token") and self.sendable("phone_number_id"):
            with suppress(GraphError):
                in_force = await self.webhook_configuration()
                levels = (Override(whose, in_force.get(level, "")) for level, whose in OVERRIDES)
                if found := next((one for one in levels if one.url), None):
                    return found
        if self.sendable("access_token") and self.sendable("waba_id"):
            with suppress(GraphError):
                apps = await self.subscribed_apps()
                urls = (app.override for app in apps if app.id == self.app_id)
                if url := next(filter(None, urls), None):
                    return Override("the WABA", url)
        return None

    @property
    def own_callback(self) -> str | None:
        """The callback URL that should be called: the one that is asked about, or else the one
        at which this machine listens right now."""
        kept = self.world.webhook
        if self.world.target is not None:
            return self.world.target
        return kept.callback_url if kept.local_url else None

    async def not_restored(self) -> ReplacedCallback | None:
        """What stood where a callback of ours still does, to which nobody listens any more.
        `None` too where Meta can't be asked."""
        if self.world.target is not None or not self.world.not_restored:
            return None
        standing = await self._standing()
        dead = (one for one in self.world.not_restored if one.by)
        return next((one for one in dead if standing.get(one.scope) == one.by), None)

    async def _standing(self) -> Mapping[str, str]:
        """The callbacks on Meta's record by the level at which they are set, as far as is heard."""
        standing = dict[str, str]()
        if self.paired:
            with suppress(GraphError):
                record = await self.record()
                standing["app"] = record.callback_url if record else ""
        if self.sendable("access_token") and self.sendable("phone_number_id"):
            with suppress(GraphError):
                in_force = await self.webhook_configuration()
                standing["waba"] = in_force.get("whatsapp_business_account", "")
                standing["phone"] = in_force.get("phone_number", "")
        return standing

    async def ping(self) -> None:
        await self._once("ping", self.graph.ping)

    async def silence(self) -> GraphError | None:
        """Why Graph says nothing to any question of this run; `None` where it does."""
        try:
            await self.first_response()
        except GraphError as error:
            return error
        return None

    async def first_response(self) -> ResponseInfo:
        """What is known of Graph as soon as any question of this run was answered, refusals
        included; where none is, what the first of them raised is raised here."""
        if not self._asked:
            await self.ping()
        waiting = set(self._asked.values())
        while (heard := self.graph.first_response) is None and waiting:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if heard is None:
            for question in self._asked.values():
                await question
            raise LookupError("a question was answered and nobody heard it")
        return heard

    async def _heard(self, key: str) -> Any:
        """The answer to a question of this run; `None` where it was not put, or was refused."""
        task = self._asked.get(key)
        if task is None:
            return None
        try:
            return await asyncio.shield(task)
        except GraphError:
            return None

    async def told_of_account(self) -> GraphError | None:
        """A refusal of this run that says of the account what a question for itself may not: that
        it is locked, or a WhatsApp account. Nothing is asked for the purpose."""
        for key in (f"numbers {self.values.waba_id}", "apps", "number"):
            if task := self._asked.get(key):
                try:
                    await asyncio.shield(task)
                except GraphError as error:
                    if error.reason in {Reason.ACCOUNT_LOCKED, Reason.WHATSAPP_ACCOUNT}:
                        return error
        return None

    async def close(self) -> None:
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _inspect(self, token: Secret) -> TokenInfo:
        self.asked_by_app = await self._is_pair_usable()
        secret = self.values.app_secret if self.asked_by_app else None
        try:
            return await self.graph.debug_token(token, self.app_id, secret)
        except GraphError as error:
            if error.reason is not Reason.MAY_NOT_INSPECT or self.asked_by_app:
                raise
        from wizard.graph import TokenInfo

        id_, name = await self.graph.own_app(token)
        return TokenInfo(app_id=id_, app_name=name)

    async def _is_pair_usable(self) -> bool:
        """Whether the app itself can ask. A secret that doesn't look like one has to have passed
        first: otherwise it would stand in the token's way more than a missing one."""
        if not self.paired or self.shape("app_secret").shape is Shape.GOOD:
            return self.paired
        with suppress(GraphError):
            await self.app()
            return True
        return False

    async def _once(self, key: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(_awaited(ask))
        return cast(Answer, await asyncio.shield(self._asked[key]))

    def _id(self, name: str) -> str:
        self._require(name)
        value = self.values.get(name)
        if not isinstance(value, str):
            raise TypeError(f"{name} is a secret")
        return value

    def _secret(self, name: str) -> Secret:
        self._require(name)
        value = self.values.get(name)
        if not isinstance(value, Secret):
            raise TypeError(f"{name} is no secret")
        return value

    def _require(self, name: str) -> None:
        if not self.sendable(name):
            raise UnusableInput(CREDENTIALS[name].name, self.shape(name))


async def _awaited(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    return await ask()
