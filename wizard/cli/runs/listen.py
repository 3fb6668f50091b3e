"""A connection from its opening to its end, as `listen` runs and prints it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

import click

from wizard.cli.input.prompts import can_prompt, run_prompt
from wizard.cli.output.event_json import event_json
from wizard.cli.output.events import event_lines
from wizard.cli.output.lines import echo, say
from wizard.cli.output.patient_printer import PatientPrinter
from wizard.cli.runs.signals import signals_heard
from wizard.findings import Finding, Status
from wizard.journeys.messages.chat_link import wa_link
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event, Ready
from wizard.journeys.webhook.registration import ForeignCallback, Scope
from wizard.support.texts import visible
from wizard.support.threads import run_in_thread
from wizard.tunnel.authtoken import clean_authtoken
from wizard.values.credentials import Secret
from wizard.values.redaction import Redactor, redactor
from wizard.vault import VaultError

_ANSWER_LIMIT = 3600.0
_UNSHOWN = (
    "Not all that came is shown: nothing read the output in time. Meta will not send it again."
)
_NGROK = "https://dashboard.ngrok.com/get-started/your-authtoken"

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ListenOptions:
    """What is to be done with Meta's record, and how to print; `layout` is the portal's."""

    register: bool = True
    scope: Scope = Scope.APP
    may_replace: bool = False
    keep: bool = False
    as_json: bool = False
    layout: str | None = None


class ListenRun:
    """Brings a connection up, prints what happens, and takes all of it down at the end."""

    def __init__(self, connection: WebhookConnection, wishes: ListenOptions) -> None:
        self._connection = connection
        self._wishes = wishes
        self._printer = PatientPrinter()
        self._ended = asyncio.Event()
        self._code = 0
        self._last: Finding | None = None

    async def run(self) -> int:
        """Until a signal, or until there is nothing to listen with; returns the exit code."""
        with signals_heard(lambda number: self._end(128 + number)):
            return await self._run()

    async def _run(self) -> int:
        self._connection.tunnel_options = replace(
            self._connection.tunnel_options, on_download_progress=self._heard
        )
        printing = asyncio.create_task(self._print())
        rising = asyncio.create_task(self._rise())
        try:
            ended = asyncio.create_task(self._ended.wait())
            await asyncio.wait({ended, printing, rising}, return_when=asyncio.FIRST_COMPLETED)
            if rising.done() and not printing.done() and await rising:
                await asyncio.wait({ended, printing}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
        finally:
            self._printer.end()
            rising.cancel()
            await asyncio.gather(rising, return_exceptions=True)
            unread = await self._fall()
            await printing
            if unread or self._printer.has_lost:
                say(_UNSHOWN, err=True)
        return self._code

    async def _rise(self) -> bool:
        """Opens the way and registers it; false where there is nothing to listen with."""
        connection, wishes = self._connection, self._wishes
        good = await connection.open()
        await connection.events.read()
        if not connection.is_open and self._said("tunnel.authtoken_missing") and self._can_ask:
            await self._ask_authtoken()
            good = await connection.open()
            await connection.events.read()
        if not connection.is_open:
            self._code = 3 if self._last and self._last.status is Status.UNKNOWN else 1
            return False
        if good and wishes.register:
            await self._register()
        if not wishes.as_json:
            await self._invite()
        return True

    async def _register(self) -> None:
        connection, scope = self._connection, self._wishes.scope
        foreign = await connection.register(scope, replace_foreign=self._wishes.may_replace)
        if foreign is not None and self._can_ask and await self._may_replace(foreign):
            await connection.register(scope, replace_foreign=True)

    async def _may_replace(self, foreign: ForeignCallback) -> bool:
        later = "It is restored on exit." if foreign.restorable else "It can't be restored on exit."
        await self._connection.events.read()
        question = f"Replace {visible(foreign.callback_url)}? {later} [y/N]: "
        echo(question, err=True, nl=False)
        # Not through sys.stdin: a thread that holds its lock aborts the interpreter at its end.
        try:
            said = await run_in_thread(
                lambda: os.read(sys.stdin.fileno(), 64), timeout=_ANSWER_LIMIT
            )
        except asyncio.CancelledError:
            echo(err=True)
            raise
        return said.strip().lower() in {b"y", b"yes"}

    async def _ask_authtoken(self) -> None:
        say(f"Copy it from {_NGROK}", err=True)
        token = run_prompt(_prompted)
        self._connection.tunnel_options = replace(self._connection.tunnel_options, authtoken=token)
        machine = self._connection.world.machine_vault
        if machine is not None:
            with suppress(VaultError):
                await machine.keep_authtoken(token)

    async def _invite(self) -> None:
        link = await wa_link(self._connection.world) if self._connection.registered else None
        if link and sys.stdout.isatty():
            from wizard.support.qr import qr_code

            for line in qr_code(link).splitlines():
                say(click.style(f"  {line}  ", fg="black", bg="white"))
        if link:
            say(f"  Write to the business number and watch the message arrive: {link}\n")

    async def _print(self) -> None:
        # What has come at once goes out at once, in as few writes. Nothing else runs meanwhile, so
        # that the secrets stay the same.
        events, printer, known = self._connection.events, self._printer, None
        try:
            async for event in events:
                self._note(event)
                known = known or redactor(self._connection.world.secrets)
                for line in self._lines(event, known):
                    await printer.add(line)
                if not events.has_more:
                    await printer.flush()
                    known = None
        finally:
            await printer.flush()

    def _lines(self, event: Event, known: Redactor) -> Iterator[str]:
        """The event as it is printed. Whatever Meta or others sent may hold one of our secrets."""
        if isinstance(event, Finding):  # the words of the catalogue stay as they are
            world = self._connection.world
            event = world.presentable(event.in_layout(self._wishes.layout))
            return event_json(event) if self._wishes.as_json else event_lines(event)
        if self._wishes.as_json:
            return event_json(event, known.redact_all)
        return map(known.redact, event_lines(event))

    def _note(self, event: Event) -> None:
        if isinstance(event, Finding):
            self._last = event
            lost = event.subject == "tunnel" and event.status is Status.FAIL
            if lost and self._up and not self._connection.is_open:
                self._end(1)
        elif isinstance(event, Ready):
            self._up = True

    async def _fall(self) -> int:
        """Ends it; returns how much came that was never told."""
        connection, url = self._connection, self._connection.world.webhook.callback_url
        registered = connection.registered is not None
        try:
            if self._wishes.register and self._wishes.keep:
                await connection.keep_registered()
            elif self._wishes.register:
                await connection.restore()
        finally:
            unread = connection.unread
            await connection.close()
        if self._up:
            say("Stopped the tunnel and the endpoint.", err=True)
        if self._up and registered and connection.registered is not None:
            say(f"Meta still calls {url}, but nothing answers there now.", err=True)
        return unread

    _up = False

    @property
    def _can_ask(self) -> bool:
        return can_prompt() and not self._wishes.as_json

    def _said(self, id_: str) -> bool:
        return self._last is not None and self._last.id == id_

    def _heard(self, percent: int) -> None:
        if sys.stderr.isatty():
            echo(f"Downloading the ngrok agent: {percent} %\r", err=True, nl=False)

    def _end(self, code: int) -> None:
        self._code = code
        self._ended.set()


def _prompted() -> Secret:
    return clean_authtoken(click.prompt("ngrok authtoken", hide_input=True, err=True))
