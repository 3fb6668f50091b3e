"""What deliveries teach for later: somebody wrote, on which field, and for which account."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.tables import each_line
from wizard.journeys.webhook.memory import learned
from wizard.state import StoredWebhook
from wizard.webhook.event_queue import Delivery, Signature
from wizard.webhook.reading import read_body
from wizard.webhook.sample import SAMPLE

NUMBER, OTHER = "333333333333333", "333333333333334"
ACCOUNT = "222222222222222"


def delivery(*entries: object, signature: Signature = "valid") -> Delivery:
    body = json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()
    origins = read_body(body, is_signed=True).origins
    return Delivery((), body, (), datetime(2026, 11, 28, tzinfo=UTC), signature, origins=origins)


def entry(field: str = "messages", number: str = NUMBER, **value: Any) -> dict[str, object]:
    metadata = {"phone_number_id": number}
    return {"id": ACCOUNT, "changes": [{"field": field, "value": {"metadata": metadata} | value}]}


MESSAGE: dict[str, Any] = {"messages": [{"id": "wamid.1", "from": "1", "type": "text"}]}


def test_a_message_was_heard_and_names_the_account() -> None:
    now = learned(StoredWebhook(), delivery(entry(**MESSAGE)), NUMBER)
    assert now == StoredWebhook(heard=True, account=ACCOUNT, account_of=NUMBER)


def test_a_status_names_the_account_and_is_no_message() -> None:
    now = learned(StoredWebhook(), delivery(entry(statuses=[{"id": "wamid.1"}])), NUMBER)
    assert (now.heard, now.account) == (False, ACCOUNT)


def test_what_comes_on_standby_is_that_and_was_not_heard_on_messages() -> None:
    now = learned(StoredWebhook(), delivery(entry("standby", **MESSAGE)), NUMBER)
    assert (now.heard, now.standby) == (False, True)


def test_another_number_names_no_account_of_this_one() -> None:
    now = learned(StoredWebhook(), delivery(entry(number=OTHER, **MESSAGE)), NUMBER)
    assert (now.heard, now.account) == (True, None)


def test_who_can_be_anybody_names_no_account() -> None:
    posted = delivery(entry(**MESSAGE), signature="unchecked")
    assert learned(StoredWebhook(), posted, NUMBER).account is None


def test_a_sample_teaches_nothing() -> None:
    sample = delivery(*json.loads(SAMPLE)["entry"])
    assert learned(StoredWebhook(), sample, NUMBER) == StoredWebhook()


@each_line(
    "odd",
    [
        None,
        {},
        {"id": [], "changes": {}},
        {"changes": [None, "x", {"field": 7, "value": []}]},
        {"id": ACCOUNT, "changes": [{"value": {"metadata": {"phone_number_id": NUMBER * 9000}}}]},
    ],
)
def test_what_is_odd_teaches_nothing(odd: object) -> None:
    assert learned(StoredWebhook(), delivery(odd), NUMBER) == StoredWebhook()


def test_what_is_known_stays() -> None:
    kept = StoredWebhook(heard=True, standby=True, account="9", account_of=NUMBER)
    assert learned(kept, delivery(entry("history")), OTHER) == kept
