"""What happens on a connection, in a line for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from wizard.cli.output.reports import finding_lines, fix_lines
from wizard.findings import Finding, Status, new_finding
from wizard.journeys.webhook.events import REASONS, DeliveryForwarded, Event, Ready
from wizard.journeys.webhook.registration import ForeignCallback
from wizard.tunnel.tunnel import TunnelChange
from wizard.webhook.event_queue import Delivery, Handshake, Rejected
from wizard.webhook.event_text import event_text, malformed_text

_MAX_SAID = 240


def event_lines(event: Event) -> Iterator[str]:
    """An event as a person reads it; nothing for what only programs need."""
    yield from _LINES[type(event)](event)


def shared(foreign: ForeignCallback) -> Finding:
    """The finding for a callback that was left alone."""
    fate = (
        "it accepts your verify token, so it can be restored"
        if foreign.restorable
        else f"this program can't restore it ({foreign.answer.title.lower()})"
    )
    return new_finding("webhook.shared_app", f"Meta calls {foreign.callback_url}; {fate}")


def _ready(ready: Ready) -> Iterator[str]:
    way = filter(None, [ready.callback_url, "this machine", ready.forward_to])
    yield ""
    yield "  " + click.style("  →  ".join(way), bold=True)
    yield ""


def _finding(finding: Finding) -> Iterator[str]:
    yield from finding_lines(finding)
    if finding.status in {Status.FAIL, Status.UNKNOWN} or finding.id == "webhook.shared_app":
        yield ""
        yield from fix_lines(finding)
        yield ""


def _foreign(foreign: ForeignCallback) -> Iterator[str]:
    yield from _finding(shared(foreign))


def _handshake(shaken: Handshake) -> Iterator[str]:
    if not shaken.own:
        said = "Meta verified the callback URL" if shaken.ok else _reason(shaken.reason)
        yield _line(shaken.at, "handshake", said, _mark("token", good=shaken.ok))


def _delivery(delivery: Delivery) -> Iterator[str]:
    mark = (
        _mark("signed")
        if delivery.signature == "valid"
        else click.style("! not checked: no App Secret", fg="yellow")
    )
    for event in delivery.events:
        kind, said = event_text(event, _MAX_SAID)
        yield _line(delivery.at, kind, said, mark)
    for fault in delivery.malformed:
        yield _line(delivery.at, "malformed", malformed_text(fault), mark)
    if not delivery.events and not delivery.malformed:
        yield _line(delivery.at, "delivery", "an empty delivery", mark)


def _rejected(rejected: Rejected) -> Iterator[str]:
    answer = "" if rejected.status is None else f"answered {rejected.status}"
    yield _line(rejected.at, "rejected", _reason(rejected.reason), _mark(answer, good=False))


def _passed(passed: DeliveryForwarded) -> Iterator[str]:
    answer, now = passed.answer, datetime.now().astimezone()
    if answer.status is None:
        words = {
            "timeout": "did not respond in time",
            "connect": "does not respond",
            "behind": "is too slow; this was not forwarded",
        }
        said = f"your app {words.get(answer.error or '', 'closed the connection')}"
        yield _line(now, "forwarded", said, _mark("", good=False))
        return
    mark = _mark(f"{answer.status}  {answer.duration_ms} ms", good=200 <= answer.status < 300)
    yield _line(now, "forwarded", "your app responded", mark)


def _change(change: TunnelChange) -> Iterator[str]:
    if change.state != "up" and (change.url or change.detail):
        mark = _mark(change.state, good=change.state == "reconnected")
        yield _line(datetime.now().astimezone(), "tunnel", change.detail or change.url or "", mark)


_LINES: Mapping[type, Callable[[Any], Iterator[str]]] = {
    Ready: _ready,
    Finding: _finding,
    ForeignCallback: _foreign,
    Handshake: _handshake,
    Delivery: _delivery,
    Rejected: _rejected,
    DeliveryForwarded: _passed,
    TunnelChange: _change,
}


def _line(at: datetime, kind: str, said: str, mark: str) -> str:
    return f"  {at.astimezone():%H:%M:%S}  {kind:<10} {said:<52}  {mark}".rstrip()


def _mark(word: str, *, good: bool = True) -> str:
    return click.style(f"{'✓' if good else '✗'} {word}".rstrip(), fg="green" if good else "red")


def _reason(reason: str | None) -> str:
    return REASONS.get(reason or "", reason or "")
