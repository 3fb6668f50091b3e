"""Which credential a name means, told by the words in it: whose it is, and what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from wizard.values.credentials import CREDENTIALS
from wizard.values.presets import preset_credentials


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WHATSAPP = _words("whatsapp wa waba pywa")
_WHOSE = _WHATSAPP | _words("meta facebook fb m4d")
_FILLING = _words("cloud api graph bot chatbot prod production live default official")
_ROOMS = _words(
    """
    env environment config configuration settings setting appsettings options properties
    credentials credential creds secrets data string values defaults vars variables parameters
    parameter params services service providers provider channels channel integrations
    integration spring server global common dev development staging test
    """
)
"""Names of sections that say nothing of whose their values are."""
_STAGES = _words("dev development staging stage sandbox test")
"""Which of several values one is, and no sign of whose."""
_OTHERS = _words(
    "messenger instagram ig page pages threads ad ads pixel capi lead leads marketing catalog"
)
"""What else Meta gives tokens and IDs for."""
_PHONE = _words("phone number num")
_APP = _words("app application")
_VERIFY = _words("verify verification")
_HOOK = _words("webhook webhooks hook callback hub")
_KIND = _words("permanent system user long lived temporary temp bearer jwt auth")
_VAGUE = _APP | _words("jwt auth bearer user temp temporary")
_WHAT = _PHONE | _APP | _VERIFY | _HOOK | _KIND
_WHAT |= _words("id secret token key access client business account messaging paid")
_WHAT |= _words("from sender source my")
_SAME = {"acc": "account", "acct": "account", "biz": "business", "no": "number", "wba": "waba"}
"""Short words, and what they mean."""
_KNOWN = _WHOSE | _FILLING | _WHAT | _STAGES | _SAME.keys()
_BUILDS = (
    ("next", "public"),
    ("nuxt", "public"),
    ("expo", "public"),
    ("react", "app"),
    ("next",),
    ("nuxt",),
    ("vite",),
    ("gatsby",),
)
"""With what front ends' tools have every variable begin."""
_TOLD_BY_SHAPE = frozenset({"access_token", "phone_number_id", "waba_id"})
"""Credentials whose values can hardly be anything else."""
_OWN = {credential.env: credential.name for credential in CREDENTIALS.values()}
_OWN |= {name: name for name in CREDENTIALS}
_LONGEST = 80


@dataclass(frozen=True)
class NameMatch:
    """The credential that a name means. Where it is not `is_sure`, others use such names too, and
    only the value's own shape can tell."""

    credential: str
    is_sure: bool = True


def match_name(*path: str) -> NameMatch | None:
    """What a value is that stands under this name, behind the names of its sections."""
    *sections, name = path
    if len(name) > _LONGEST:
        return None
    exact = _OWN.get(name) or {**_OWN, **preset_credentials()}.get(_upper(name))
    if exact and not any(map(_is_foreign, sections)):
        return NameMatch(exact)
    rooms = list(map(split_words, sections))
    foreign = [place for place, words in enumerate(rooms) if not set(words) <= _KNOWN | _ROOMS]
    near = rooms[foreign[-1] + 1 :] if foreign else rooms
    words = split_words(name)
    others = any(not _OTHERS.isdisjoint(room) for room in rooms)
    if others and _WHATSAPP.isdisjoint((*words, *(word for room in near for word in room))):
        return None
    return _within(near, words, is_foreign=bool(foreign))


def _within(
    near: list[tuple[str, ...]], words: tuple[str, ...], *, is_foreign: bool
) -> NameMatch | None:
    """With as many of the sections around it as make sense of it together."""
    whose = {word for room in near for word in room} & _WHOSE
    for start in range(len(near) + 1):
        around = [word for room in near[start:] for word in room if word in _KNOWN - _STAGES]
        if found := _of_words((*whose, *around, *words)):
            break
    else:
        return _behind_whatsapp(words)
    if not is_foreign or whose or set(words) & _WHOSE:
        return found
    return _doubted(found)


def _behind_whatsapp(words: tuple[str, ...]) -> NameMatch | None:
    """What follows the word for WhatsApp in a name that begins with words of its owner's own."""
    starts = [place for place, word in enumerate(words) if word in _WHATSAPP]
    found = _of_words(words[starts[0] :]) if starts and starts[0] else None
    return _doubted(found) if found else None


def _doubted(found: NameMatch) -> NameMatch | None:
    certain = found.credential in _TOLD_BY_SHAPE
    return NameMatch(found.credential, is_sure=False) if certain else None


def whose_rank(path: Sequence[str]) -> tuple[int, bool]:
    """2 where the names say that a value is WhatsApp's, 1 where they say that it is Meta's; and
    whether they speak of an account: a business has an ID of its own."""
    words = {word for name in path for word in split_words(name)}
    whose = 2 if words & _WHATSAPP else 1 if words & _WHOSE else 0
    return whose, bool(words & {"account", "waba"})


def split_words(name: str) -> tuple[str, ...]:
    """The words of a name in any common spelling, in small letters; those that are written as one
    are parted where all of their parts are known."""
    joined = re.sub(r"whats[_.-]?app", "Whatsapp", name, flags=re.IGNORECASE)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", joined)
    chunks = re.findall(r"[a-z0-9]+", spaced.lower())
    words = [_SAME.get(word, word) for chunk in chunks for word in _parted(chunk)]
    for build in _BUILDS:
        if tuple(words[: len(build)]) == build and len(words) > len(build):
            return tuple(words[len(build) :])
    return tuple(words)


@lru_cache(1024)
def _parted(chunk: str) -> tuple[str, ...]:
    if chunk in _KNOWN or len(chunk) > _LONGEST:
        return (chunk,)
    return _parts(chunk) or (chunk,)


@lru_cache(1024)
def _parts(chunk: str) -> tuple[str, ...] | None:
    if not chunk:
        return ()
    for end in range(len(chunk), 1, -1):
        if chunk[:end] in _KNOWN and (rest := _parts(chunk[end:])) is not None:
            return (chunk[:end], *rest)
    return None


def _is_foreign(section: str) -> bool:
    return not set(split_words(section)) <= _KNOWN | _ROOMS


def _upper(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return words.upper().replace("-", "_")


def _of_words(words: Sequence[str]) -> NameMatch | None:
    """By rules, and not by lists of whole names: who it is about, and what it is."""
    if not set(words) <= _KNOWN:
        return None
    whose = set(words) & _WHOSE
    if set(words) & _STAGES:
        rest = [word for word in words if word not in _STAGES]
        found = _of_words(rest) if whose & _WHATSAPP else None
        return _doubted(found) if found else None
    what = set(words) - _WHOSE - _FILLING
    if "token" in what:
        return _token(what, whose)
    if "secret" in what:
        return _secret(what, whose)
    if "id" in what:
        return _id(what, whose)
    if "waba" in whose and what <= {"business", "account"}:
        return NameMatch("waba_id")
    return NameMatch(vague, is_sure=False) if (vague := _vague(what, whose)) else None


def _vague(what: set[str], whose: set[str]) -> str | None:
    """Of a name that says neither ID nor token nor secret, and that it is WhatsApp's."""
    if not what or whose.isdisjoint(_WHATSAPP):
        return None
    if (what <= {"key", "access"} and "key" in what) or what == {"bearer"}:
        return "access_token"
    if what <= _VERIFY | _HOOK and what & _VERIFY:
        return "verify_token"
    return "waba_id" if what == {"business", "account"} else None


def _token(what: set[str], whose: set[str]) -> NameMatch | None:
    if what & _VERIFY:
        fits = what <= {"token", "business", "my"} | _VERIFY | _HOOK | _APP
        return NameMatch("verify_token") if fits else None
    if what & _HOOK:
        fits = bool(whose) and what <= {"token", "business"} | _HOOK
        return NameMatch("verify_token") if fits else None
    if not what <= {"token", "access", "business", "account"} | _KIND | _APP:
        return None
    is_named = bool(whose) or "access" in what or "system" in what
    is_vague = bool(what & _VAGUE) and not (whose & _WHATSAPP) and "system" not in what
    return NameMatch("access_token", is_sure=is_named and not is_vague and not what & _APP)


def _secret(what: set[str], whose: set[str]) -> NameMatch | None:
    if not what <= {"secret", "client", "key", "business"} | _APP:
        return None
    if what & _APP and "key" not in what:
        return NameMatch("app_secret")
    is_possible = bool(whose) or what == {"secret", "client"}
    return NameMatch("app_secret", is_sure=False) if is_possible else None


def _id(what: set[str], whose: set[str]) -> NameMatch | None:
    if what & _PHONE:
        return _phone(what, whose)
    if what & _APP or "client" in what:
        fits = what <= {"id"} | _APP or what == {"id", "client"}
        is_sure = bool(whose) or bool(what & _APP)
        return NameMatch("app_id", is_sure=is_sure) if fits else None
    if "account" in what:
        fits = what <= {"id", "account", "business", "messaging", "paid"}
        is_meant = bool(whose & _WHATSAPP) or bool(what & {"business", "messaging"})
        return NameMatch("waba_id") if fits and is_meant else None
    # The portfolio has a business ID as well, but not WhatsApp's.
    is_waba = what == {"id"} and "waba" in whose
    is_waba |= what == {"id", "business"} and bool(whose & _WHATSAPP)
    return NameMatch("waba_id") if is_waba else None


def _phone(what: set[str], whose: set[str]) -> NameMatch | None:
    if not what <= {"id", "from", "sender", "source", "business", "account"} | _PHONE:
        return None
    if "phone" in what or whose:
        return NameMatch("phone_number_id")
    return None if "account" in what else NameMatch("phone_number_id", is_sure=False)
