"""How far the way from Meta to this machine has come, from what a connection tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from wizard.findings import Finding, Status, new_finding
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event, Ready
from wizard.journeys.webhook.registration import ForeignCallback
from wizard.tui.controllers.stage_state import StageState
from wizard.tunnel.tunnel import TunnelChange
from wizard.values.credentials import CREDENTIALS
from wizard.webhook.event_queue import Handshake


class WebhookJob(StrEnum):
    """What is being done right now, in words."""

    OPENING = "opening"
    REGISTERING = "registering with Meta"
    RESTORING = "restoring the previous URL"
    CLOSING = "closing"


class StageName(StrEnum):
    """The four stages, from this machine outwards."""

    ENDPOINT = "Endpoint"
    TUNNEL = "Tunnel"
    HANDSHAKE = "Verification"
    RECORD = "Registration"


@dataclass(frozen=True)
class WebhookStage:
    """One of the four: how it stands, a few words of evidence, and the trouble, if any."""

    name: StageName
    state: StageState
    words: str
    finding: Finding | None = None

    def in_layout(self, layout: str | None) -> WebhookStage:
        """The same in the words of one layout of the portal."""
        return replace(self, finding=self.finding and self.finding.in_layout(layout))


_MARKS = {
    Status.PASS: StageState.GOOD,
    Status.WARN: StageState.WARN,
    Status.FAIL: StageState.BAD,
    Status.SKIP: StageState.WAITING,
    Status.UNKNOWN: StageState.BAD,
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


class StageTracker:
    """Takes in events, and tells the four stages at any time.

    `verified` is the address that Meta is known to have verified, and when; `pretended` tells that
    the tunnel is the demo's.
    """

    def __init__(self, *, pretended: bool = False) -> None:
        self._pretended = pretended
        self.found: dict[StageName, Finding] = {}
        self.verified: tuple[str, datetime] | None = None
        self.percent: int | None = None
        self._shaken = False
        self._lost = ""

    def begin(self) -> None:
        """The way is about to be opened, perhaps once more."""
        for part in (StageName.ENDPOINT, StageName.TUNNEL, StageName.HANDSHAKE):
            self.found.pop(part, None)
        self._shaken = False
        self._lost = ""
        self.percent = None

    def handle_event(
        self, event: Event, job: WebhookJob | None, url: str | None, at: datetime
    ) -> None:
        """Takes in one event; `url` is the callback URL now."""
        match event:
            case Ready():
                self.begin()
                self.found.pop(StageName.RECORD, None)
            case TunnelChange(state):
                self._note_change(state, event.detail)
            case Finding():
                self._note_finding(event, job, url, at)
            case Handshake(own=False):
                self._note_call(event, url, at)
            case ForeignCallback():
                evidence = f"Meta calls {event.callback_url}"
                self.found[StageName.RECORD] = new_finding("webhook.shared_app", evidence)

    def _note_change(self, state: str, detail: str) -> None:
        self._lost = (detail or "reconnecting") if state == "lost" else ""
        if state == "reconnected":
            self.found.pop(StageName.TUNNEL, None)

    def _note_finding(
        self, finding: Finding, job: WebhookJob | None, url: str | None, at: datetime
    ) -> None:
        if finding.id == "verify_token.valid":
            self._shaken = True
            return
        if finding.id == "webhook.registered" and url is not None:
            self.verified = (url, at)
        elif finding.id == "webhook.restored":
            self.verified = None
        self.found[self._part(finding, job)] = finding

    def _part(self, finding: Finding, job: WebhookJob | None) -> StageName:
        if finding.subject == "tunnel":
            return StageName.TUNNEL
        if (
            finding.id in _ON_RECORD
            or self._shaken
            or job in {WebhookJob.REGISTERING, WebhookJob.RESTORING}
        ):
            return StageName.RECORD
        refused = finding.id in {"webhook.port_in_use", "webhook.port_refused"}
        return (
            StageName.ENDPOINT if refused or finding.subject in CREDENTIALS else StageName.HANDSHAKE
        )

    def _note_call(self, call: Handshake, url: str | None, at: datetime) -> None:
        """Meta's own call. Strangers come too, but none of them knows the token, or nearly."""
        if call.ok and url is not None:
            self.verified = (url, at)
            self.found.pop(StageName.RECORD, None)
        elif call.reason in _WRONG_TOKENS and self.verified is None:
            self.found[StageName.RECORD] = new_finding(
                _WRONG_TOKENS[call.reason], f"The call came at {at.astimezone():%H:%M:%S}"
            )

    def current_stages(
        self, connection: WebhookConnection | None, job: WebhookJob | None
    ) -> tuple[WebhookStage, ...]:
        """The four stages as they are now."""
        return (
            self._endpoint(connection, job),
            self._tunnel(connection, job),
            self._handshake(connection, job),
            self._record(connection, job),
        )

    def _endpoint(
        self, connection: WebhookConnection | None, job: WebhookJob | None
    ) -> WebhookStage:
        if trouble := self._trouble(StageName.ENDPOINT):
            return trouble
        if connection is not None and connection.endpoint is not None:
            return WebhookStage(
                StageName.ENDPOINT, StageState.GOOD, f"listens at {connection.local_url}"
            )
        if job is WebhookJob.OPENING:
            return WebhookStage(StageName.ENDPOINT, StageState.BUSY, "opening a port")
        return WebhookStage(StageName.ENDPOINT, StageState.WAITING, "not running")

    def _tunnel(self, connection: WebhookConnection | None, job: WebhookJob | None) -> WebhookStage:
        if trouble := self._trouble(StageName.TUNNEL):
            return trouble
        if self._lost:
            return WebhookStage(StageName.TUNNEL, StageState.WARN, f"lost: {self._lost}")
        if connection is not None and connection.is_open:
            if self._pretended:
                return WebhookStage(StageName.TUNNEL, StageState.GOOD, "simulated, on this machine")
            own = f"your own URL must lead to {connection.local_url}"
            return WebhookStage(
                StageName.TUNNEL, StageState.GOOD, _WAYS.get(connection.tunnel_options.kind, own)
            )
        if job is WebhookJob.OPENING:
            loads = (
                "" if self.percent is None else (f"; downloading the ngrok agent, {self.percent} %")
            )
            return WebhookStage(StageName.TUNNEL, StageState.BUSY, f"opening a public URL{loads}")
        return WebhookStage(StageName.TUNNEL, StageState.WAITING, "not running")

    def _handshake(
        self, connection: WebhookConnection | None, job: WebhookJob | None
    ) -> WebhookStage:
        if trouble := self._trouble(StageName.HANDSHAKE):
            return trouble
        is_open = connection is not None and connection.is_open
        if is_open and (said := self.found.get(StageName.HANDSHAKE)):
            url = connection.callback_url if connection else ""
            words = said.evidence.replace(url or " ", "the public URL")
            return WebhookStage(StageName.HANDSHAKE, _MARKS[said.status], f"test passed; {words}")
        if is_open and job is WebhookJob.OPENING:
            return WebhookStage(
                StageName.HANDSHAKE, StageState.BUSY, "testing the public URL as Meta will"
            )
        return WebhookStage(StageName.HANDSHAKE, StageState.WAITING, "not tested")

    def _record(self, connection: WebhookConnection | None, job: WebhookJob | None) -> WebhookStage:
        if job in {WebhookJob.REGISTERING, WebhookJob.RESTORING}:
            return WebhookStage(StageName.RECORD, StageState.BUSY, str(job))
        url = connection.callback_url if connection else None
        if self.verified and self.verified[0] != url:
            return WebhookStage(
                StageName.RECORD, StageState.WARN, f"Meta still calls {self.verified[0]}"
            )
        if trouble := self._trouble(StageName.RECORD):
            return trouble
        if self.verified:
            words = f"Meta verified it at {self.verified[1].astimezone():%H:%M}"
            return WebhookStage(StageName.RECORD, StageState.GOOD, words)
        if said := self.found.get(StageName.RECORD):
            return WebhookStage(StageName.RECORD, _MARKS[said.status], said.title, said)
        if url is not None and self._shaken:
            return WebhookStage(StageName.RECORD, StageState.BUSY, "waiting for Meta's call")
        return WebhookStage(StageName.RECORD, StageState.WAITING, "not registered")

    def _trouble(self, part: StageName) -> WebhookStage | None:
        said = self.found.get(part)
        if said is None or said.status not in {Status.FAIL, Status.UNKNOWN}:
            return None
        return WebhookStage(part, StageState.BAD, said.title, said)
