"""What Meta's envelope holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from wizard.webhook.origins import Origin
from wizard.webhook.shape_check import Malformed

MAX_EVENTS = 1000
"""Meta puts up to 1,000 updates into one body:
https://developers.facebook.com/docs/graph-api/webhooks/getting-started"""
MESSAGES = "messages"
"""The field on which everything arrives that an app has to answer."""


class InboundMessage(NamedTuple):
    """A message that somebody wrote.

    `kind` is Meta's word (text, image, button, reaction …) or `unknown`, `text` what there is to
    show of it. `sender` is a number, or a business-scoped user ID where Meta shares no number.
    `field` is `messages`, or `standby` where another app holds the conversation. `is_sample` tells
    what the dashboard's "Test" button sends. Strings are as the writer made them, and empty where
    Meta sent none: a terminal needs control characters taken out.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
    """

    id: str
    sender: str
    name: str
    kind: str
    text: str
    number_id: str
    timestamp: datetime | None
    raw: Mapping[str, Any]
    is_sample: bool = False
    user_id: str = ""
    parent_user_id: str = ""
    username: str = ""
    group_id: str = ""
    field: str = MESSAGES

    @property
    def number(self) -> str:
        """The sender's number; empty where Meta shares none."""
        return "" if self.sender == self.user_id else self.sender


class StatusUpdate(NamedTuple):
    """How far a message of ours has come; `status` may be a word that nobody knows yet.

    `recipient` is a number or a group, and empty where the message went to a user ID. A message to
    a group has one status for each participant.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
    """

    id: str
    recipient: str
    status: str
    number_id: str
    error_code: int | None
    error_title: str
    timestamp: datetime | None
    raw: Mapping[str, Any]
    is_sample: bool = False
    recipient_user_id: str = ""
    recipient_type: str = ""
    participant: str = ""
    participant_user_id: str = ""
    name: str = ""
    username: str = ""
    field: str = MESSAGES


@dataclass(frozen=True)
class AccountError:
    """An error that is about no single message: the app's, the account's or the number's.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/errors
    """

    code: int | None
    title: str
    details: str
    href: str
    number_id: str
    field: str
    raw: Mapping[str, Any]
    is_sample: bool = False


@dataclass(frozen=True)
class OtherChange:
    """A change that is none of these; `raw` is the change with its field and value, `summary` its
    essential in a line."""

    field: str
    raw: Mapping[str, Any]
    is_sample: bool = False
    summary: str = ""
    number_id: str = ""


@dataclass(frozen=True)
class Omitted:
    """Events of this body that are not read one by one: `count` of them beyond `MAX_EVENTS`, or
    all, uncounted, where the body is `too_complex`."""

    count: int | None
    reason: Literal["too_many", "too_complex"]
    is_sample: bool = False


WebhookEvent: TypeAlias = InboundMessage | StatusUpdate | AccountError | OtherChange | Omitted


class Reading(NamedTuple):
    """What a body holds, in its order; `nodes` is the number of JSON values in it, `malformed` what
    in it is not as Meta describes, `origins` where its changes come from."""

    events: tuple[WebhookEvent, ...]
    nodes: int
    malformed: tuple[Malformed, ...] = ()
    origins: tuple[Origin, ...] = ()
