"""No secret is shown, however a stranger wrote it; and what is none stays."""

from __future__ import annotations

import base64
import codecs
import gzip
import html
import json
import re
import time
import unicodedata
import weakref
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote, quote_plus

import pytest

from tests.tables import each_line
from wizard.values.credentials import MASK, Secret
from wizard.values.redaction import Redactor, redact, redactor

SECRETS = {
    "phrase": 'a B+c/"d"&é-0123456789',
    "token": "EAAJBq7ZCd0ABO3kXw9vLrT2mNyHs8PfGuQeWzVc1jKbRtY5xDnMaZo4iUhE6lSgFpJq",
    "app_secret": "9f86d081884c7d659a2feaa0c55ad015",
    "authtoken": "2abCdEfGhIjKlMnOpQrStUvWxYz_5AbCdEfGhIjKlMnOpQrSt",
    "mixed": "Str1ng.w1th-many_parts/4nd=signs",
}


def _grouped(size: int, sign: str) -> Callable[[str], str]:
    return lambda text: sign.join(text[at : at + size] for at in range(0, len(text), size))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "upper": str.upper,
    "lower": str.lower,
    "swapped": str.swapcase,
    "address": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "every byte": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "twice": lambda text: quote(quote(text, safe=""), safe=""),
    "html": html.escape,
    "entities": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "json": lambda text: json.dumps(text)[1:-1],
    "unicode": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "json in json": lambda text: json.dumps(json.dumps(text))[3:-3],
    "base64": _base64,
    "base64 inside": lambda text: base64.b64encode(f"x{text}yz".encode()).decode(),
    "base64 after one": lambda text: base64.b64encode(f"x{text}".encode()).decode(),
    "base64 after two": lambda text: base64.b64encode(f"xy{text}".encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: _grouped(16, "\n")(_base64(text)),
    "base64 twice": lambda text: _base64(_base64(text)),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex with colons": lambda text: ":".join(f"{byte:02X}" for byte in text.encode()),
    "reversed": lambda text: text[::-1],
    "reversed in base64": lambda text: _base64(text[::-1]),
    "base64 reversed": lambda text: _base64(text)[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "sevens": _grouped(7, " "),
    "fours": _grouped(4, "-"),
    "single": _grouped(1, " "),
    "the first half": lambda text: text[: len(text) // 2],
    "the last half": lambda text: text[len(text) // 2 :],
    "seven": lambda text: text[3:10],
    "full width": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ),
    "letters of mathematics": lambda text: re.sub(
        "[a-z]", lambda c: chr(ord(c[0]) - ord("a") + 0x1D41A), text
    ),
    "with nothing between": "\u200b".join,
    "a list of numbers": lambda text: str(list(text.encode())),
    "numbers": lambda text: " ".join(map(str, text.encode())),
    "a list in hex": lambda text: ", ".join(map(hex, text.encode())),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "bits": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
    "code points": lambda text: " ".join(f"U+{ord(char):04X}" for char in text),
    "escaped long": lambda text: "".join(f"\\U{ord(char):08x}" for char in text),
    "escaped in braces": lambda text: "".join(f"\\u{{{ord(char):x}}}" for char in text),
    "escaped as by browsers": lambda text: "".join(f"%u{ord(char):04X}" for char in text),
    "entities left open": lambda text: "".join(f"&#{ord(char)}" for char in text),
    "five times": lambda text: "".join(f"%25252525{byte:02X}" for byte in text.encode()),
    "base85": lambda text: base64.b85encode(f"x{text}yz".encode()).decode(),
    "ascii85": lambda text: base64.a85encode(text.encode()).decode(),
    "packed": lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    "hex of it reversed": lambda text: text.encode().hex()[::-1],
}
_UNFIT = {("rot13", "phrase"), ("hex", "seven"), ("rot13", "mixed")}


@each_line("kind", SECRETS)
@each_line("way", WAYS)
def test_it_is_taken_out_however_it_is_written(way: str, kind: str) -> None:
    if (way, kind) in _UNFIT:
        return
    secret = SECRETS[kind]
    shown = redact(f"bad <{WAYS[way](secret)}> said", [Secret(secret)])
    assert MASK in shown
    for text in (shown, shown[::-1], "".join(shown.split())):
        assert not any(
            WAYS[way](secret).lower()[at : at + 7] in text.lower()
            for at in range(len(WAYS[way](secret)) - 7)
        )


@each_line(
    "text",
    [
        "Meta calls https://shop.example/webhook for 106540352242922 and 1234567890123456",
        "The verify token is wrong, and hub.verify_token came with a token: my own shop",
        "100000000000001 of 300000000000001, called at 0000000000",
        "nothing of it, 0123; phone +49 151 7052993, "
        "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA",
    ],
)
@each_line(
    "secret",
    [
        *SECRETS.values(),
        "my-webhook-token",
        "shop webhook token",
        "token2024",
        "hook-106540352242922",
        "106540352242922|9f86d081884c7d659a2feaa0c55ad015",
        "webhooks",
        f"EAA{1:0180}",
        f"{10**15:032x}",
        "ab",
        "",
    ],
)
def test_ids_and_words_that_a_secret_shares_stay(text: str, secret: str) -> None:
    assert redact(text, [Secret(secret)]) == text


@each_line("secret", ["webhook", "my-webhook-token", "1234", "a b"])
def test_a_weak_one_is_taken_out_as_a_whole(secret: str) -> None:
    assert redact(f"it said /{secret}.", [Secret(secret)]) == f"it said /{MASK}."


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_on_letters_hide_none(form: Literal["NFC", "NFD"]) -> None:
    secret = "Schlüssel-für-Mäx-42"
    for said in (secret, secret.upper(), secret[3:]):
        shown = redact(f"bad {unicodedata.normalize(form, said)}!", [Secret(secret)])
        assert shown == f"bad {MASK}!"
    assert redact("bad Schlussel-fur-Max", [Secret(secret)]) == f"bad {MASK}"


@each_line("cut", [_grouped(7, " "), _grouped(3, "…"), _grouped(1, "\n"), str.title])
@each_line("sign", [" ", "-", "_"])
def test_a_phrase_of_words_is_hidden_however_it_is_cut(
    cut: Callable[[str], str], sign: str
) -> None:
    said = cut(sign.join(["korrekt", "pferd", "batterie", "heft"]))
    shown = redact(f"It said {said}!", [Secret("korrekt pferd batterie heft")])
    assert shown == f"It said {MASK}!"


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "aB3/" * 25_000, "%41" * 33_000, "a-" * 50_000, "12 " * 33_000]
)
def test_a_long_text_takes_no_more_than_its_length(text: str) -> None:
    begun = time.process_time()
    redact(text, map(Secret, SECRETS.values()))
    assert time.process_time() - begun < 3


def test_of_many_at_once_none_stays() -> None:
    known = redactor(map(Secret, SECRETS.values()))
    shown = known.redact_all({"a": list(SECRETS.values()), SECRETS["token"]: {"b": 1, "c": None}})
    assert shown == {"a": [MASK] * len(SECRETS), MASK: {"b": 1, "c": None}}


@each_line(
    "value",
    [
        list(SECRETS["app_secret"]),
        list(SECRETS["app_secret"].encode()),
        ["Token", *(SECRETS["token"][at : at + 5] for at in range(0, 60, 5)), None],
        [SECRETS["token"][:9], *SECRETS["token"][9:]],
    ],
)
def test_a_list_of_its_pieces_holds_none(value: list[object]) -> None:
    known = redactor(map(Secret, SECRETS.values()))
    shown = known.redact_all({"a": [1, value], "b": ["x", 2]})
    assert shown == {"a": [1, [MASK]], "b": ["x", 2]}


def test_a_number_may_be_one() -> None:
    assert redactor([Secret("40212873")]).redact_all({"a": 40212873, "b": 1, "c": True}) == {
        "a": MASK,
        "b": 1,
        "c": True,
    }


def test_tokens_that_nobody_knows_are_taken_out_by_their_looks() -> None:
    assert redact("EAAJBabcdefghijkl is not ours") == f"{MASK} is not ours"
    assert redact("Your authtoken: 2abc_x ERR") == f"Your authtoken: {MASK} ERR"


@each_line(
    ("text", "left"),
    [
        ("Malformed access token hunter2hunter2", "Malformed access token ••••••••"),
        ("client_secret=hunter2hunter2&x=1", "client_secret=••••••••&x=1"),
        ("hunter2hunter2, hunter2hunter2", "••••••••"),
        ("nothing of it", "nothing of it"),
        ("EAAJBabcdefghijklmnopqrstuvwx is not ours", "•••••••• is not ours"),
    ],
)
def test_a_secret_is_scrubbed_wherever_it_stands(text: str, left: str) -> None:
    assert redact(text, [Secret("hunter2hunter2")]) == left


@each_line("said", ["1234567890|s3cret/tail", "1234567890%7Cs3cret%2Ftail", "s3cret/tail"])
def test_an_app_token_is_scrubbed_whole_in_part_and_as_it_stands_in_an_address(said: str) -> None:
    scrubbed = redact(f"bad {said}!", [Secret("1234567890|s3cret/tail")])
    assert "s3cret" not in scrubbed
    assert "tail" not in scrubbed


@each_line("part", [slice(3, None), slice(12, None), slice(8), slice(5, 15)])
def test_no_part_of_a_secret_is_left(part: slice) -> None:
    secret = "0123456789abcdefghij"
    assert redact(f"cut {secret[part]}!", [Secret(secret)]) == "cut ••••••••!"


@each_line("kind", SECRETS)
def test_texts_are_not_called_clean_with_a_secret_in_one_of_them(kind: str) -> None:
    known = redactor([Secret(SECRETS[kind])])
    assert known.are_clean(["CONNECTED", "300000000000005", "+1 650-555-0100", "Lucky Shrub"])
    for way, write in WAYS.items():
        text = write(SECRETS[kind])
        if known.redact(text) != text:
            assert not known.are_clean(["CONNECTED", text, "Lucky Shrub"]), way


def test_what_is_known_of_secrets_goes_with_its_last_user_and_not_when_garbage_is_searched() -> (
    None
):
    known = Redactor([Secret(SECRETS["token"])])
    known.redact(f"bad <{SECRETS['token']}> said")
    held = weakref.ref(known)
    del known
    assert held() is None


SHORTEST: dict[str, tuple[Callable[[str], str], int]] = {
    "as it is": (str, 7),
    "reversed": (lambda text: text[::-1], 7),
    "hex": (lambda text: text.encode().hex(), 12),
    "base64": (_base64, 9),
    "rot13": (lambda text: codecs.encode(text, "rot13"), 9),
}


@each_line("kind", ["token", "app_secret"])
@each_line("way", SHORTEST)
def test_the_shortest_part_is_taken_out_wherever_it_begins(way: str, kind: str) -> None:
    write, size = SHORTEST[way]
    written, known = write(SECRETS[kind]).rstrip("="), redactor([Secret(SECRETS[kind])])
    parts = [written[at : at + size] for at in range(len(written) - size + 1)]
    left = [part for part in parts if part in known.redact(f"<{part}>")]
    # A number may be an ID, and a word be one that anybody uses.
    assert [part for part in left if not part.isdecimal() and not part.isalpha()] == []


def test_the_app_id_of_an_app_token_may_stay() -> None:
    assert redact("app 1234567890", [Secret("1234567890|s3cret")]) == "app 1234567890"
