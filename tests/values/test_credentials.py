"""The six credentials, and the type that keeps the secret ones to itself."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.values.credentials import CREDENTIALS, MASK, Credential, Secret, Values, plain

TEXT = "hunter2-hunter2"
VALUES = Values(
    app_id="1234567890123456",
    app_secret=Secret(TEXT),
    access_token=Secret(f"EAA{TEXT}"),
    phone_number_id="106540352242922",
    waba_id="102290129340398",
    verify_token=Secret(f"verify-{TEXT}"),
)


def crash(secret: Secret) -> str:
    """A traceback that shows the variables of every frame."""
    try:
        raise KeyError(secret)
    except KeyError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        return "".join(shown.format())


SHOWN: dict[str, Callable[[Secret], str]] = {
    "repr": repr,
    "str": str,
    "ascii": ascii,
    "format": format,
    "f-string": lambda secret: f"{secret}",
    "f-string, converted": lambda secret: f"{secret!r} {secret!s} {secret!a}",
    "f-string, padded": lambda secret: f"{secret:>40}",
    "str.format": "{0} {0!r}".format,
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - that is what is tested
    "in a list": lambda secret: f"{[secret]}",
    "as a key": lambda secret: f"{ {secret: secret} }",
    "in a dataclass": lambda secret: repr(Values(app_secret=secret)),
    "pprint": lambda secret: pprint.pformat({"secret": secret}),
    "json with a default": lambda secret: json.dumps({"secret": secret}, default=str),
    "an exception": lambda secret: repr(ValueError(secret)) + str(ValueError(secret)),
    "a traceback with variables": crash,
}


@each_line("show", SHOWN.values(), ids=SHOWN)
def test_a_secret_shows_a_mask_however_it_is_shown(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(TEXT))
    assert "hunter2" not in shown
    assert MASK in shown or ascii(MASK)[1:-1] in shown


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=10))
def test_no_text_whatever_shows_through(text: str) -> None:
    secret = Secret(text)
    assert text not in f"{secret} {secret!r} {secret!a} {secret:>60}"
    assert secret.reveal() == text


def test_a_secret_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("wizard").debug("%s %r %s", Secret(TEXT), VALUES, {"token": Secret(TEXT)})
    assert "hunter2" not in caplog.text
    assert MASK in caplog.text


@each_line(
    "copy_",
    [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, dict, list, bytes],
    ids=lambda call: str(getattr(call, "__qualname__", call)),
)
def test_a_secret_is_not_to_be_had_by_another_way(copy_: Callable[[object], object]) -> None:
    with pytest.raises(TypeError) as caught:
        copy_(Secret(TEXT))
    assert "hunter2" not in str(caught.value)


def test_values_do_not_leave_in_a_pickle_or_a_dictionary() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(VALUES)
    with pytest.raises(TypeError):
        dataclasses.asdict(VALUES)


def test_secrets_are_equal_to_their_like_alone() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert Secret(TEXT) != Secret(TEXT + " ")
    assert Secret(TEXT) != TEXT
    assert len({Secret(TEXT), Secret(TEXT)}) == 1


@each_line("text", ["\udc80", "ü", "\x00", "😀"])
def test_secrets_of_any_characters_can_be_compared(text: str) -> None:
    assert Secret(text) == Secret(text)
    assert Secret(text) != Secret(TEXT)


def test_a_secret_tells_its_length_and_whether_it_is_empty() -> None:
    assert len(Secret(TEXT)) == 15
    assert not Secret("")


def test_a_secret_takes_nothing_else_with_it() -> None:
    with pytest.raises(AttributeError):
        Secret(TEXT).note = "kept in memory"  # type: ignore[attr-defined]


def test_the_six_bear_the_names_and_variables_of_the_contract() -> None:
    assert {name: credential.env for name, credential in CREDENTIALS.items()} == {
        "app_id": "WHATSAPP_APP_ID",
        "app_secret": "WHATSAPP_APP_SECRET",
        "access_token": "WHATSAPP_ACCESS_TOKEN",
        "phone_number_id": "WHATSAPP_PHONE_NUMBER_ID",
        "waba_id": "WHATSAPP_WABA_ID",
        "verify_token": "WHATSAPP_VERIFY_TOKEN",
    }
    assert all(name == credential.name for name, credential in CREDENTIALS.items())


def test_three_of_the_six_are_secret() -> None:
    secret = {name for name, credential in CREDENTIALS.items() if credential.secret}
    assert secret == {"app_secret", "access_token", "verify_token"}


@each_line("credential", CREDENTIALS.values(), ids=CREDENTIALS)
def test_a_value_is_wrapped_where_it_is_secret(credential: Credential) -> None:
    value = credential.wrap(TEXT)
    assert isinstance(value, Secret) is credential.secret
    assert plain(value) == TEXT


def test_values_name_what_is_present_in_the_order_of_the_six() -> None:
    assert [name for name, _ in VALUES.present()] == list(CREDENTIALS)
    assert list(Values().present()) == []
    assert dict(Values(waba_id="1").present()) == {"waba_id": "1"}


def test_a_value_is_put_in_and_taken_out_without_touching_the_others() -> None:
    put = Values(waba_id="1").with_("app_secret", Secret(TEXT))
    assert (put.waba_id, put.app_secret) == ("1", Secret(TEXT))
    assert put.with_("app_secret", None) == Values(waba_id="1")


@each_line("name", ["ngrok_authtoken", "present", "", "__class__"])
def test_there_is_no_seventh_value(name: str) -> None:
    with pytest.raises(KeyError):
        VALUES.get(name)
    with pytest.raises(KeyError):
        VALUES.with_(name, "1")


def test_values_show_the_ids_and_mask_the_secrets() -> None:
    shown = repr(VALUES)
    assert "102290129340398" in shown
    assert "hunter2" not in shown
