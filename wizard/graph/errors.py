"""Why a question to Graph failed, told from the error envelope by a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NamedTuple

from wizard.support.texts import visible
from wizard.values.credentials import Secret
from wizard.values.redaction import redact


class Reason(StrEnum):
    """What came in an answer's place, or what an answer says of what was asked."""

    DNS = "dns"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TLS = "tls"
    INSECURE = "insecure"
    PROXY = "proxy"
    NOT_JSON = "not_json"
    SERVER_ERROR = "server_error"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    PARAMETER_REFUSED = "parameter_refused"
    VERSION_UNKNOWN = "version_unknown"

    APP_UNKNOWN = "app_unknown"
    SECRET_MISMATCH = "secret_mismatch"
    APP_TOKEN_REFUSED = "app_token_refused"
    TOKEN_UNREADABLE = "token_unreadable"
    TOKEN_EXPIRED = "token_expired"
    TOKEN_REVOKED = "token_revoked"
    TOKEN_OTHER_APP = "token_other_app"
    MAY_NOT_INSPECT = "may_not_inspect"
    NO_PERMISSION = "no_permission"
    BLOCKED = "blocked"
    RESTRICTED = "restricted"
    ACCOUNT_LOCKED = "account_locked"
    NOT_FOUND = "not_found"
    WRONG_KIND = "wrong_kind"
    PROOF_REQUIRED = "proof_required"
    CALLBACK_REFUSED = "callback_refused"
    NEEDS_SUBSCRIPTION = "needs_subscription"
    NO_GRANT = "no_grant"
    ID_MALFORMED = "id_malformed"
    NOT_REGISTERED = "not_registered"
    IN_REVIEW = "in_review"
    WHATSAPP_ACCOUNT = "whatsapp_account"


NO_ANSWER = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.INSECURE,
        Reason.PROXY,
        Reason.NOT_JSON,
        Reason.SERVER_ERROR,
        Reason.RATE_LIMITED,
        Reason.REFUSED,
        Reason.PARAMETER_REFUSED,
        Reason.VERSION_UNKNOWN,
    }
)
"""Graph gave no answer that could be used; each is a finding `graph.<reason>`."""
SILENT = NO_ANSWER - {Reason.REFUSED, Reason.PARAMETER_REFUSED}
"""Graph said nothing at all, or nothing of what was asked."""


class GraphError(Exception):
    """Graph did not answer, or refused. Its text holds none of the secrets that were sent."""

    def __init__(
        self,
        reason: Reason,
        message: str = "",
        *,
        code: int | None = None,
        subcode: int | None = None,
        kind: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.code = code
        self.subcode = subcode
        self.kind = kind
        self.field = field

    @property
    def evidence(self) -> str:
        """One line for a report: code and subcode as Meta's pages write them, then the text."""
        if self.code is None:
            return self.message
        number = f"{self.code}/{self.subcode}" if self.subcode else f"{self.code}"
        return f"Graph: {number}, {self.message.removeprefix(f'(#{self.code}) ')}"


_OF_A_TOKEN = frozenset(
    {
        Reason.TOKEN_UNREADABLE,
        Reason.TOKEN_EXPIRED,
        Reason.TOKEN_REVOKED,
        Reason.TOKEN_OTHER_APP,
        Reason.NO_PERMISSION,
        Reason.NO_GRANT,
    }
)


@contextmanager
def without_access_token() -> Iterator[None]:
    """For a question that carries no access token: a refusal accuses none then, whatever its code
    means elsewhere. Raises `GraphError`."""
    try:
        yield
    except GraphError as error:
        if error.reason not in _OF_A_TOKEN:
            raise
        code, subcode = error.code, error.subcode
        raise GraphError(Reason.REFUSED, error.message, code=code, subcode=subcode) from None


class _Rule(NamedTuple):
    reason: Reason
    codes: tuple[int, ...]
    subcodes: tuple[int, ...] = ()
    pattern: str = ""

    def fits(self, code: int, subcode: int | None, message: str) -> bool:
        return (
            code in self.codes
            and (not self.subcodes or subcode in self.subcodes)
            and re.search(self.pattern, message, re.IGNORECASE) is not None
        )


_APP_TOKEN_ONLY = r"must provide an app access token, or a user access token"
_NO_SUCH_PATH = r"unknown path components: (?!/(oauth/)?access_token|/debug_token)"
"""What Meta says where a version never was, https://github.com/arsduo/koala/issues/611; of the two
paths that no object has, others say it too, who speak Graph and don't have them."""
_WRONG_KIND = re.compile(r"nonexisting field \((\w+)\)(?: on node type \((\w+)\))?", re.IGNORECASE)
_MOST_SHOWN = 1000

# The numbers: https://developers.facebook.com/docs/graph-api/guides/error-handling and
# …/documentation/business-messaging/whatsapp/support/error-codes. Meta reuses 1, 100 and 190 for
# unlike things, so their texts are looked at before the bare code.
_RULES = (
    # Not in Meta's table; met by many since accounts were split in September 2026:
    # https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
    _Rule(Reason.WHATSAPP_ACCOUNT, (100,), subcodes=(2388339,)),
    _Rule(Reason.WHATSAPP_ACCOUNT, (100,), pattern="whatsapp accounts? can(not|'t) be used"),
    _Rule(Reason.CALLBACK_REFUSED, (2200, 2201)),
    _Rule(Reason.CALLBACK_REFUSED, (1, 100, 368), pattern=r"malicious|ur[il] .*(abusive|unsafe)"),
    _Rule(Reason.CALLBACK_REFUSED, (100,), pattern="callback ur[il] (format|is not reachable)"),
    _Rule(Reason.SECRET_MISMATCH, (1,), pattern="client[ _]secret"),
    _Rule(Reason.SECRET_MISMATCH, (190,), pattern="access token signature"),
    _Rule(Reason.APP_UNKNOWN, (101,)),
    _Rule(Reason.APP_UNKNOWN, (1, 190, 100), pattern="(validating|invalid) application"),
    _Rule(Reason.TOKEN_EXPIRED, (190, 102), subcodes=(463,)),
    _Rule(
        Reason.TOKEN_REVOKED,
        (190, 102),
        subcodes=(458, 460, 461, 462, 464, 465, 466, 467, 468, 492),
    ),
    _Rule(Reason.BLOCKED, (190, 102), subcodes=(459,)),
    _Rule(Reason.TOKEN_EXPIRED, (190, 102, 0), pattern="expired"),
    _Rule(Reason.TOKEN_UNREADABLE, (190,), pattern="cannot parse|malformed|decrypt"),
    _Rule(Reason.TOKEN_REVOKED, (190,), pattern="session|password|not authorized|log(ged)? out"),
    _Rule(Reason.TOKEN_OTHER_APP, (190,), pattern="does not belong to application"),
    _Rule(Reason.TOKEN_REVOKED, (190,), pattern="error validating access token"),
    _Rule(Reason.TOKEN_UNREADABLE, (190,), pattern="token"),
    _Rule(Reason.MAY_NOT_INSPECT, (100,), pattern=_APP_TOKEN_ONLY),
    _Rule(Reason.APP_TOKEN_REFUSED, (100, 104), pattern="app access token"),
    # Spelt with a blank: a path that Graph does not know may be `…/access_token`.
    _Rule(Reason.TOKEN_UNREADABLE, (104, 2500), pattern="access token"),
    _Rule(Reason.TOKEN_UNREADABLE, (200,), pattern="provide valid app id"),
    _Rule(Reason.TOKEN_REVOKED, (190, 102, 0)),
    _Rule(Reason.TOKEN_OTHER_APP, (100,), pattern="did not match the viewing app"),
    _Rule(Reason.NEEDS_SUBSCRIPTION, (100,), pattern="app must be subscribed|before override"),
    _Rule(Reason.PROOF_REQUIRED, (100,), pattern="require an appsecret_proof"),
    _Rule(Reason.SECRET_MISMATCH, (100,), pattern="invalid appsecret_proof"),
    _Rule(Reason.NOT_FOUND, (100,), subcodes=(33,)),
    _Rule(Reason.NOT_FOUND, (100, 803), pattern="does not exist"),
    _Rule(Reason.NOT_FOUND, (33, 803)),
    # An app that is archived or whose access lapsed, and one that may not act for this person:
    # every object is refused then, and none of the IDs is to blame.
    _Rule(Reason.BLOCKED, (200,), pattern="api access (blocked|deactivated)"),
    _Rule(Reason.BLOCKED, (10, 200), pattern="cannot call api for app"),
    _Rule(Reason.NO_GRANT, (200,), subcodes=(1349175,)),
    _Rule(Reason.NO_PERMISSION, (3, 10, 131005, *range(200, 300))),
    _Rule(Reason.RESTRICTED, (368,)),
    _Rule(Reason.ACCOUNT_LOCKED, (131031,)),
    _Rule(Reason.RATE_LIMITED, (4, 17, 32, 613, 80007, 80008, 130429)),
    _Rule(Reason.SERVER_ERROR, (1, 2, 131000, 131016, 131057, 133004, 2494100)),
    _Rule(Reason.SERVER_ERROR, (100,), pattern="temporarily unavailable"),
    _Rule(Reason.IN_REVIEW, (100,), pattern="under review"),
    _Rule(Reason.NOT_REGISTERED, (100,), pattern="number is not registered"),
    _Rule(Reason.ID_MALFORMED, (100,), pattern=r"id\b.* must be (a valid )?numeric"),
    _Rule(Reason.VERSION_UNKNOWN, (100,), pattern="invalid version"),
    _Rule(Reason.VERSION_UNKNOWN, (2500,), pattern=_NO_SUCH_PATH),
    _Rule(Reason.PARAMETER_REFUSED, (100,), pattern=r"\b(param(eter)?s?|fields?|filter\w*)\b"),
    _Rule(Reason.PARAMETER_REFUSED, (2500,), pattern="syntax error"),
)


def error_from(http: int, envelope: Mapping[str, Any], sent: Iterable[Secret] = ()) -> GraphError:
    """The error that an envelope's `error` member tells of.

    It is told by code, subcode and text, never by the HTTP status where there is a code, as Meta
    advises; `sent` are the secrets of the request, which Meta's text may echo.
    """
    code, subcode = _number(envelope.get("code")), _number(envelope.get("error_subcode"))
    # Scrubbed before it is cut: of a secret that the cut runs through, no part may stay.
    message = redact(_text(envelope), sent)[:_MOST_SHOWN]
    if wrong := _WRONG_KIND.search(message):
        return GraphError(
            Reason.WRONG_KIND, message, code=code, subcode=subcode, field=wrong[1], kind=wrong[2]
        )
    # Only where there is no code, the HTTP status is all that tells.
    passing = http >= 500 if code is None else bool(envelope.get("is_transient"))
    reason = _reason(code, subcode, message, Reason.SERVER_ERROR if passing else Reason.REFUSED)
    return GraphError(reason, message, code=code, subcode=subcode)


def _reason(code: int | None, subcode: int | None, message: str, unknown: Reason) -> Reason:
    if code is None:
        return unknown
    fitting = (rule.reason for rule in _RULES if rule.fits(code, subcode, message))
    return next(fitting, unknown)


def _text(envelope: Mapping[str, Any]) -> str:
    data = envelope.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else None
    parts = [envelope.get("message"), details or envelope.get("error_user_msg")]
    title, more = (str(part or "")[: 2 * _MOST_SHOWN] for part in parts)
    # The Cloud API's details often begin with the title.
    number, _, bare = title.rpartition(") ")
    said = f"{number}) {more}" if number and more.startswith(bare) else f"{title} {more}"
    return " ".join(visible(said).split()) or "no message"


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
