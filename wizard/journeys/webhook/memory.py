"""What Meta's deliveries teach about the webhook, to be remembered for a doctor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from wizard.graph.callbacks import FIELD
from wizard.state import StoredWebhook
from wizard.webhook.event_queue import Delivery

_STANDBY = "standby"
"""https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/standby/"""


def learned(kept: StoredWebhook, delivery: Delivery, number_id: str | None) -> StoredWebhook:
    """What is known after a delivery; the account of another number than `number_id` is not."""
    origins, news = delivery.origins, dict[str, Any]()
    if not kept.heard and any(one.field == FIELD and one.has_messages for one in origins):
        news["heard"] = True
    if not kept.standby and any(one.field == _STANDBY for one in origins):
        news["standby"] = True
    own = (one.account_id for one in origins if one.number_id and one.number_id == number_id)
    account = next(filter(None, own), None)
    if account is not None and delivery.signature == "valid":
        news |= {"account": account, "account_of": number_id}
    return replace(kept, **news) if news else kept
