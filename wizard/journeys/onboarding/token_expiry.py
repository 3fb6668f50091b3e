"""How long the stored access token has to live, as far as is known."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from wizard.settings import WarnAhead
from wizard.state import Progress
from wizard.support.times import in_words, known_end, share_left

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding
    from wizard.world import World


class Expiry(NamedTuple):
    """The kind of a token, the seconds until its end (`None` where it has none), and whether that
    is soon enough to be warned of."""

    kind: str | None
    seconds: int | None
    soon: bool = False

    @property
    def ended(self) -> bool:
        return self.seconds is not None and self.seconds <= 0

    @property
    def endless(self) -> bool:
        """Whether it is known not to end, so that there is nothing to exchange it for."""
        return self.seconds is None

    @property
    def share(self) -> float:
        """How much of its life is left, from 0 to 1; all of it where it does not end."""
        return 1.0 if self.seconds is None else share_left(self.kind, self.seconds)

    @property
    def words(self) -> str:
        """The end of a sentence about the token."""
        if self.seconds is None:
            return "never expires"
        if self.ended:
            return f"ended {in_words(-self.seconds)} ago"
        return f"expires in {in_words(self.seconds)}"


def expiry_at(kind: str | None, expires_at: int | None, world: World) -> Expiry | None:
    """Of a token that ends at this time, in unix seconds; nothing where the time is not known."""
    now = world.clock() - world.meta_clock.wall_ahead
    return _expiry(kind, expires_at, now, world.warn_ahead)


def expiry_stored(progress: Progress, warn_ahead: WarnAhead) -> Expiry | None:
    """What is remembered of a token's end, by this machine's clock; nothing where that is not
    known."""
    now = datetime.now(UTC)
    return _expiry(progress.token_kind, progress.token_expires_at, now, warn_ahead)


def _expiry(
    kind: str | None, expires_at: int | None, at: datetime, warn_ahead: WarnAhead
) -> Expiry | None:
    now = at.timestamp()
    expires_at = known_end(expires_at, now)
    if expires_at is None:
        return None
    if expires_at == 0:
        return Expiry(kind, None)
    seconds = math.floor(expires_at - now)
    return Expiry(kind, seconds, seconds < warn_ahead.seconds(kind))


def expiry(progress: Progress, world: World) -> Expiry | None:
    """What is remembered of the stored token's end; nothing where that is not known."""
    if world.values.access_token is None:
        return None
    return expiry_at(progress.token_kind, progress.token_expires_at, world)


def expiry_in(onboarding: Onboarding) -> Expiry | None:
    """What is known of the stored token's end; nothing of one that failed before it."""
    from wizard.journeys.onboarding.chip import Chip

    life = expiry(onboarding.progress, onboarding.world)
    failed = onboarding.chip("access_token") is Chip.FAILED
    return None if life is not None and failed and not life.ended else life


def is_exchangeable(onboarding: Onboarding) -> bool:
    """Whether a longer-lived token may be had for the stored one: not where it does not end."""
    life = expiry_in(onboarding)
    stored = onboarding.world.values.access_token is not None
    return stored and not (life is not None and life.endless)
