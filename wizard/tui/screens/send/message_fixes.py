"""What can be pressed where a message did not go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.findings import Finding, Status
from wizard.journeys.messages.messages import MessageDraft
from wizard.tui.controllers.message import MessageController

_UNREGISTERED = {"message.not_registered", "message.pin_mismatch", "phone_number_id.not_registered"}
_OTHER_TEMPLATE = {"message.template_missing", "message.template_test_only"}
_AGAIN_IN_VAIN = {*_OTHER_TEMPLATE, "message.country_restricted", "message.not_registered"}


@dataclass(frozen=True)
class MessageFix:
    """A key, the screen's action behind it, what it does in words, and the message it sends, or
    `asks` about first."""

    key: str
    action: str
    does: str
    draft: MessageDraft | None = None
    asks: bool = False


def message_fixes(finding: Finding, sending: MessageController) -> tuple[MessageFix, ...]:
    """The keys that mend it, the best first."""
    return tuple(_remedies(finding, sending))


def _remedies(finding: Finding, sending: MessageController) -> Iterator[MessageFix]:
    if finding.id in _UNREGISTERED:
        yield MessageFix("r", "register", "register the number with its PIN")
    if finding.id in _OTHER_TEMPLATE:
        yield MessageFix("ctrl+t", "choose", "choose an approved template")
    track = sending.tracker
    if track is None or sending.job is not None:
        return
    draft, other = track.draft, track.draft.to.other
    if finding.id == "message.recipient_rewritten" and other:
        yield _sends("f", "other", replace(draft, to=other))
    if finding.id == "message.window_closed":
        template = sending.template
        yield _sends(
            "t", "template", MessageDraft(draft.to, None, template.name, template.language)
        )
    if (track.failed or track.outcome) and track.is_over and finding.id not in _AGAIN_IN_VAIN:
        to = draft.to.shown
        if finding.status is Status.UNKNOWN:
            does = f"send it again to {to}, after confirmation: the first may have been sent"
            yield MessageFix("a", "again", does, draft, asks=True)
        else:
            yield MessageFix("a", "again", f"send it again to {to}", draft)


def _sends(key: str, action: str, draft: MessageDraft) -> MessageFix:
    return MessageFix(key, action, f"send to {draft.to.shown}: {draft.about}", draft)
