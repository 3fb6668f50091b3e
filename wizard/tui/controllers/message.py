"""The message while the app runs: what is written, which one is under way, who wrote to us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from textual.app import App

from wizard.findings import Finding, Status, new_finding
from wizard.graph import Number, Template
from wizard.journeys.messages.messages import (
    MessageDraft,
    SendResult,
    approved,
    get_sender,
    register,
    send,
    unheard,
)
from wizard.journeys.messages.phone_input import PhoneInput, parse_phone_input
from wizard.journeys.messages.recipients import Recipient, read_recipient, region_of
from wizard.journeys.messages.service_window import RecentSender, RecentSenders
from wizard.journeys.messages.status import MessageTracker
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.webhook.events import Event
from wizard.values.credentials import Secret, Values
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import InboundMessage, StatusUpdate
from wizard.world import World

_NOT_LISTED = {"message.not_allowed_recipient", "message.recipient_rewritten"}


UNFIT = "hello_world works only from test numbers."
_NOBODY = "✗  It can't be sent."
_UNKNOWN = "◌  Reading the sending number from Meta."
_NOT_KNOWN_OPEN = "The 24-hour window may be closed, so a text may fail."


class SendJob(StrEnum):
    """What Meta is being asked right now, in words."""

    ASKING = "reading the sending number from Meta"
    SENDING = "sending"
    REGISTERING = "registering the number"
    LISTING = "reading the templates from Meta"


@dataclass(frozen=True)
class RecipientSuggestion:
    """Somebody who may be filled in as the recipient; `about` says who that is."""

    to: str
    about: str


class MessageController:
    """Works in workers of the app, so that it outlives the screen; does one thing at a time.

    `result_findings` is what came of the last job where that was no message taken, `error` why
    there is no sender. `registered` is called when the number is registered: it may pass its test
    now. Nothing is sent but by `send`, and what `send` was called for is sent once.
    """

    def __init__(self, host: App[Any], onboarding: Onboarding, changed: Callable[[], None]) -> None:
        self.to = ""
        self.text = ""
        self.template = Template("hello_world", "en_US")
        self.sender: Number | None = None
        self.error: tuple[Finding, ...] = ()
        self.tracker: MessageTracker | None = None
        self.result_findings: tuple[Finding, ...] = ()
        self.job: SendJob | None = None
        self.recent_senders = RecentSenders()
        self.registered: Callable[[], None] = lambda: None
        self.patience = timedelta(seconds=30)
        self._host = host
        self._onboarding = onboarding
        self._changed = changed
        self._asked_with = Values()
        self._refused: set[str] = set()

    def take(self, event: Event) -> None:
        """Takes in what came by the webhook."""
        if not isinstance(event, Delivery):
            return
        for one in event.events:
            if isinstance(one, InboundMessage):
                self.recent_senders.handle_event(one, event.at)
            elif isinstance(one, StatusUpdate) and self.tracker is not None:
                self.tracker.handle_event(one, event.at)
                self._note(self.tracker)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be told of the message, or of the number that sends; the first counts."""
        if self.result_findings:
            return self.result_findings
        if self.tracker is None:
            return self.error
        failed = self.tracker.failed
        late = self.unheard or _held(self.tracker)
        return (self._weighed(failed, self.tracker.draft),) if failed else (late,) if late else ()

    @property
    def unheard(self) -> Finding | None:
        """Said where Meta took the message a while ago, and nothing was heard of it."""
        track = self.tracker
        if track is None or track.id is None or track.answered_at is None or track.times:
            return None
        waited = self._onboarding.world.clock() - track.answered_at
        over = waited >= self.patience
        return unheard(track.draft, self.patience.total_seconds()) if over else None

    # What is written.

    @property
    def phone_input(self) -> PhoneInput:
        """How the recipient reads that is typed."""
        return parse_phone_input(self.to, region_of(self.sender.display) if self.sender else None)

    @property
    def draft(self) -> MessageDraft | None:
        """What is written, once it has a recipient."""
        to, text = self.phone_input.recipient, self.text.strip() or None
        return MessageDraft(to, text, self.template.name, self.template.language) if to else None

    @property
    def suggested_recipient(self) -> RecipientSuggestion | None:
        """Who wrote last, or in the demo its pretended phone."""
        onboarding = self._onboarding
        if (writer := self.recent_senders.last(onboarding.values.phone_number_id)) is not None:
            name = f" ({self._shown(writer).name})" if writer.name else ""
            about = (
                f"{writer.recipient.shown}{name}, who wrote last: {writer.at.astimezone():%H:%M}"
            )
            return RecipientSuggestion(writer.recipient.shown, about)
        if onboarding.portal is None:
            return None
        shown = read_recipient(f"+{onboarding.portal.recipient}").shown
        return RecipientSuggestion(shown, f"{shown}, a simulated phone of the demo")

    def opener(self, to: Recipient) -> RecentSender | None:
        """The recipient, where they are known to have written within 24 hours."""
        onboarding = self._onboarding
        writer = self.recent_senders.within(
            onboarding.values.phone_number_id, to, onboarding.world.clock()
        )
        return self._shown(writer) if writer else None

    def _shown(self, writer: RecentSender) -> RecentSender:
        """The same without the secrets at hand: a name is whatever somebody calls themselves."""
        world = self._onboarding.world.with_values(self._onboarding.values)
        return replace(writer, name=world.redact(writer.name))

    @property
    def is_unfit(self) -> bool:
        """Whether the template is known to go out from no number but Meta's test numbers."""
        return self.template.name == "hello_world" and bool(self.sender and not self.sender.is_test)

    def warning_for(self, draft: MessageDraft) -> str:
        """What speaks against sending it, as far as is known; nothing where all is well."""
        if draft.text is None:
            return UNFIT if self.is_unfit and draft.template == self.template.name else ""
        return "" if self.opener(draft.to) else _NOT_KNOWN_OPEN

    @property
    def blocked_reason(self) -> str:
        """Why nothing can be sent yet; nothing where it can."""
        if self.sender is not None:
            return ""
        return _NOBODY if self.error else _UNKNOWN

    # What a person can do.

    def ask(self) -> None:
        """Asks which number sends."""
        values = self._onboarding.values
        if values != self._asked_with:
            self.sender, self._asked_with = None, values
        if self.tracker is None:
            self.result_findings = ()
        self._do(SendJob.ASKING, self._ask)

    def send(self, draft: MessageDraft) -> None:
        """Sends it off; nothing where another errand is under way."""
        if self.job is None:
            self.tracker = MessageTracker(draft, self._onboarding.values.app_id)
            self.result_findings = ()
            self._do(SendJob.SENDING, lambda world: self._send(world, draft))

    def register(self, pin: Secret) -> None:
        """Registers the sending number with its PIN."""
        self._do(SendJob.REGISTERING, lambda world: self._register(world, pin))

    async def templates(self) -> tuple[Template, ...]:
        """The approved ones; none where they can't be listed."""
        listed: list[Template] = []

        async def ask(world: World) -> None:
            listed.extend(await approved(world))

        if self.job is None:
            self.job = SendJob.LISTING
            self._changed()
            await self._run(ask)
        return tuple(listed)

    def start_again(self) -> None:
        """Leaves the message be that was under way; another one is to be written."""
        if self.job is None:
            self.tracker, self.result_findings = None, ()

    # How it is done.

    def _do(self, job: SendJob, work: Callable[[World], Awaitable[None]]) -> None:
        if self.job is None:
            self.job = job
            self._host.run_worker(self._run(work), group="send")
            self._changed()

    async def _run(self, work: Callable[[World], Awaitable[None]]) -> None:
        onboarding = self._onboarding
        try:
            async with onboarding.world.with_values(onboarding.values) as world:
                await work(world)
        finally:
            self.job = None
            self._changed()

    async def _ask(self, world: World) -> None:
        number = await get_sender(world)
        self.sender = number if isinstance(number, Number) else None
        self.error = number.findings if isinstance(number, SendResult) else ()

    async def _send(self, world: World, draft: MessageDraft) -> None:
        outcome = await send(world, draft)
        if self.tracker is None:
            return
        self.tracker.answer(outcome, world.clock())
        self._note(self.tracker)
        if outcome.id is None:
            self.result_findings = tuple(
                self._weighed(finding, draft) for finding in outcome.findings
            )

    async def _register(self, world: World, pin: Secret) -> None:
        self.result_findings = (await register(world, pin)).findings
        if all(finding.status is Status.PASS for finding in self.result_findings):
            number = await get_sender(world)
            self.sender = number if isinstance(number, Number) else self.sender
            self.registered()

    def _note(self, track: MessageTracker) -> None:
        """Which numbers are known not to be on a test number's list."""
        said = track.failed or (track.outcome.findings[0] if track.outcome else None)
        if said is not None and said.id in _NOT_LISTED:
            self._refused.add(track.draft.to.digits)
        elif track.id is not None:
            self._refused.discard(track.draft.to.digits)

    def _weighed(self, finding: Finding, draft: MessageDraft) -> Finding:
        """The finding; where both forms of a number were refused, the list holds neither."""
        other = draft.to.other
        if finding.id != "message.recipient_rewritten" or other is None:
            return finding
        if other.digits not in self._refused:
            return finding
        evidence = f"Neither {draft.to.shown} nor {other.shown} is on the list"
        app_id = self._onboarding.values.app_id
        return new_finding("message.not_allowed_recipient", evidence, app_id=app_id)


def _held(tracker: MessageTracker) -> Finding | None:
    """What Meta said of a message that it took and keeps back, until a status comes."""
    said = tracker.outcome.findings if tracker.outcome and not tracker.times else ()
    return next((one for one in said if one.status is Status.WARN), None)
