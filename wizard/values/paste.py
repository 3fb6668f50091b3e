"""Finds credentials in what people paste: a curl sample, a piece of a page, a `.env` file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wizard.support.texts import printable
from wizard.values.credentials import CREDENTIALS, Value, plain
from wizard.values.names import NameMatch, match_name, split_words, whose_rank
from wizard.values.shapes import Shape, check_shape, clean
from wizard.values.structured import Pair, read_pairs

# Quotes or Markdown around the label and the value; the page has a button between some of them.
_MARKS = r"[\"'`*]{0,3}"
_TO_VALUE = rf"\b{_MARKS}\s*(?:[:=|]\s*)?{_MARKS}(?:copy\s+)?"
# Addresses that tell what stands in them: of Graph, of the portal, of WhatsApp Manager.
_GRAPH = r"graph\.facebook\.com/(?:v\d+\.\d+/)?(\d{12,20})"
_CALL = r"graph\.facebook\.com(?s:.{0,600}?)"
_BAR = r"(?:\||%7C)"
_OF_NUMBER = "messages|register|deregister|request_code|verify_code|whatsapp_business_profile|media"
_OF_WABA = "phone_numbers|message_templates|subscribed_apps|assigned_users"
_MANAGER = r"business\.facebook\.com/(?:latest/)?(?:whatsapp_manager|wa/manage)"
_LABELS = (
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
    # Boxes of the portal that show a token below their title, without naming it.
    ("access_token", r"\b(?:generate|permanent)(?: new)? token\s+(EAA[A-Za-z0-9_-]{20,})"),
    ("access_token", r"\btoken (?:created|generated)[.:]?\s+(EAA[A-Za-z0-9_-]{20,})"),
    # A verify token may look like any word, so nothing but a sign between makes it one.
    ("verify_token", rf"\bverify[ _]?token\b{_MARKS}\s*[:=]\s*{_MARKS}([^\s\"'`,;•*]{{8,}})"),
)
_IN_CALLS = (
    ("access_token", r"\bbearer\s+[\"'`]?(EAA[A-Za-z0-9_-]{20,})"),
    ("phone_number_id", rf"{_GRAPH}/(?:{_OF_NUMBER})\b"),
    ("waba_id", rf"{_GRAPH}/(?:{_OF_WABA})\b"),
    ("app_id", rf"{_GRAPH}/subscriptions\b"),
    ("access_token", rf"{_CALL}\b(?:input_token|fb_exchange_token)=(EAA[A-Za-z0-9_-]{{20,}})"),
    ("app_id", rf"{_CALL}\bclient_id=(\d{{12,20}})\b"),
    ("app_id", rf"\baccess_token=(\d{{12,20}}){_BAR}[0-9a-f]{{32}}\b"),
    ("app_secret", rf"{_CALL}\bclient_secret=([0-9a-f]{{32}})\b"),
    ("app_secret", rf"\baccess_token=\d{{12,20}}{_BAR}([0-9a-f]{{32}})\b"),
    ("app_id", r"developers\.facebook\.com/apps/(\d{12,20})\b"),
    ("waba_id", r"[?&]waba_id=(\d{12,20})\b"),
    ("waba_id", rf"{_MANAGER}[^\s\"'`<>]{{0,200}}[?&]asset_id=(\d{{12,20}})\b"),
)
_MAY_BE_SEVERAL = ("phone_number_id", "waba_id")
_METAS_TOKEN = re.compile(r"EAA[A-Za-z0-9_-]{20,}")
_METAS_SECRET = re.compile(r"[0-9a-f]{32}")
_SHORTEST = 8
"""Characters of a secret; fewer are a flag, or a name."""
_OWN_NAMES = {credential.env for credential in CREDENTIALS.values()}
_SECRET_WORDS = {"token", "secret", "key", "password", "passwd", "passphrase", "credential"}


def find_credentials(text: str) -> dict[str, Value]:
    """The credentials that stand in the text with a name beside them, cleaned.

    A bare value has no name, so it is not found here: that one belongs to the field it was
    pasted into. Of several of a kind the first wins, except in `.env` lines, where as in a
    shell the last does; and a name of our own wins over one that other programs use.
    """
    pairs, prose = read_pairs(text)
    found: dict[str, Value] = {}
    for name, raw in (*_search(_LABELS, prose), *_search(_IN_CALLS, text), *_named(pairs)):
        value = clean(name, raw)
        if plain(value):
            found[name] = value
    return {name: found[name] for name in CREDENTIALS if name in found}


def find_alternatives(text: str) -> dict[str, tuple[str, ...]]:
    """The IDs of which a page names several different ones, all of them in their order.

    What `find_credentials` takes of these is no more than the first, so a person has to be asked.
    A label that means one kind of account alone goes before one that may mean either.
    """
    pairs, prose = read_pairs(text)
    found: dict[str, list[str]] = {}
    for patterns, place in ((_LABELS, prose), (_IN_CALLS, text)):
        for name, pattern in patterns:
            ids = [match[1] for match in re.finditer(pattern, place, re.IGNORECASE)]
            if ids and name in _MAY_BE_SEVERAL:
                found.setdefault(name, ids)
    several = {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}
    named = {name for name, _ in _named(pairs)}
    return {name: ids for name, ids in several.items() if len(ids) > 1 and name not in named}


def find_unknown(text: str, *, only_metas: bool = False) -> tuple[str, ...]:
    """The names of what looks like a secret in the text, or like one of Meta's, and is nothing
    that `find_credentials` takes: nobody knows what such a name means. None of the values is
    among them."""
    pairs, _ = read_pairs(text)
    looks = _looks_metas if only_metas else _looks_secret
    unknown = (pair for pair in pairs if _credential(pair) is None and looks(pair))
    return tuple(dict.fromkeys(printable(".".join(pair.path)) for pair in unknown))


def variable_credential(variable: str) -> str | None:
    """The credential that an environment variable of this name usually holds."""
    match = match_name(variable.strip())
    return match.credential if match else None


def _search(patterns: Iterable[tuple[str, str]], text: str) -> Iterator[tuple[str, str]]:
    """What is found in the text, of each credential by the first pattern that fits."""
    seen = set[str]()
    for name, pattern in patterns:
        match = re.search(pattern, text, re.IGNORECASE) if name not in seen else None
        if match:
            seen.add(name)
            yield name, match[1]


def _named(pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """The credentials among these, those of a surer name later."""
    known = [(pair, match) for pair in pairs if (match := _credential(pair))]
    for pair, match in sorted(known, key=lambda one: _rank(*one)):
        yield match.credential, pair.raw


def _rank(pair: Pair, match: NameMatch) -> tuple[bool, bool, tuple[int, bool]]:
    """How far a name is to be believed: one of our own before all others, then one that only
    WhatsApp's values have."""
    is_own = pair.name in CREDENTIALS or pair.name.replace("-", "_").upper() in _OWN_NAMES
    return is_own, match.is_sure, whose_rank(pair.path)


def _credential(pair: Pair) -> NameMatch | None:
    """What a pair is: by its name, and by the shape of the value where the name is not enough."""
    match = match_name(*pair.path)
    if match is None or match.is_sure or _fits(match.credential, pair.raw):
        return match
    return None


def _fits(name: str, raw: str) -> bool:
    value = clean(name, raw)
    if name == "access_token":
        return _METAS_TOKEN.fullmatch(plain(value)) is not None
    return check_shape(name, value).shape is Shape.GOOD


def _looks_metas(pair: Pair) -> bool:
    raw = pair.raw.strip()
    return bool(_METAS_TOKEN.search(raw) or _METAS_SECRET.fullmatch(raw))


def _looks_secret(pair: Pair) -> bool:
    is_named = not _SECRET_WORDS.isdisjoint(split_words(pair.name))
    return _looks_metas(pair) or (is_named and len(pair.raw.strip()) >= _SHORTEST)
