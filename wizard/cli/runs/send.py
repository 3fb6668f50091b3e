"""One message from the question to its outcome, as `send` runs and prints it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum

import click

from wizard.checks.graph import version_findings
from wizard.cli.input.endpoint import EndpointOptions
from wizard.cli.input.prompts import can_prompt, confirm, run_prompt
from wizard.cli.input.settings import state_file
from wizard.cli.input.world import progress_of
from wizard.cli.output.events import event_lines, shared
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import finding_lines, problem_lines
from wizard.cli.runs.webhook_memory import Memory
from wizard.findings import SIGNS, Finding, Report, Status, skipped
from wizard.graph import Number
from wizard.journeys.messages.messages import (
    MessageDraft,
    SendResult,
    get_sender,
    pin_of,
    register,
    send,
    unfollowed,
)
from wizard.journeys.messages.recipients import RecipientError, read_recipient, region_of
from wizard.journeys.messages.status_listener import StatusListener, someone_listens
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.journeys.webhook.registration import ForeignCallback
from wizard.settings import Settings
from wizard.state import StoredWebhook
from wizard.support.texts import printable
from wizard.values.credentials import Secret
from wizard.webhook.event_queue import Delivery
from wizard.world import World

_NEEDED_TO_FOLLOW = ("verify_token", "waba_id")


class DeclinedError(Exception):
    """Somebody was asked, and said no."""


class Ended(Exception):  # noqa: N818 - a signal, no fault
    """The program was told to end while it followed a message, and everything is put back."""

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.number = number


@dataclass(frozen=True)
class SendOptions:
    """What is to be sent to whom, and what belongs to it. `follow` of `None` is asked for."""

    to: str
    text: str | None
    template: str
    language: str
    where: EndpointOptions
    wait: float
    register: bool = False
    pin: Secret | None = None
    follow: bool | None = None
    yes: bool = False
    as_json: bool = False


class _Follow(Enum):
    """Where one hears what becomes of the message."""

    NOT = "not"
    HERE = "here"
    ELSEWHERE = "elsewhere"


class SendRun:
    """Asks, sends, and follows; nothing leaves before somebody has said yes."""

    def __init__(self, world: World, settings: Settings, wishes: SendOptions) -> None:
        self._world = world
        self._settings = settings
        self._wishes = wishes
        self._asks = can_prompt() and not wishes.yes
        self._findings: list[Finding] = []

    async def run(self) -> Report:
        """The report. Raises `click.UsageError` for a number that is none, `DeclinedError`,
        `Ended`."""
        begun = time.monotonic()
        await self._run()
        self._findings += version_findings(self._world.graph)
        spent = round((time.monotonic() - begun) * 1000)
        return Report.of(self._world.profile, self._findings, spent)

    async def _run(self) -> None:
        number = await get_sender(self._world)
        if isinstance(number, SendResult):
            self._findings += number.findings
            return
        draft = self._draft(number)
        self._show(draft, number)
        if self._wishes.register and not await self._register(self._wishes.pin):
            return
        match await self._following_wish():
            case _Follow.HERE:
                await self._follow(draft)
            case _Follow.ELSEWHERE:
                if await self._send(draft) is not None:
                    self._findings.append(unfollowed(self._world, draft))
            case _Follow.NOT:
                await self._send(draft)

    def _draft(self, number: Number) -> MessageDraft:
        wishes = self._wishes
        try:
            to = read_recipient(wishes.to, region_of(number.display))
        except RecipientError as error:
            raise click.UsageError(f"TO: {error}") from None
        return MessageDraft(to, wishes.text, wishes.template, wishes.language)

    def _show(self, draft: MessageDraft, number: Number) -> None:
        """What is about to happen, and the question."""
        say(f"  To       {draft.to.shown}", err=True)
        if draft.to.doubt:
            say(f"  {SIGNS[Status.WARN]:<9}{draft.to.doubt}", err=True)
        say(f"  From     {printable(number.about)}", err=True)
        say(f"  Message  {draft.about}", err=True)
        first = "Register the number, then send it?" if self._wishes.register else "Send it?"
        if self._asks and not confirm(first):
            raise DeclinedError

    async def _register(self, pin: Secret | None) -> bool:
        outcome = await register(self._world, pin or _asked_pin())
        self._findings += outcome.findings
        return all(finding.status is Status.PASS for finding in outcome.findings)

    async def _send(self, draft: MessageDraft) -> str | None:
        """The message's id, where Meta took it."""
        outcome = await send(self._world, draft)
        if self._asks and not self._wishes.register and _is_unregistered(outcome):
            say_all(problem_lines(outcome.findings[0]), err=True)
            if confirm("Register it now with a PIN of 6 digits, and send again?"):
                if not await self._register(None):
                    return None
                outcome = await send(self._world, draft)
        self._findings += outcome.findings
        return outcome.id

    async def _following_wish(self) -> _Follow:
        wish = self._wishes.follow
        if wish is False or (wish is None and not self._asks):
            return _Follow.NOT
        self._world.webhook = progress_of(self._settings).webhook
        if await someone_listens(self._world):
            return _Follow.ELSEWHERE
        if wish is None:
            missing = any(self._world.values.get(name) is None for name in _NEEDED_TO_FOLLOW)
            if missing or not confirm(
                "Track it until it is delivered? Until then Meta calls this machine for this "
                "number."
            ):
                return _Follow.NOT
        return _Follow.HERE

    async def _follow(self, draft: MessageDraft) -> None:
        following = StatusListener(self._connection(), self._hear)
        with _ending():
            async with following:
                is_up = await self._is_up(following)
                id_ = await self._send(draft) if is_up else None
                if id_ is not None:
                    self._findings.append(await following.outcome(id_, draft, self._wishes.wait))
        self._findings += following.troubles
        cause = Report.of(self._world.profile, self._findings).primary
        if not is_up and cause is not None:
            self._findings.append(skipped("message", cause.id))

    async def _is_up(self, following: StatusListener) -> bool:
        if not await following.open():
            return False
        foreign = await following.register()
        if foreign is not None:
            if not (self._asks and confirm(_question(foreign))):
                self._findings.append(shared(foreign))
                return False
            await following.register(replace_foreign=True)
        return following.registered

    def _connection(self) -> WebhookConnection:
        before = self._world.webhook
        # What an earlier run replaced is put back, and nothing else of it is ours to touch.
        self._world.webhook = StoredWebhook(replaced=before.replaced)
        where = self._wishes.where
        return WebhookConnection(
            self._world,
            where.tunnel_options,
            port=where.port,
            path=where.path,
            remember=Memory(self._settings, before, stored=False).remember,
            state=state_file(self._settings),
        )

    def _hear(self, event: Event) -> None:
        if isinstance(event, Delivery):
            say_all(event_lines(event), err=self._wishes.as_json)
        elif isinstance(event, Finding) and event.status is Status.PASS:
            say_all(finding_lines(event), err=True)


def _is_unregistered(outcome: SendResult) -> bool:
    return any(finding.id == "message.not_registered" for finding in outcome.findings)


def _question(foreign: ForeignCallback) -> str:
    later = "It is restored then." if foreign.restorable else "It can't be restored then."
    return f"Replace {foreign.callback_url} until then? {later}"


def _asked_pin() -> Secret:
    pin = run_prompt(lambda: pin_of(click.prompt("PIN of 6 digits", hide_input=True, err=True)))
    if pin is None:
        raise click.UsageError("A PIN has 6 digits.")
    return pin


@contextmanager
def _ending() -> Iterator[None]:
    """Has SIGTERM, SIGHUP and SIGQUIT end what runs here in order, as Ctrl+C does: what stands at
    Meta for this message alone is taken back first. Raises `Ended`."""
    loop, task, by = asyncio.get_running_loop(), asyncio.current_task(), list[int]()

    def end(number: int) -> None:
        by.append(number)
        if task is not None:
            task.cancel()

    numbers = [
        getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
    ]
    for number in numbers:
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, end, number)
    try:
        yield
    except asyncio.CancelledError:
        if by:
            raise Ended(by[0]) from None
        raise
    finally:
        for number in numbers:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
