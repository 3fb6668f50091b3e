"""How far the way from Meta to this machine has come, from what a connection tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wizard.findings import Finding, Status, found
from wizard.journeys.webhook.connection import Connection
from wizard.journeys.webhook.events import Event, Ready
from wizard.journeys.webhook.registration import Foreign
from wizard.tunnel.tunnel import TunnelChange
from wizard.values.credentials import CREDENTIALS
from wizard.webhook.event_queue import Handshake


class Job(StrEnum):
    """What is being done right now, in words."""

    OPENING = "opening"
    REGISTERING = "asking Meta to register it"
    RESTORING = "putting back what was there"
    CLOSING = "closing"


class Mark(StrEnum):
    """How a stage stands; its sign is in the theme."""

    WAITING = "waiting"
    BUSY = "busy"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNANSWERED = "unanswered"


class Part(StrEnum):
    """The four stages, from this machine outwards."""

    ENDPOINT = "Endpoint"
    TUNNEL = "Tunnel"
    HANDSHAKE = "Handshake"
    RECORD = "Meta's record"


@dataclass(frozen=True)
class Stage:
    """One of the four: how it stands, a few words of evidence, and the trouble, if any."""

    part: Part
    mark: Mark
    words: str
    finding: Finding | None = None


_MARKS = {
    Status.PASS: Mark.GOOD,
    Status.WARN: Mark.WARN,
    Status.FAIL: Mark.BAD,
    Status.SKIP: Mark.WAITING,
    Status.UNKNOWN: Mark.BAD,
}
_ON_RECORD = {
    f"webhook.{what}"
    for what in (
        "registered",
        "not_registered",
        "restored",
        "not_restored",
        "changed_since",
        "still_listening",
        "shared_app",
        "local_only",
        "inactive",
        "stale_url",
        "field_missing",
        "overridden",
    )
}
_WRONG_TOKENS = {
    "wrong_token": "webhook.token_mismatch",
    "wrong_token_case": "webhook.token_case",
    "wrong_token_whitespace": "webhook.token_whitespace",
}
_WAYS = {
    "ngrok": "ngrok leads to this machine",
    "cloudflared": "cloudflared leads to this machine",
}


class Stages:
    """Takes in events, and tells the four stages at any time.

    `verified` is the address that Meta is known to have verified, and when; `pretended` tells that
    the tunnel is the demo's.
    """

    def __init__(self, *, pretended: bool = False) -> None:
        self._pretended = pretended
        self.found: dict[Part, Finding] = {}
        self.verified: tuple[str, datetime] | None = None
        self.percent: int | None = None
        self._shaken = False
        self._lost = ""

    def begin(self) -> None:
        """The way is about to be opened, perhaps once more."""
        for part in (Part.ENDPOINT, Part.TUNNEL, Part.HANDSHAKE):
            self.found.pop(part, None)
        self._shaken = False
        self._lost = ""
        self.percent = None

    def note(self, event: Event, job: Job | None, url: str | None, at: datetime) -> None:
        """Takes in one event; `url` is the callback URL now."""
        match event:
            case Ready():
                self.begin()
                self.found.pop(Part.RECORD, None)
            case TunnelChange(state):
                self._note_change(state, event.detail)
            case Finding():
                self._note_finding(event, job, url, at)
            case Handshake(own=False):
                self._note_call(event, url, at)
            case Foreign():
                evidence = f"Meta calls {event.callback_url}"
                self.found[Part.RECORD] = found("webhook.shared_app", evidence)

    def _note_change(self, state: str, detail: str) -> None:
        self._lost = (detail or "connecting again") if state == "lost" else ""
        if state == "reconnected":
            self.found.pop(Part.TUNNEL, None)

    def _note_finding(
        self, finding: Finding, job: Job | None, url: str | None, at: datetime
    ) -> None:
        if finding.id == "verify_token.valid":
            self._shaken = True
            return
        if finding.id == "webhook.registered" and url is not None:
            self.verified = (url, at)
        elif finding.id == "webhook.restored":
            self.verified = None
        self.found[self._part(finding, job)] = finding

    def _part(self, finding: Finding, job: Job | None) -> Part:
        if finding.subject == "tunnel":
            return Part.TUNNEL
        if finding.id in _ON_RECORD or self._shaken or job in {Job.REGISTERING, Job.RESTORING}:
            return Part.RECORD
        refused = finding.id in {"webhook.port_in_use", "webhook.port_refused"}
        return Part.ENDPOINT if refused or finding.subject in CREDENTIALS else Part.HANDSHAKE

    def _note_call(self, call: Handshake, url: str | None, at: datetime) -> None:
        """Meta's own call. Strangers come too, but none of them knows the token, or nearly."""
        if call.ok and url is not None:
            self.verified = (url, at)
            self.found.pop(Part.RECORD, None)
        elif call.reason in _WRONG_TOKENS and self.verified is None:
            self.found[Part.RECORD] = found(
                _WRONG_TOKENS[call.reason], f"The call came at {at.astimezone():%H:%M:%S}"
            )

    def tell(self, connection: Connection | None, job: Job | None) -> tuple[Stage, ...]:
        """The four stages as they are now."""
        return (
            self._endpoint(connection, job),
            self._tunnel(connection, job),
            self._handshake(connection, job),
            self._record(connection, job),
        )

    def _endpoint(self, connection: Connection | None, job: Job | None) -> Stage:
        if trouble := self._trouble(Part.ENDPOINT):
            return trouble
        if connection is not None and connection.endpoint is not None:
            return Stage(Part.ENDPOINT, Mark.GOOD, f"listens at {connection.local_url}")
        if job is Job.OPENING:
            return Stage(Part.ENDPOINT, Mark.BUSY, "taking a port")
        return Stage(Part.ENDPOINT, Mark.WAITING, "not open")

    def _tunnel(self, connection: Connection | None, job: Job | None) -> Stage:
        if trouble := self._trouble(Part.TUNNEL):
            return trouble
        if self._lost:
            return Stage(Part.TUNNEL, Mark.WARN, f"lost: {self._lost}")
        if connection is not None and connection.is_open:
            if self._pretended:
                return Stage(Part.TUNNEL, Mark.GOOD, "a pretended one, on this machine")
            own = f"your own address has to lead to {connection.local_url}"
            return Stage(Part.TUNNEL, Mark.GOOD, _WAYS.get(connection.way.kind, own))
        if job is Job.OPENING:
            loads = "" if self.percent is None else f"; fetching ngrok's agent, {self.percent} %"
            return Stage(Part.TUNNEL, Mark.BUSY, f"asking for a public address{loads}")
        return Stage(Part.TUNNEL, Mark.WAITING, "not open")

    def _handshake(self, connection: Connection | None, job: Job | None) -> Stage:
        if trouble := self._trouble(Part.HANDSHAKE):
            return trouble
        is_open = connection is not None and connection.is_open
        if is_open and (said := self.found.get(Part.HANDSHAKE)):
            url = connection.callback_url if connection else ""
            words = said.evidence.replace(url or " ", "the public address")
            return Stage(Part.HANDSHAKE, _MARKS[said.status], f"ours passed; {words}")
        if is_open and job is Job.OPENING:
            return Stage(Part.HANDSHAKE, Mark.BUSY, "calling the public address as Meta will")
        return Stage(Part.HANDSHAKE, Mark.WAITING, "not tried")

    def _record(self, connection: Connection | None, job: Job | None) -> Stage:
        if job in {Job.REGISTERING, Job.RESTORING}:
            return Stage(Part.RECORD, Mark.BUSY, str(job))
        url = connection.callback_url if connection else None
        if self.verified and self.verified[0] != url:
            return Stage(Part.RECORD, Mark.WARN, f"Meta still calls {self.verified[0]}")
        if trouble := self._trouble(Part.RECORD):
            return trouble
        if self.verified:
            words = f"Meta verified it at {self.verified[1].astimezone():%H:%M}"
            return Stage(Part.RECORD, Mark.GOOD, words)
        if said := self.found.get(Part.RECORD):
            return Stage(Part.RECORD, _MARKS[said.status], said.title, said)
        if url is not None and self._shaken:
            return Stage(Part.RECORD, Mark.BUSY, "waiting for Meta's call")
        return Stage(Part.RECORD, Mark.WAITING, "not yet")

    def _trouble(self, part: Part) -> Stage | None:
        said = self.found.get(part)
        if said is None or said.status not in {Status.FAIL, Status.UNKNOWN}:
            return None
        return Stage(part, Mark.BAD, said.title, said)
