"""The signature, and the reading of Meta's envelope."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import each_line
from tests.webhook.meta import SECRET, change, message, status, value, written
from wizard.values.credentials import Secret
from wizard.webhook.envelope import EnvelopeError
from wizard.webhook.events import (
    AccountError,
    InboundMessage,
    OtherChange,
    StatusUpdate,
    WebhookEvent,
)
from wizard.webhook.reading import read_events
from wizard.webhook.signature import sign, verify_signature


def only(body: bytes) -> Any:
    (event,) = read_events(body)
    return event


def test_a_signature_is_an_hmac_of_the_raw_bytes() -> None:
    # RFC 4231, test case 2
    made = sign(Secret("Jefe"), b"what do ya want for nothing?")
    assert made == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_a_signature_holds_for_its_own_body_and_secret_alone() -> None:
    body = written()
    assert verify_signature(SECRET, body, sign(SECRET, body))
    assert not verify_signature(SECRET, body + b" ", sign(SECRET, body))
    assert not verify_signature(Secret("another"), body, sign(SECRET, body))


@each_line("header", [None, "", "sha256=", "sha1=abc", "sha256=ü", "\udc80", "0" * 64])
def test_what_is_no_signature_verifies_nothing(header: str | None) -> None:
    assert not verify_signature(SECRET, b"{}", header)


def test_a_library_of_others_accepts_what_we_sign() -> None:
    utils = pytest.importorskip("pywa.utils")
    body = written(type="text", text={"body": "żółw 🐢 / \\"})
    secret = SECRET.reveal()
    assert utils.webhook_updates_validator(secret, body, sign(SECRET, body))
    assert not utils.webhook_updates_validator(secret, body + b"\n", sign(SECRET, body))


def test_a_message_is_read_with_its_writer() -> None:
    event = only(written())
    assert isinstance(event, InboundMessage)
    assert (event.id, event.sender, event.name) == ("wamid.ONE", "16505551234", "Sheena Nelson")
    assert (event.kind, event.text, event.number_id) == ("text", "Hello", "106540352242922")
    assert event.timestamp == datetime.fromtimestamp(1749416383, UTC)
    assert event.raw["text"] == {"body": "Hello"}
    assert not event.is_sample


@each_line(
    ("kind", "part", "shown"),
    [
        ("text", {"body": "Hi"}, "Hi"),
        ("image", {"caption": "A cat", "id": "1"}, "A cat"),
        ("image", {"id": "1"}, ""),
        ("document", {"filename": "bill.pdf"}, "bill.pdf"),
        ("button", {"text": "Yes", "payload": "YES"}, "Yes"),
        ("interactive", {"type": "button_reply", "button_reply": {"title": "Buy"}}, "Buy"),
        ("interactive", {"type": "list_reply", "list_reply": {"title": "Two"}}, "Two"),
        ("reaction", {"message_id": "wamid.X", "emoji": "👍"}, "👍"),
        ("reaction", {"message_id": "wamid.X"}, ""),
        ("location", {"latitude": 52.5, "longitude": -13}, "52.5, -13"),
        (
            "location",
            {"latitude": 1, "longitude": 2, "name": "Home", "address": "A 1"},
            "Home, A 1",
        ),
        ("location", {"latitude": "north"}, ""),
        ("contacts", [{"name": {"formatted_name": "Bo"}}, {"name": 3}], "Bo"),
        ("text", "no object", ""),
        ("of tomorrow", {"body": "?"}, ""),
    ],
)
def test_each_kind_shows_its_words(kind: str, part: object, shown: str) -> None:
    parts: dict[str, Any] = {"type": kind, kind: part}
    event = only(written(**parts))
    assert (event.kind, event.text) == (kind, shown)


def test_an_unsupported_message_says_why() -> None:
    event = only(written(type="unsupported", errors=[{"code": 131051, "title": "Unsupported"}]))
    assert event.text == "Unsupported"


def test_a_message_without_a_type_is_unknown() -> None:
    assert only(written(text={"body": "Hi"})).kind == "unknown"


def test_people_with_a_business_scoped_id_alone_are_known_by_it() -> None:
    body = change(
        value(
            contacts=[
                {"profile": {"name": "Other"}, "user_id": "US.2"},
                {"profile": {"name": "Bo"}, "user_id": "US.1"},
            ],
            messages=[{"id": "wamid.A", "from_user_id": "US.1", "type": "text"}],
        )
    )
    event = only(body)
    assert (event.sender, event.name, event.timestamp) == ("US.1", "Bo", None)


def test_a_message_without_contacts_or_sender_is_still_a_message() -> None:
    event = only(change(value(messages=[{"id": "wamid.A", "type": "text"}])))
    assert (event.id, event.sender, event.name) == ("wamid.A", "", "")


def test_a_failed_status_bears_its_error() -> None:
    errors = [{"code": 131047, "title": "Re-engagement message", "message": "long"}]
    event = only(status("failed", errors=errors))
    assert isinstance(event, StatusUpdate)
    assert (event.id, event.status, event.recipient) == ("wamid.ONE", "failed", "16505551234")
    assert (event.error_code, event.error_title) == (131047, "Re-engagement message")
    assert event.timestamp == datetime.fromtimestamp(1750263773, UTC)


@each_line("word", ["sent", "delivered", "read", "played", "teleported"])
def test_any_status_is_taken_as_it_is(word: str) -> None:
    event = only(status(word))
    assert (event.status, event.error_code, event.error_title) == (word, None, "")


def test_many_entries_and_changes_keep_their_order() -> None:
    parts = [written("wamid.1"), status("sent", "wamid.2"), change({"a": 1}, "account_alerts")]
    entries = [entry for part in parts for entry in json.loads(part)["entry"]]
    entries[0]["changes"].append(json.loads(written("wamid.3"))["entry"][0]["changes"][0])
    events = read_events(json.dumps({"entry": [*entries, None, {}, {"changes": [1]}]}).encode())
    assert [getattr(event, "id", "") for event in events] == [
        "wamid.1",
        "wamid.3",
        "wamid.2",
        "",
    ]
    assert isinstance(events[3], OtherChange)
    assert events[3].field == "account_alerts"


def test_errors_without_a_message_are_events_of_their_own() -> None:
    data = {"details": "Too many"}
    event = only(change(value(errors=[{"code": 130429, "title": "Limit", "error_data": data}])))
    assert isinstance(event, AccountError)
    assert (event.code, event.title, event.details) == (130429, "Limit", "Too many")
    assert event.raw["error_data"] == data


@each_line(
    "body",
    [
        change(value("123456123", messages=[message()])),
        change(value(messages=[message()]), entry="0"),
        change(value(statuses=[{"id": "x"}]), entry="0"),
        change({}, "account_update", entry="0"),
    ],
)
def test_what_the_dashboards_test_button_sends_is_known_as_a_sample(body: bytes) -> None:
    assert only(body).is_sample


@each_line(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"{}",
        b'{"entry": {}}',
        b'{"entry": [NaN]}',
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"entry": [' + b"1" * 5000 + b"]}",
    ],
)
def test_nonsense_is_one_error_that_quotes_nothing(body: bytes) -> None:
    with pytest.raises(EnvelopeError) as caught:
        read_events(body)
    assert caught.value.__cause__ is None
    assert "nonsense" not in str(caught.value)


def test_half_a_surrogate_pair_can_be_written_to_a_file() -> None:
    event = only(written(type="text", text={"body": "a\ud83d"}))
    assert event.text.encode() == "a\ufffd".encode()


@each_line("when", ["99999999999999999", "-1e9", "soon", "", None, True, [], "9" * 5000])
def test_a_time_that_is_none_does_not_matter(when: object) -> None:
    event = only(change(value(messages=[message() | {"timestamp": when}])))
    assert event.timestamp is None


KEYS = [
    "entry",
    "changes",
    "field",
    "value",
    "metadata",
    "contacts",
    "messages",
    "statuses",
    "errors",
    "id",
    "type",
    "text",
    "location",
    "timestamp",
    "profile",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=75)
@given(JSON)
def test_any_json_is_read_or_is_the_one_error(parsed: object) -> None:
    read_or_refused(json.dumps(parsed).encode())


@settings(max_examples=75)
@given(part=JSON, where=st.sampled_from(["entry", "change", "value", "message", "status", "text"]))
def test_any_json_inside_the_envelope_is_tolerated(part: Any, where: str) -> None:
    shapes: dict[str, Any] = {
        "message": value(messages=[part], contacts=part),
        "status": value(statuses=[part], metadata=part),
        "text": value(messages=[{"type": "text", "text": part, "errors": part, "from": part}]),
    }
    whole: Any = {"field": "messages", "value": shapes.get(where, part)}
    entry = part if where == "entry" else {"id": part, "changes": [whole, part]}
    read_events(json.dumps({"entry": [entry]}).encode())


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_are_the_one_error(body: bytes) -> None:
    read_or_refused(body)


def read_or_refused(body: bytes) -> list[WebhookEvent] | None:
    try:
        return read_events(body)
    except EnvelopeError:
        return None
