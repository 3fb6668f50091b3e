"""What can be said of a value without asking anybody: cleaned, and judged by its shape."""

from __future__ import annotations

import re
import string
import unicodedata
from enum import Enum
from typing import NamedTuple

from wizard.values.credentials import CREDENTIALS, Secret, Value, Values, plain

_QUOTES = "\"'`´“”‘’„«»"
_WRAPPING = f"{_QUOTES},; "
_INVISIBLE = {"Cf", "Cc", "Cs"}
_SCHEME = re.compile(
    r"^(?:authorization[\"'`]?\s*:\s*[\"'`]?\s*)?(?:(?:bearer|oauth)\s+)+", re.IGNORECASE
)
_DIAL_SIGNS = r"[\s().+/\-\u2010-\u2015\u2212]"
_DIALLED = re.compile(rf"\+{_DIAL_SIGNS}?[0-9](?:{_DIAL_SIGNS}*[0-9]){{6,}}")
_ALPHABET = string.ascii_letters + string.digits
_GENERATED_LENGTH = 32
"""32 of 62 characters are 190 bits; signs such as + / = are left out because Meta's
dashboard mangles them (fbsamples/original-coast-clothing issue 84)."""
_LONGEST = 8000
"""Characters that may be sent. Meta names no longest token and says that lengths change, so this is
far above those of today, and what servers take of an address or a header at most:
https://developers.facebook.com/docs/facebook-login/guides/access-tokens
A verify token is its owner's own."""


_SHORTEST_TOKEN = 60


class Shape(Enum):
    """How a value looks; only `WRONG` keeps it from being sent to Graph. What is stored without a
    test has to be plausible as well: see `is_plausible`."""

    EMPTY = "empty"
    PARTIAL = "partial"
    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


class ShapeResult(NamedTuple):
    """A shape, what to tell the person, and the finding it amounts to where it is wrong."""

    shape: Shape
    note: str = ""
    finding: str | None = None


_GOOD = ShapeResult(Shape.GOOD)
_DOTS = re.compile(r"[\s•·●∙⋅*.…]{4,}")
"""What a page shows in place of a secret."""
_BEHIND_DOTS = {
    "app_secret": "These dots hide the App Secret. Click Show beside them, then copy it.",
    "access_token": "These dots hide the token. Copy it with the button beside it.",
    "verify_token": "These dots hide the verify token. Meta accepts only the token itself.",
}
_NO_TOKEN_YET = "notgeneratedyet"
"""The portal's field for the access token, before there is one and again after a reload."""

_FOREIGN_KEYS = (
    (r"sk-ant-", "an Anthropic key"),
    (r"sk-(proj-|svcacct-)?[A-Za-z0-9_-]{16,}", "an OpenAI key"),
    (r"[sr]k_(live|test)_|pk_(live|test)_|whsec_", "a Stripe key"),
    (r"gh[pousr]_|github_pat_", "a GitHub token"),
    (r"glpat-", "a GitLab token"),
    (r"xox[abeprs]-|xapp-", "a Slack token"),
    (r"(AKIA|ASIA)[A-Z0-9]{12,}", "an AWS access key"),
    (r"AIza[A-Za-z0-9_-]{20,}|ya29\.", "a Google key"),
    (r"SG\.[A-Za-z0-9_-]{10,}\.", "a SendGrid key"),
    (r"(SK|AC)[0-9a-f]{32}$", "a Twilio key"),
    (r"\d{6,12}:[A-Za-z0-9_-]{30,}$", "a Telegram bot token"),
    (r"eyJ[A-Za-z0-9_-]+\.", "a JSON web token of another service"),
    (r"hf_[A-Za-z0-9]{20,}", "a Hugging Face token"),
    (r"shp(at|ca|pa|ss)_", "a Shopify token"),
    (r"npm_[A-Za-z0-9]{30,}", "an npm token"),
    (r"2[A-Za-z0-9]{26}_[A-Za-z0-9]{15,}$", "an ngrok authtoken"),
    (r"IGAA", "an Instagram token"),
    (r"THAA", "a Threads token"),
)


def clean(name: str, text: str) -> Value:
    """What was typed or pasted for a credential, without what the way there added to it.

    Invisible characters, outer white space and quotes go; so do a `Bearer ` in front of a
    token and the line breaks that a terminal or a mail put inside one.
    """
    return CREDENTIALS[name].wrap(_CLEANERS.get(name, _clean_id)(_visible(text)))


def generate_verify_token() -> Secret:
    """A new verify token: letters and digits only, 190 bits."""
    import secrets

    return Secret("".join(secrets.choice(_ALPHABET) for _ in range(_GENERATED_LENGTH)))


def check_shape(name: str, value: Value | None, others: Values | None = None) -> ShapeResult:
    """How a cleaned value looks; `others` are the values already known, to notice swaps."""
    text = "" if value is None else plain(value)
    if not text:
        return ShapeResult(Shape.EMPTY, finding=f"{name}.missing")
    if len(text) > _LONGEST and name != "verify_token":
        said = f"{len(text)} characters: the {CREDENTIALS[name].label} has far fewer."
        return ShapeResult(Shape.WRONG, said, f"{name}.malformed")
    shown = _placeholder(name, text) if CREDENTIALS[name].secret else None
    return shown or _twin(name, text, others or Values()) or _JUDGES[name](name, text)


def is_plausible(name: str, value: Value | None) -> bool:
    """Whether a value may be right as far as its shape goes, so that it may be stored untested.
    A verify token is its owner's own: a weak one is no wrong one."""
    shape = check_shape(name, value).shape
    if shape is Shape.DOUBTFUL and name == "app_secret":
        return False
    long_enough = value is not None and len(value) >= _SHORTEST_TOKEN
    if shape is Shape.DOUBTFUL and name == "access_token":
        return long_enough
    return shape in {Shape.GOOD, Shape.DOUBTFUL}


def _visible(text: str) -> str:
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in _INVISIBLE
    )
    return "".join(kept).strip()


def _clean_token(text: str) -> str:
    while (bare := _SCHEME.sub("", text).strip(_WRAPPING)) != text:
        text = bare
    return re.sub(r"\s+", "", text)


def _clean_secret(text: str) -> str:
    return re.sub(r"\s+", "", text.strip(_WRAPPING))


def _clean_id(text: str) -> str:
    text = text.strip(_WRAPPING)
    joined = re.sub(r"\s+", "", text)
    # Blanks inside a short row of digits are how phone numbers are written: they stay as evidence.
    return joined if re.fullmatch(r"[0-9]{14,}", joined) else text


def _clean_phrase(text: str) -> str:
    """A phrase is its owner's own: a comma or a quote at one end alone may belong to it."""
    while True:
        bare = text.rstrip(",; ")
        if len(bare) < 2 or bare[0] not in _QUOTES or bare[-1] not in _QUOTES:
            return text
        text = bare[1:-1].strip()


_CLEANERS = {
    "access_token": _clean_token,
    "app_secret": _clean_secret,
    "verify_token": _clean_phrase,
}


def _twin(name: str, text: str, others: Values) -> ShapeResult | None:
    twins = {"phone_number_id": ("waba_id", "app_id"), "waba_id": ("phone_number_id", "app_id")}
    for other in twins.get(name, ()):
        if others.get(other) == text:
            label = CREDENTIALS[other].label
            return ShapeResult(Shape.DOUBTFUL, f"This is the same value as your {label}.")
    return None


def _placeholder(name: str, text: str) -> ShapeResult | None:
    """What the portal shows in place of a secret."""
    finding = "verify_token.masked" if name == "verify_token" else f"{name}.malformed"
    if _DOTS.fullmatch(text):
        return ShapeResult(Shape.WRONG, _BEHIND_DOTS[name], finding)
    if name == "access_token" and text.casefold().startswith(_NO_TOKEN_YET):
        said = "The portal shows a token once. Paste the one you copied, or generate a new one."
        return ShapeResult(Shape.WRONG, said, finding)
    return None


def _judge_id(name: str, text: str) -> ShapeResult:
    if text.isascii() and text.isdigit():
        if len(text) < 14:
            return ShapeResult(Shape.PARTIAL, f"{len(text)} digits so far; most have 15 or 16.")
        return _GOOD if len(text) <= 20 else ShapeResult(Shape.DOUBTFUL, "More digits than usual.")
    return ShapeResult(
        Shape.WRONG, f"The {CREDENTIALS[name].label} has only digits.", f"{name}.malformed"
    )


def _judge_phone_number_id(name: str, text: str) -> ShapeResult:
    digits = re.sub(_DIAL_SIGNS, "", text)
    if (digits != text and re.fullmatch(r"[0-9]{7,}", digits)) or _DIALLED.search(text):
        return ShapeResult(
            Shape.WRONG,
            _with_places(
                "This is the phone number. Its Phone number ID is below it on {token_page}."
            ),
            "phone_number_id.is_phone_number",
        )
    if re.fullmatch(r"[0-9]{10,13}", text):
        return ShapeResult(
            Shape.PARTIAL, "Is this the phone number? Its ID is longer, 15 digits or more."
        )
    return _judge_id(name, text)


def _judge_app_secret(name: str, text: str) -> ShapeResult:
    if foreign := _foreign(text):
        return ShapeResult(Shape.WRONG, f"This looks like {foreign}.", f"{name}.malformed")
    if text.startswith("EAA"):
        return ShapeResult(Shape.WRONG, "This is an access token.", f"{name}.malformed")
    if re.fullmatch(r"\d+\|.+", text):
        return ShapeResult(
            Shape.WRONG,
            "This is an App ID, a bar and a token, as a Client token is used. The App secret is "
            "under App settings > Basic.",
            f"{name}.malformed",
        )
    if not _sendable(text):
        return ShapeResult(
            Shape.WRONG, "An App Secret doesn't contain such characters.", f"{name}.malformed"
        )
    if re.fullmatch(r"[0-9a-f]{32}", text):
        return _GOOD
    if re.fullmatch(r"[0-9a-f]{0,31}", text):
        return ShapeResult(Shape.PARTIAL, f"{len(text)} of 32 characters.")
    return ShapeResult(Shape.DOUBTFUL, "An App Secret has 32 characters: 0 to 9 and a to f.")


def _with_places(text: str) -> str:
    from wizard.portal import fill_places  # for few values, and it reads a chapter

    return fill_places(text)


def _judge_access_token(name: str, text: str) -> ShapeResult:
    if re.match(r"\d{6,}\|", text):
        return ShapeResult(
            Shape.WRONG,
            _with_places(
                "This is an app token (App ID, bar, secret)."
                " The access token comes from {token_page}."
            ),
            "access_token.is_app_token",
        )
    if foreign := _foreign(text):
        return ShapeResult(
            Shape.WRONG,
            f"This looks like {foreign}, so it is not sent to Meta.",
            f"{name}.malformed",
        )
    if re.fullmatch(r"[0-9a-f]{32}", text):
        return ShapeResult(
            Shape.DOUBTFUL, "32 characters, 0 to 9 and a to f: is this the App Secret?"
        )
    if not _sendable(text):
        return ShapeResult(
            Shape.WRONG, "A token doesn't contain such characters.", f"{name}.malformed"
        )
    if not text.startswith("EAA"[: len(text)]):
        return ShapeResult(Shape.DOUBTFUL, "Access tokens usually begin with EAA.")
    if len(text) < _SHORTEST_TOKEN:
        return ShapeResult(Shape.PARTIAL, f"{len(text)} characters so far; most have about 200.")
    return _GOOD


def _judge_verify_token(_name: str, text: str) -> ShapeResult:
    if text != text.strip() or re.search(r"\s", text):
        return ShapeResult(
            Shape.WRONG,
            "It contains whitespace, which Meta and servers often treat differently.",
            "verify_token.whitespace",
        )
    if text.startswith("EAA") and len(text) > 60:
        return ShapeResult(
            Shape.DOUBTFUL, "This looks like the access token.", "verify_token.is_access_token"
        )
    if re.search(r"[^A-Za-z0-9._~-]", text):
        return ShapeResult(
            Shape.DOUBTFUL,
            "Characters such as + / = & % # can change on the way. Letters and digits are safe.",
            "verify_token.special_characters",
        )
    if len(text) < 16 or len(set(text)) < 8:
        return ShapeResult(
            Shape.DOUBTFUL, "Easy to guess; use 16 characters or more.", "verify_token.weak"
        )
    return _GOOD


_JUDGES = {
    "app_id": _judge_id,
    "app_secret": _judge_app_secret,
    "access_token": _judge_access_token,
    "phone_number_id": _judge_phone_number_id,
    "waba_id": _judge_id,
    "verify_token": _judge_verify_token,
}


def _foreign(text: str) -> str | None:
    return next((vendor for pattern, vendor in _FOREIGN_KEYS if re.match(pattern, text)), None)


def _sendable(text: str) -> bool:
    return re.fullmatch(r"[!-~]+", text) is not None
