"""Where the changes in a body come from: which field, which account, which number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wizard.webhook.json_values import dig, word

if TYPE_CHECKING:
    from wizard.webhook.envelope import Envelope

SAMPLE_NUMBER_ID = "123456123"
SAMPLE_ENTRY_ID = "0"
"""What the dashboard's "Test" button sends."""

_MOST_NODES = 8_192
"""Of a larger body nothing is learned: a smaller one will come."""


class Origin(NamedTuple):
    """Of one change its field, the account that it is sent for, and the number it is about."""

    field: str
    account_id: str
    number_id: str
    has_messages: bool


def origins_of(envelope: Envelope) -> tuple[Origin, ...]:
    """The origins of all changes in a body of Meta's, each once, save those of its samples.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
    """
    if envelope.nodes > _MOST_NODES:
        return ()
    return tuple(dict.fromkeys(_origins(envelope.entries)))


def _origins(entries: list[object]) -> Iterator[Origin]:
    for entry in entries:
        account = word(dig(entry, "id"))
        changes = dig(entry, "changes")
        for change in changes if isinstance(changes, list) else []:
            value = dig(change, "value")
            number = word(dig(value, "metadata", "phone_number_id"))
            if account == SAMPLE_ENTRY_ID or number == SAMPLE_NUMBER_ID:
                continue
            messages = bool(dig(value, "messages"))
            yield Origin(word(dig(change, "field")), account, number, messages)
