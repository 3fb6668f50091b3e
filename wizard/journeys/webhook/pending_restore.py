"""Callbacks of somebody else's that a callback of this machine took the place of, over all
profiles: which of them are still to be put back, and whether a program is there that will."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook

if TYPE_CHECKING:
    from wizard.state import Claim

_LEARNED = ("heard", "account", "account_of", "standby")
"""What deliveries have taught, whoever listened."""


class Left(NamedTuple):
    """What a profile remembers to have replaced."""

    profile: str
    entry: ReplacedCallback

    def is_of(self, scope: str, owner: str) -> bool:
        return (self.entry.scope, self.entry.owner) == (scope, owner)


def ledger(state: StateFile) -> list[Left]:
    """What every profile remembers to have replaced. Raises `StateError`."""
    entries = state.read_index().entries.items()
    return [Left(name, one) for name, of in entries for one in of.progress.webhook.replaced]


def origin(
    one: ReplacedCallback, others: Iterable[ReplacedCallback], alive: Container[str] = ()
) -> ReplacedCallback:
    """What stood there before any callback of this machine's: the one that was replaced may have
    been another listener's, which took somebody else's place. One that is `alive` stays."""
    before = {other.by: other for other in others if _place(other) == _place(one)}
    met = {one.by}
    while (url := one.callback_url) in before and url not in alive and url not in met:
        met.add(url)
        one = replace(before[url], by=one.by)
    return one


def not_restored(state: StateFile, profile: str | None = None) -> tuple[ReplacedCallback, ...]:
    """What is to be put back and nobody is there to do it: of this profile, or of all of them.
    Each says what stood there at first. Raises `StateError`."""
    found = _unattended(state, profile)
    return tuple(dict.fromkeys(one for _, one in found))


def not_restored_by_profile(state: StateFile) -> list[tuple[str, ReplacedCallback]]:
    """The same of each profile, with its name, in their order; the state is read once, however
    many there are. Raises `StateError`."""
    found = dict.fromkeys(_unattended(state))
    return sorted(found, key=lambda pair: (pair[0].lower(), pair[0]))


def _unattended(state: StateFile, profile: str | None = None) -> list[tuple[str, ReplacedCallback]]:
    left = ledger(state)
    if not any(profile in {None, one.profile} for one in left):
        return []
    from wizard.state import claims_in

    claims, every = claims_in(state.folder), [one.entry for one in left]
    busy = {(claim.scope, claim.owner) for claim in claims}
    own = (one for one in left if profile in {None, one.profile})
    return [(one.profile, origin(one.entry, every)) for one in own if _place(one.entry) not in busy]


def sentence(one: ReplacedCallback, profile: str) -> str:
    """What is to be said of it at every start."""
    what = one.callback_url or "the previous state, without its own callback URL"
    return (
        f"A killed run did not restore {what} ({one.scope} {one.owner}). Meta may still call "
        f"{one.by or 'its callback'}. To restore it: whatsapp-wizard restore --profile {profile}"
    )


def revised(stored: StoredWebhook, was: StoredWebhook, now: StoredWebhook) -> StoredWebhook:
    """What is to be stored when a program's own memory went from `was` to `now`: what another one
    has written meanwhile about its callbacks stays."""
    gone = [one for one in was.replaced if one not in now.replaced]
    new = [one for one in now.replaced if one not in was.replaced]
    kept = [one for one in stored.replaced if one not in gone and _places(new, one) == []]
    names = ("callback_url", "local_url", "marker", *_LEARNED)
    changed = {one: getattr(now, one) for one in names if getattr(now, one) != getattr(was, one)}
    if now.local_url is None and stored.local_url not in {None, was.local_url}:
        changed = {one: said for one, said in changed.items() if one in _LEARNED}
    return replace(stored, replaced=(*kept, *new), **changed)


def merged(was: StoredWebhook, now: Progress, new: Progress) -> Progress:
    """All of what is `new`, and of the webhook what `revised` says."""
    return replace(new, webhook=revised(now.webhook, was, new.webhook))


def clear(state: StateFile, gone: Iterable[Left], later: Iterable[Left] = ()) -> None:
    """The `gone` are back, or nobody's business any more; others come in their place. Raises
    `StateError`."""
    lost, new = list(gone), list(later)
    names = {one.profile for one in (*lost, *new)}
    for name in names:
        these = [one.entry for one in lost if one.profile == name]
        those = [one.entry for one in new if one.profile == name]
        state.merge({name: Progress()}, partial(_instead, these, those), names)


def _instead(
    gone: list[ReplacedCallback], later: list[ReplacedCallback], now: Progress, _new: Progress
) -> Progress:
    kept = [one for one in now.webhook.replaced if one not in gone]
    replaced = tuple(dict.fromkeys([*kept, *later]))
    return replace(now, webhook=replace(now.webhook, replaced=replaced))


def alive(claims: Iterable[Claim], scope: str, owner: str) -> list[Claim]:
    return [claim for claim in claims if (claim.scope, claim.owner) == (scope, owner)]


def _places(these: Iterable[ReplacedCallback], one: ReplacedCallback) -> list[ReplacedCallback]:
    return [other for other in these if _place(other) == _place(one)]


def _place(one: ReplacedCallback) -> tuple[str, str]:
    return one.scope, one.owner
