"""Brings events to the callbacks, in the background, as customers write and messages travel."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING

from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.payloads import Part
from wizard.simulator.world.objects import App, Phone, SubscribedApp, Subscription
from wizard.simulator.world.people import Customer, OutboundMessage, SendError
from wizard.simulator.world.sending_rules import SendingRules

if TYPE_CHECKING:
    from wizard.simulator.calls_out.client import CallbackClient
    from wizard.simulator.world.state import MetaState

_OBJECT, _FIELD = "whatsapp_business_account", "messages"


class EventDispatcher:
    """One a Meta, and to be closed before its caller.

    `pace` is the seconds before each word on how far a message has come, `pauses` those before
    each further attempt where a callback did not answer with 200.
    """

    def __init__(
        self,
        meta: MetaState,
        client: CallbackClient,
        *,
        pace: float = 0.6,
        pauses: Sequence[float] = (0.5, 1.5, 4.5),
    ) -> None:
        self.pace = pace
        self.pauses = pauses
        self.sending_rules = SendingRules()
        self._meta = meta
        self._client = client
        self._messages = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def inbound_text(
        self,
        text: str,
        *,
        sender: str = Customer.wa_id,
        name: str = Customer.name,
        to: Phone | None = None,
    ) -> str:
        """A person writes to the business, at the test number by default; the message's id."""
        return self.inbound_message(payloads.text(text), sender=Customer(sender, name), to=to)

    def inbound_message(
        self, part: Part, *, sender: Customer | None = None, to: Phone | None = None
    ) -> str:
        """As `say`, with a message of any type."""
        sender, phone = sender or Customer(), to or self._meta.test_number
        now, message_id = self._meta.now(), self.new_id(sender.wa_id, inbound=True)
        self.sending_rules.last_heard[phone.id, sender.wa_id] = now
        self.post(phone, payloads.written(phone, sender, message_id, now, part))
        return message_id

    def press_test(self) -> None:
        """The button "Test" in the dashboard, which calls the app's own callback alone."""
        if url := _app_callback(self._meta.app):
            self._start(self._deliver(self._meta.app, url, payloads.encode(payloads.sample())))

    def follow(
        self, phone: Phone, letter: OutboundMessage, trouble: SendError | None = None
    ) -> None:
        """Reports what becomes of a message that was accepted."""
        self._start(self._follow(phone, letter, trouble))

    def post(self, phone: Phone, value: Part) -> None:
        """An event of this number, a copy for each app that listens to it."""
        waba = self._meta.waba_of(phone)
        body = payloads.encode(payloads.envelope(waba.id, value))
        for app, url in _callbacks(phone, waba.subscribed):
            self._start(self._deliver(app, url, body))

    def new_id(self, wa_id: str, *, inbound: bool) -> str:
        self._messages += 1
        return payloads.wamid(self._meta.seed, str(self._messages), wa_id, inbound=inbound)

    async def idle(self) -> None:
        """Returns once everything is delivered, or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Drops what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(
        self, phone: Phone, letter: OutboundMessage, trouble: SendError | None
    ) -> None:
        for word in ("failed",) if trouble else ("sent", "delivered", "read"):
            await asyncio.sleep(self.pace)
            self.post(phone, payloads.status(phone, letter, word, self._meta.now(), trouble))

    async def _deliver(self, app: App, url: str, body: bytes) -> None:
        # First attempts go one by one: a callback that answers sees the events in their order.
        async with self._turns[app.id]:
            status = await self._call(app, url, body)
        for pause in self.pauses:
            if status == 200:
                return
            await asyncio.sleep(pause)
            status = await self._call(app, url, body)

    async def _call(self, app: App, url: str, body: bytes) -> int | None:
        return await self._client.deliver(url, body, payloads.headers(app.secret, body))


def _callbacks(phone: Phone, subscribed: Sequence[SubscribedApp]) -> Iterator[tuple[App, str]]:
    """Each app that gets the number's events, and where: the nearest callback counts.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
    """
    for entry in subscribed:
        nearest = phone.override_callback_uri or entry.override_callback_uri
        if url := nearest or _app_callback(entry.app):
            yield entry.app, url


def _app_callback(app: App) -> str | None:
    return next((hook.callback_url for hook in app.subscriptions if _listens(hook)), None)


def _listens(hook: Subscription) -> bool:
    return hook.active and hook.object == _OBJECT and _FIELD in hook.fields
