"""What is remembered of one profile, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class CheckRecord(NamedTuple):
    """When a credential was last tested, with which outcome, and the finding that decided it."""

    at: datetime
    outcome: str
    finding: str | None = None


@dataclass(frozen=True)
class ReplacedCallback:
    """A callback of somebody else's that ours took the place of, to be put back.

    `scope` is `app`, `waba` or `phone`, and `owner` the ID of that object; `fields` are those
    that the app had subscribed to, and `by` is ours. An empty `callback_url` says that there was
    none, so that ours has to go: a dead one of a WABA or number would hide the app's own.
    """

    scope: str
    owner: str
    callback_url: str
    fields: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class StoredWebhook:
    """The last callback of ours that took a handshake, where this machine listens for it as long
    as it does, the endpoint's marker, whether a message has ever come, and what it took the place
    of.

    `account` is the ID of the account that Meta names in the events of the number `account_of`,
    and `standby` whether messages have come on that field.
    """

    callback_url: str | None = None
    local_url: str | None = None
    marker: str | None = None
    heard: bool = False
    replaced: tuple[ReplacedCallback, ...] = ()
    account: str | None = None
    account_of: str | None = None
    standby: bool = False


@dataclass(frozen=True)
class Progress:
    """One profile's place in the guide, what its last tests said, and its webhook.

    `token_expires_at` is unix seconds; 0 means never. `portal` is the layout that Meta's portal
    shows this person, where they said so.
    """

    step: str | None = None
    done: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    tested: Mapping[str, CheckRecord] = field(default_factory=dict)
    token_expires_at: int | None = None
    token_kind: str | None = None
    app_name: str | None = None
    portal: str | None = None
    webhook: StoredWebhook = StoredWebhook()


def read_progress(entry: Mapping[str, Any]) -> Progress:
    expires = entry.get("token_expires_at")
    if not isinstance(expires, int | None):
        raise TypeError("not a number")
    return Progress(
        step=_text(entry.get("step")),
        done=_ids(entry.get("done", [])),
        skipped=_ids(entry.get("skipped", [])),
        tested={name: _tested(said) for name, said in entry.get("tested", {}).items()},
        token_expires_at=expires,
        token_kind=_text(entry.get("token_kind")),
        app_name=_text(entry.get("app_name")),
        portal=_text(entry.get("portal")),
        webhook=_webhook(entry.get("webhook", {})),
    )


def _webhook(entry: Mapping[str, Any]) -> StoredWebhook:
    return StoredWebhook(
        callback_url=_text(entry.get("callback_url")),
        local_url=_text(entry.get("local_url")),
        marker=_text(entry.get("marker")),
        heard=entry.get("heard") is True,
        replaced=tuple(_replaced(said) for said in entry.get("replaced", [])),
        account=_text(entry.get("account")),
        account_of=_text(entry.get("account_of")),
        standby=entry.get("standby") is True,
    )


def _replaced(entry: Mapping[str, Any]) -> ReplacedCallback:
    texts = [entry["scope"], entry["owner"], entry["callback_url"], entry.get("by", "")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("not a callback")
    scope, owner, url, by = texts
    return ReplacedCallback(scope, owner, url, tuple(sorted(_ids(entry.get("fields", [])))), by)


def _tested(entry: Mapping[str, Any]) -> CheckRecord:
    at = datetime.fromisoformat(entry["at"])
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    outcome = entry["outcome"]
    if outcome not in {"passed", "failed", "untested", "unanswered"}:
        raise ValueError("an outcome that is none")
    return CheckRecord(at, outcome, _text(entry.get("finding")))


def _ids(entries: object) -> frozenset[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise TypeError("not a list of step ids")
    return frozenset(entries)


def _text(value: object) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError("not a text")
    return value


def as_dict(progress: Progress) -> dict[str, Any]:
    return {
        "step": progress.step,
        "done": sorted(progress.done),
        "skipped": sorted(progress.skipped),
        "tested": {
            name: {
                "at": tested.at.isoformat(),
                "outcome": tested.outcome,
                "finding": tested.finding,
            }
            for name, tested in progress.tested.items()
        },
        "token_expires_at": progress.token_expires_at,
        "token_kind": progress.token_kind,
        "app_name": progress.app_name,
        "portal": progress.portal,
        "webhook": asdict(progress.webhook),
    }
