"""Brings events to the callbacks, in the background, as customers write and messages travel."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING

from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.payloads import Part
from wizard.simulator.world.objects import App, Phone, SubscribedApp, Subscription, Waba
from wizard.simulator.world.outbox import Sent
from wizard.simulator.world.people import Customer, OutboundMessage, SendError
from wizard.simulator.world.sending_rules import SendingRules

if TYPE_CHECKING:
    from wizard.simulator.calls_out.client import CallbackClient
    from wizard.simulator.world.state import MetaState

_OBJECT, _FIELD = "whatsapp_business_account", "messages"
_OVERRIDDEN = {
    "messages",
    "message_echoes",
    "calls",
    "consumer_profile",
    "messaging_handovers",
    "standby",
    "history",
    "account_settings_update",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "smb_app_state_sync",
    "smb_message_echoes",
}
"""The fields for which a WABA's or a number's callback goes before the app's."""


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
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: list[tuple[Phone, str, Callable[[], None]]] = []

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
        self,
        part: Part,
        *,
        sender: Customer | None = None,
        to: Phone | None = None,
        field: str = _FIELD,
        holds: bool = False,
    ) -> str:
        """As `inbound_text`, with a message of any type, or a call where `field` is `calls`.

        `holds` keeps it until somebody listens; Meta itself would not, and the message be lost.
        """
        sender, phone = sender or Customer(), to or self._meta.test_number
        message_id = self.new_id(sender.key, inbound=True)
        if sender.wa_id in phone.state.blocked or sender.user_id in phone.state.blocked:
            return message_id

        def arrive() -> None:
            self._arrive(phone, sender, message_id, part, field)

        if holds and not self.is_heard(phone, field):
            self._held.append((phone, field, arrive))
        else:
            arrive()
        return message_id

    def is_heard(self, phone: Phone, field: str = _FIELD) -> bool:
        """Whether some callback gets this number's events of a field."""
        return any(_callbacks(phone, self._meta.waba_of(phone).subscribed, field))

    def release(self) -> None:
        """Brings what was held to those who listen by now; called when a callback was set."""
        held, self._held = self._held, []
        for phone, field, arrive in held:
            if self.is_heard(phone, field):
                arrive()
            else:
                self._held.append((phone, field, arrive))

    def press_test(self) -> None:
        """The button "Test" in the dashboard, which calls the app's own callback alone."""
        if url := _app_callback(self._meta.app):
            self._start(self._deliver(self._meta.app, url, payloads.encode(payloads.sample())))

    def follow(
        self,
        phone: Phone,
        letter: OutboundMessage,
        trouble: SendError | None = None,
        sent: Sent | None = None,
    ) -> None:
        """Reports what becomes of a message that was accepted."""
        self._start(self._follow(phone, letter, trouble, sent))

    def post(self, phone: Phone, value: Part, field: str = _FIELD) -> None:
        """An event of this number, a copy for each app that listens to it."""
        waba = self._meta.waba_of(phone)
        body = payloads.encode(payloads.envelope(waba.id, value, field))
        for app, url in _callbacks(phone, waba.subscribed, field):
            self._start(self._deliver(app, url, body))

    def announce(self, waba: Waba, field: str, value: Part) -> None:
        """An event of the account itself, after a while, for each app that listens to its field."""
        body = payloads.encode(payloads.envelope(waba.id, value, field))
        for entry in waba.subscribed:
            if url := _app_callback(entry.app, field):
                self._start(self._later(entry.app, url, body))

    def new_id(self, number: str, *, inbound: bool) -> str:
        self._messages += 1
        return payloads.wamid(self._meta.seed, str(self._messages), number, inbound=inbound)

    async def idle(self) -> None:
        """Returns once everything is delivered, or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Drops what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _arrive(
        self, phone: Phone, sender: Customer, message_id: str, part: Part, field: str
    ) -> None:
        now = self._meta.now()
        self.sending_rules.hear(phone.id, sender, message_id, now)
        report = payloads.called if field == "calls" else payloads.written
        self.post(phone, report(phone, sender, message_id, now, part), field)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self, app: App, url: str, body: bytes) -> None:
        await asyncio.sleep(self.pace)
        await self._deliver(app, url, body)

    async def _follow(
        self, phone: Phone, letter: OutboundMessage, trouble: SendError | None, sent: Sent | None
    ) -> None:
        for word in ("failed",) if trouble else ("sent", "delivered", "read"):
            await asyncio.sleep(self.pace)
            now = self._meta.now()
            if sent:
                sent.reach(word, now)
            self.post(phone, payloads.status(phone, letter, word, now, trouble))

    async def _deliver(self, app: App, url: str, body: bytes) -> None:
        # First attempts go one by one: a callback that answers sees the events in their order.
        async with self._turns[app.id, url]:
            status = await self._call(app, url, body)
        for pause in self.pauses:
            if status == 200:
                return
            await asyncio.sleep(pause)
            status = await self._call(app, url, body)

    async def _call(self, app: App, url: str, body: bytes) -> int | None:
        return await self._client.deliver(url, body, payloads.headers(app.secret, body))


def _callbacks(
    phone: Phone, subscribed: Sequence[SubscribedApp], field: str = _FIELD
) -> Iterator[tuple[App, str]]:
    """Each app that gets the number's events, and where: the nearest callback counts.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
    """
    for entry in subscribed:
        nearest = phone.override_callback_uri or entry.override_callback_uri
        if field not in _OVERRIDDEN:
            nearest = None
        if url := nearest or _app_callback(entry.app, field):
            yield entry.app, url


def _app_callback(app: App, field: str = _FIELD) -> str | None:
    hooks = (hook for hook in app.subscriptions if _listens(hook, field))
    return next((hook.callback_url for hook in hooks), None)


def _listens(hook: Subscription, field: str) -> bool:
    return hook.active and hook.object == _OBJECT and field in hook.fields
