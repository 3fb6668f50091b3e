"""Finds credentials in what people paste: a curl sample, a piece of a page, a `.env` file."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from wizard.values.credentials import CREDENTIALS, Value, plain
from wizard.values.presets import preset_credentials
from wizard.values.shapes import clean

_PREFIX = re.compile(
    r"^(NEXT_|VITE_|REACT_APP_)?(WHATSAPP_CLOUD_API_|WHATSAPP_CLOUD_|WHATSAPP_API_|WHATSAPP_"
    r"|CLOUD_API_|WA_|META_|FACEBOOK_|FB_|PYWA_|M4D_)"
)
_OWN = {credential.env: credential.name for credential in CREDENTIALS.values()}
# Those of the libraries that have a preset stand there.
_VARIABLES = {
    "APPID": "app_id",
    "CLIENT_ID": "app_id",
    "CLIENT_SECRET": "app_secret",
    "TOKEN": "access_token",
    "API_TOKEN": "access_token",
    "SYSTEM_USER_TOKEN": "access_token",
    "PHONE_ID": "phone_number_id",
    "FROM_PHONE_NUMBER_ID": "phone_number_id",
    "WABA": "waba_id",
    "MESSAGING_ACCOUNT_ID": "waba_id",
    "VERIFICATION_TOKEN": "verify_token",
    "WEBHOOK_VERIFY_TOKEN": "verify_token",
}
# Quotes or Markdown around the label and the value; the page has a button between some of them.
_MARKS = r"[\"'`*]{0,3}"
_TO_VALUE = rf"\b{_MARKS}\s*(?:[:=|]\s*)?{_MARKS}(?:copy\s+)?"
_ON_PAGE = (
    ("phone_number_id", rf"\bphone[ _]?number[ _]?id{_TO_VALUE}(\d{{12,20}})\b"),
    # Of a WABA's two accounts the Messaging account has its ID. A "WhatsApp account ID" is another:
    # https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
    ("waba_id", rf"\bmessaging[ _]account[ _]id{_TO_VALUE}(\d{{12,20}})\b"),
    ("waba_id", rf"\bwhatsapp[ _]business[ _]account[ _]id{_TO_VALUE}(\d{{12,20}})\b"),
    ("waba_id", rf"(?m:^)[ \t]*business[ _]account[ _]id{_TO_VALUE}(\d{{12,20}})\b"),
    ("waba_id", rf"\bwaba[ _]?id{_TO_VALUE}(\d{{12,20}})\b"),
    ("app_id", rf"\bapp[ _]?id{_TO_VALUE}(\d{{12,20}})\b"),
    ("app_secret", rf"\bapp[ _]?secret{_TO_VALUE}([0-9a-f]{{32}})\b"),
    ("access_token", rf"\baccess[ _]?token{_TO_VALUE}(EAA[A-Za-z0-9_-]{{20,}})"),
    ("access_token", r"\bbearer\s+[\"'`]?(EAA[A-Za-z0-9_-]{20,})"),
    # Boxes of the portal that show a token below their title, without naming it.
    ("access_token", r"\b(?:generate|permanent)(?: new)? token\s+(EAA[A-Za-z0-9_-]{20,})"),
    ("access_token", r"\btoken (?:created|generated)[.:]?\s+(EAA[A-Za-z0-9_-]{20,})"),
    ("phone_number_id", r"graph\.facebook\.com/v\d+\.\d+/(\d{12,20})/messages\b"),
    ("waba_id", r"graph\.facebook\.com/v\d+\.\d+/(\d{12,20})/(?:phone_numbers|message_templates)"),
    ("app_id", r"developers\.facebook\.com/apps/(\d{12,20})\b"),
    ("waba_id", r"[?&]waba_id=(\d{12,20})\b"),
    # A verify token may look like any word, so nothing but a sign between makes it one.
    ("verify_token", rf"\bverify[ _]?token\b{_MARKS}\s*[:=]\s*{_MARKS}([^\s\"'`,;•*]{{8,}})"),
)
_MAY_BE_SEVERAL = ("phone_number_id", "waba_id")
_YAML = re.compile(r"^(\s*[A-Za-z_][A-Za-z0-9_]*)\s*:\s+(?=\S)")
_SHELL = re.compile(r"^\s*(?:(?:-|-e|--env|set|export)\s+|\$env:)", re.IGNORECASE)


def find_credentials(text: str) -> dict[str, Value]:
    """The credentials that stand in the text with a name beside them, cleaned.

    A bare value has no name, so it is not found here: that one belongs to the field it was
    pasted into. Of several of a kind the first wins, except in `.env` lines, where as in a
    shell the last does; and a name of our own wins over one that other programs use.
    """
    found: dict[str, Value] = {}
    for name, raw in (*_on_page(text), *_in_json(text), *_in_env(text)):
        value = clean(name, raw)
        if plain(value):
            found[name] = value
    return {name: found[name] for name in CREDENTIALS if name in found}


def find_alternatives(text: str) -> dict[str, tuple[str, ...]]:
    """The IDs of which a page names several different ones, all of them in their order.

    What `find_credentials` takes of these is no more than the first, so a person has to be asked.
    A label that means one kind of account alone goes before one that may mean either.
    """
    found: dict[str, list[str]] = {}
    for name, pattern in _ON_PAGE:
        if name in _MAY_BE_SEVERAL and name not in found:
            found[name] = [match[1] for match in re.finditer(pattern, text, re.IGNORECASE)]
            if not found[name]:
                del found[name]
    several = {name: tuple(dict.fromkeys(them)) for name, them in found.items()}
    named = {name for name, _ in (*_in_json(text), *_in_env(text))}
    return {name: them for name, them in several.items() if len(them) > 1 and name not in named}


def variable_credential(variable: str) -> str | None:
    """The credential that an environment variable of this name usually holds."""
    upper = _upper(variable)
    known = {**_VARIABLES, **preset_credentials(), **_OWN}
    return known.get(upper) or known.get(_PREFIX.sub("", upper))


def _upper(variable: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", variable.strip())
    return words.upper().replace("-", "_")


def _on_page(text: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, pattern in _ON_PAGE:
        match = re.search(pattern, text, re.IGNORECASE)
        if match and name not in seen:
            seen.add(name)
            yield name, match[1]


def _in_json(text: str) -> Iterator[tuple[str, str]]:
    if not text.lstrip().startswith("{"):
        return
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):
        return
    plain_ones = {
        key: str(raw)
        for key, raw in pairs.items()
        if isinstance(raw, str | int) and not isinstance(raw, bool)
    }
    yield from _named(plain_ones)


def _in_env(text: str) -> Iterator[tuple[str, str]]:
    from dotenv import dotenv_values

    log = logging.getLogger("dotenv")
    if not log.handlers:
        # Without a handler of its own it warns on stderr, across the screen.
        log.addHandler(logging.NullHandler())
    bare = (_SHELL.sub("", line) for line in text.lstrip("\ufeff").splitlines())
    # `NAME: value`, as in the environment of a compose file.
    lines = (_YAML.sub(r"\1=", line) for line in bare)
    pairs: dict[str, str | None] = {}
    for line in lines:
        # One by one, or a quote that nobody closed would swallow the lines behind it.
        if "=" in line and variable_credential(line.partition("=")[0]):
            pairs |= dotenv_values(stream=StringIO(line), interpolate=False)
    yield from _named(pairs)


def _named(pairs: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """The credentials among these, those under a name of our own last."""
    for own in (False, True):
        for variable, raw in pairs.items():
            ours = variable in CREDENTIALS or _upper(variable) in _OWN
            name = variable if variable in CREDENTIALS else variable_credential(variable)
            if name and raw and ours is own:
                yield name, raw
