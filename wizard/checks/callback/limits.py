"""A server's limit on how often it is called: how it shows, and how calls keep to it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from wizard.support.patterns import LatePattern
from wizard.webhook.probe import ProbeError, ProbeResponse

Tried: TypeAlias = ProbeResponse | ProbeError
"""An answer, or why there was none."""

PAUSE = 1.05
"""Seconds before a call that met a limit is made once more, and between calls from then on."""
_AT_ONCE = 6
_TRIES = 2
_WAITS = 5
_LONGEST = 3.0
_WORDS = LatePattern(
    r"too many requests|rate.?limit|request limit|limit exceeded|slow down|throttl|try again later"
    r"|server (is )?(too )?busy|over(load| capacity)",
    re.IGNORECASE,
)


def recognize_limit(tried: Tried) -> str:
    """What limits how often the server is called, in words; empty where nothing does."""
    if not isinstance(tried, ProbeResponse):
        return ""
    if tried.status == 429:
        return "a rate limit"
    if tried.status != 503:
        return ""
    server = f"{tried.headers.get('server', '')} {tried.text[:500]}".lower()
    if "just a moment" in server or "x-render-routing" in tried.headers:
        return ""
    named = next((name for name in ("nginx", "openresty", "litespeed") if name in server), "")
    if named:
        return f"{named}'s rate limit, or its maintenance mode"
    waits = "retry-after" in tried.headers or _WORDS.search(tried.text)
    return "a rate limit" if waits else ""


@dataclass
class Pace:
    """Few calls at a time; once a limit was met, one by one and a pause apart.

    `blocked` is the last answer where the server's limit outlasts all patience: no more calls are
    made then.
    """

    pause: float = PAUSE
    blocked: ProbeResponse | None = None
    was_limited: bool = False
    _waits: int = _WAITS
    _last: float = 0.0
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def call(self, call: Callable[[], Awaitable[ProbeResponse]]) -> Tried:
        """What the call meets; where that is a limit, what it meets a pause later."""
        if self.blocked is not None:
            return self.blocked
        tried = await self._once(call, 0.0)
        for _ in range(_TRIES):
            if not (isinstance(tried, ProbeResponse) and recognize_limit(tried)):
                break
            self.was_limited = True
            if self._waits == 0:
                self.blocked = tried
                break
            self._waits -= 1
            tried = await self._once(call, self._wait_for(tried))
        return tried

    async def _once(self, call: Callable[[], Awaitable[ProbeResponse]], wait: float) -> Tried:
        async with self._one if self.was_limited else self._few:
            if self.was_limited:
                since = time.monotonic() - self._last
                await asyncio.sleep(max(wait, self.pause) - min(since, self.pause))
            try:
                return await call()
            except ProbeError as error:
                return error
            finally:
                self._last = time.monotonic()

    def _wait_for(self, answer: ProbeResponse) -> float:
        """As long as Retry-After asks, within reason."""
        asked = answer.headers.get("retry-after", "")
        return min(float(asked), _LONGEST) if re.fullmatch("[0-9]{1,9}", asked) else self.pause
