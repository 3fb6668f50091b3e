"""What Meta posts: the bytes, the signature, and each kind of envelope."""

from __future__ import annotations

import base64
import json
import re

import pytest

from tests.tables import each_line
from wizard.simulator import Meta
from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.payloads import Part
from wizard.simulator.world.people import Customer, OutboundMessage, SendError
from wizard.values.credentials import Secret
from wizard.webhook.events import InboundMessage, StatusUpdate
from wizard.webhook.reading import read_events
from wizard.webhook.sample import SAMPLE

AT = 1_762_174_800.75
SECRET = Secret("0123456789abcdef0123456789abcdef")
BUDI = Customer("6281255501234", "Budi Santoso")
UNDELIVERABLE = SendError(131026, "Message undeliverable", "Message Undeliverable.")


@pytest.fixture
def meta() -> Meta:
    return Meta()


def posted(meta: Meta, part: Part) -> bytes:
    value = payloads.written(meta.test_number, BUDI, "wamid.ONE", AT, part)
    return payloads.encode(payloads.envelope(meta.waba.id, value))


def reported(meta: Meta, word: str, trouble: SendError | None = None) -> bytes:
    letter = OutboundMessage("wamid.TWO", BUDI, "utility")
    value = payloads.status(meta.test_number, letter, word, AT, trouble)
    return payloads.encode(payloads.envelope(meta.waba.id, value))


def test_a_body_is_ascii_with_lower_case_escapes_and_escaped_slashes() -> None:
    assert payloads.encode({"text": "äöå a/b 🌶"}) == (
        b'{"text":"\\u00e4\\u00f6\\u00e5 a\\/b \\ud83c\\udf36"}'
    )


def test_a_body_says_what_was_meant(meta: Meta) -> None:
    value = payloads.written(
        meta.test_number, BUDI, "wamid.ONE", AT, payloads.text('sambal "é"/🌶\n')
    )
    assert json.loads(payloads.encode(value)) == value
    assert payloads.encode({"t": "50 % <b> a@b"}) == b'{"t":"50 \\u0025 \\u003Cb> a\\u0040b"}'


def test_the_signatures_are_those_that_openssl_makes_of_these_bytes() -> None:
    headers = payloads.headers(SECRET, payloads.encode({"text": "äöå a/b"}))
    assert (
        headers["X-Hub-Signature-256"]
        == "sha256=ad75b977dbcddd511593e2abc2c07c4931a9c0180288a0e9ca31d93f06a4cf15"
    )
    assert headers["X-Hub-Signature"] == "sha1=fb53dc3657dae18292cad88644fe4aea957fcb32"


def test_a_message_stands_in_the_envelope_as_meta_has_it(meta: Meta) -> None:
    assert json.loads(posted(meta, payloads.text("halo"))) == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": meta.waba.id,
                "changes": [
                    {
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "15550142233",
                                "phone_number_id": meta.test_number.id,
                            },
                            "contacts": [
                                {
                                    "profile": {"name": "Budi Santoso"},
                                    "wa_id": "6281255501234",
                                    "user_id": BUDI.user_id,
                                }
                            ],
                            "messages": [
                                {
                                    "from": "6281255501234",
                                    "from_user_id": BUDI.user_id,
                                    "id": "wamid.ONE",
                                    "timestamp": "1762174800",
                                    "type": "text",
                                    "text": {"body": "halo"},
                                }
                            ],
                        },
                        "field": "messages",
                    }
                ],
            }
        ],
    }


@each_line(
    ("part", "kind", "text"),
    [
        (payloads.text("halo 🌶"), "text", "halo 🌶"),
        (payloads.image("the menu"), "image", "the menu"),
        (payloads.reaction("👍", "wamid.TWO"), "reaction", "👍"),
        (payloads.button("Yes/No", "wamid.TWO", "15550142233"), "button", "Yes/No"),
        (
            payloads.location(-6.2, 106.8, "Pasar Baru", "Jakarta"),
            "location",
            "Pasar Baru, Jakarta",
        ),
        (payloads.unsupported(), "unsupported", "Message type unknown"),
    ],
)
def test_each_kind_of_message_is_read_as_what_it_is(
    meta: Meta, part: Part, kind: str, text: str
) -> None:
    (event,) = read_events(posted(meta, part))
    assert isinstance(event, InboundMessage)
    assert (event.kind, event.text) == (kind, text)
    assert (event.id, event.sender, event.name) == ("wamid.ONE", BUDI.wa_id, BUDI.name)
    assert event.number_id == meta.test_number.id
    assert event.timestamp is not None
    assert event.timestamp.timestamp() == int(AT)


@each_line("word", ["sent", "delivered", "read"])
def test_a_status_tells_how_far_a_message_came(meta: Meta, word: str) -> None:
    (event,) = read_events(reported(meta, word))
    assert isinstance(event, StatusUpdate)
    assert (event.id, event.status, event.recipient) == ("wamid.TWO", word, BUDI.wa_id)
    assert event.error_code is None
    assert ("pricing" in event.raw) == (word != "read")


def test_a_failure_brings_its_reason(meta: Meta) -> None:
    (event,) = read_events(reported(meta, "failed", UNDELIVERABLE))
    assert isinstance(event, StatusUpdate)
    assert (event.status, event.error_code) == ("failed", 131026)
    (error,) = event.raw["errors"]
    assert error["title"] == error["message"] == "Message undeliverable"
    assert error["error_data"] == {"details": "Message Undeliverable."}


def test_only_a_free_conversation_is_not_billed() -> None:
    assert OutboundMessage("id", BUDI).pricing()["billable"] is False
    assert OutboundMessage("id", BUDI, "utility").pricing()["billable"] is True


def test_the_dashboards_sample_is_known_as_one() -> None:
    (event,) = read_events(payloads.encode(payloads.sample()))
    assert isinstance(event, InboundMessage)
    assert event.is_sample
    assert event.text == "this is a text message"


def test_the_dashboards_sample_is_the_one_that_we_play_to_an_endpoint() -> None:
    assert payloads.sample() == json.loads(SAMPLE)


def test_a_message_id_holds_the_number_and_is_used_once() -> None:
    ids = {
        payloads.wamid("seed", label, BUDI.wa_id, inbound=inbound)
        for label in ("1", "2", "3")
        for inbound in (True, False)
    }
    assert len(ids) == 6
    for found in ids:
        prefix, _, packed = found.partition(".")
        assert prefix == "wamid"
        assert BUDI.wa_id.encode() in base64.b64decode(packed, validate=True)


def test_a_person_has_a_number_and_an_id_of_their_own() -> None:
    assert re.fullmatch(r"US\.\d{20}", BUDI.user_id)
    assert BUDI.user_id != Customer().user_id
    assert "profile" not in Customer(BUDI.wa_id, name="").card()
