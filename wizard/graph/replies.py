"""Graph's replies, typed; what a reply lacks is told apart from what it denies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from wizard.graph.errors import GraphError, Reason, error_from
from wizard.graph.health import Health, health_of
from wizard.support.texts import printable

Json = Mapping[str, Any]

_LAST_SECOND = 253_402_300_799
"""The end of the year 9999, which no date of Python's goes beyond."""
_MOST = 200
"""Characters of a name; Meta takes up to 75 in a display name."""

PERMISSIONS = ("whatsapp_business_management", "whatsapp_business_messaging")


class TokenInfo(NamedTuple):
    """What `debug_token` says of a token.

    `expires_at` and `issued_at` are unix seconds; 0 means never, `None` that Graph did not say.
    `scopes` is `None` where they are not told. `targets` holds the WABA IDs a permission is
    granted for; a permission without an entry is granted for every account. It is `None` where
    Graph says nothing of how far permissions reach.
    """

    app_id: str
    app_name: str = ""
    kind: str = ""
    scopes: frozenset[str] | None = None
    targets: Mapping[str, frozenset[str]] | None = None
    expires_at: int | None = None
    issued_at: int | None = None
    error: GraphError | None = None

    def grants(self, waba_id: str) -> bool:
        """Whether both WhatsApp permissions reach this account."""
        return not self.withheld(waba_id)

    def withheld(self, waba_id: str) -> tuple[str, ...]:
        """The WhatsApp permissions that reach some accounts, but not this one."""
        targets = self.targets or {}
        return tuple(
            name for name in PERMISSIONS if name in targets and waba_id not in targets[name]
        )

    @property
    def granted(self) -> frozenset[str]:
        """The WABA IDs that the token names."""
        targets = self.targets or {}
        return frozenset().union(*(targets.get(name, frozenset()) for name in PERMISSIONS))

    @property
    def portfolios(self) -> frozenset[str]:
        """The business portfolios that the token names."""
        return (self.targets or {}).get("business_management", frozenset())

    def seconds_left(self, now: datetime) -> float | None:
        """Seconds until the token ends; `None` where it never does or Graph did not say."""
        return None if not self.expires_at else self.expires_at - now.timestamp()

    @property
    def lifetime(self) -> str:
        """`permanent`, `system user`, `long-lived` or `temporary`, as far as it can be told."""
        if self.kind == "SYSTEM_USER":
            return "system user"
        if self.expires_at == 0:
            return "permanent"
        # Meta fills issued_at for long-lived user tokens only:
        # https://developers.facebook.com/docs/graph-api/reference/debug_token
        return "long-lived" if self.issued_at else "temporary"

    @property
    def end(self) -> datetime | None:
        return datetime.fromtimestamp(self.expires_at, UTC) if self.expires_at else None


class Waba(NamedTuple):
    """A WhatsApp Business Account."""

    id: str
    name: str = ""
    review: str = ""
    status: str = ""
    health: Health = Health()


class Number(NamedTuple):
    """A business phone number."""

    id: str
    display: str
    name: str = ""
    status: str = ""
    platform: str = ""
    verification: str = ""
    mode: str = ""
    quality: str = ""
    health: Health = Health()

    @property
    def is_test(self) -> bool:
        # Meta's test numbers report SANDBOX; older ones only their name.
        return self.mode == "SANDBOX" or self.name.casefold() == "test number"

    @property
    def about(self) -> str:
        both = self.display and self.name
        return f"{self.display} ({self.name})" if both else self.display or self.name


def token_info(reply: Json) -> TokenInfo:
    """The reply of `GET /debug_token`, for which a dead token is no error but a fact."""
    data = _object(reply, "data")
    error = data.get("error")
    dead = isinstance(error, Mapping) or data.get("is_valid") is False
    envelope = dict(error) if isinstance(error, Mapping) else {"message": "is_valid is false"}
    envelope.setdefault("code", 190)
    envelope.setdefault("error_subcode", envelope.get("subcode"))
    if not dead and not data.get("app_id"):
        raise GraphError(Reason.NOT_JSON, "The reply to debug_token names no app.")
    return TokenInfo(
        app_id=_text(data.get("app_id")),
        app_name=_text(data.get("application")),
        kind=_text(data.get("type")).upper(),
        scopes=_scopes(data),
        targets=_targets(data.get("granular_scopes")),
        expires_at=_seconds(data.get("expires_at")),
        issued_at=_seconds(data.get("issued_at")),
        error=error_from(200, envelope) if dead else None,
    )


def app(reply: Json) -> tuple[str, str]:
    """An app's ID and name."""
    return _id(reply), _text(reply.get("name"))


def waba(reply: Json) -> Waba:
    return Waba(
        id=_id(reply),
        name=_text(reply.get("name")),
        review=_text(reply.get("account_review_status")).upper(),
        status=_text(reply.get("status")).upper(),
        health=health_of(reply.get("health_status")),
    )


def number(reply: Json) -> Number:
    return Number(
        id=_id(reply),
        display=_text(reply.get("display_phone_number")),
        name=_text(reply.get("verified_name")),
        status=_text(reply.get("status")).upper(),
        platform=_text(reply.get("platform_type")).upper(),
        verification=_text(reply.get("code_verification_status")).upper(),
        mode=_text(reply.get("account_mode")).upper(),
        quality=_text(reply.get("quality_rating")).upper(),
        health=health_of(reply.get("health_status")),
    )


def numbers(reply: Json) -> tuple[Number, ...]:
    return tuple(number(entry) for entry in entries(reply))


def wabas(reply: Json) -> tuple[Waba, ...]:
    return tuple(waba(entry) for entry in entries(reply))


def next_cursor(reply: Json) -> str | None:
    """Where the next page of a list begins; `None` on the last one."""
    paging = reply.get("paging")
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, Mapping) else None
    return _text(after) or _cursor_in(_text(paging["next"]))


def _cursor_in(address: str) -> str | None:
    """The cursor in the next page's address, of which nothing else is used."""
    try:
        return next(iter(parse_qs(urlsplit(address).query).get("after", [])), None)
    except ValueError:
        return None


def entries(reply: Json) -> list[Json]:
    data = reply.get("data")
    if not isinstance(data, list):
        raise GraphError(Reason.NOT_JSON, "The reply is JSON, but its list has no data.")
    return [entry for entry in data if isinstance(entry, Mapping)]


def _scopes(data: Json) -> frozenset[str] | None:
    """The permissions, from whichever list names them; `None` where neither is there."""
    if isinstance(data.get("scopes"), list):
        return frozenset(_text(scope) for scope in data["scopes"])
    entries = [entry for entry in _list(data.get("granular_scopes")) if isinstance(entry, Mapping)]
    return frozenset(_text(entry.get("scope")) for entry in entries) or None


def _targets(entries: object) -> dict[str, frozenset[str]] | None:
    if not isinstance(entries, list):
        return None
    found = {}
    for entry in entries:
        ids = entry.get("target_ids") if isinstance(entry, Mapping) else None
        if isinstance(ids, list):
            found[_text(entry.get("scope"))] = frozenset(_text(id_) for id_ in ids)
    return found


def _id(reply: Json) -> str:
    if not reply.get("id"):
        raise GraphError(Reason.NOT_JSON, "The reply is JSON, but names no Graph object.")
    return _text(reply["id"])


def _object(reply: Json, name: str) -> Json:
    value = reply.get(name)
    if not isinstance(value, Mapping):
        raise GraphError(Reason.NOT_JSON, f"The reply is JSON, but has no {name}.")
    return value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _seconds(value: object) -> int | None:
    try:
        return min(int(str(value)), _LAST_SECOND)
    except ValueError:
        return None


def _text(value: object) -> str:
    """A word of Meta's, or a name that somebody chose, which may hold anything."""
    return "" if value is None else printable(str(value), _MOST)
