"""How much of its calls an app and an account have left, as the headers of Graph's answers tell.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.graph.errors import GraphError, Reason

SPARING = 80.0
"""Percent of the calls of an hour from which on the rest is spared."""
LONGEST_PAUSE = 0.5
"""Seconds between two calls of an app that has nearly none left."""
UNTOLD = 300.0
"""Seconds for which nothing more is asked where Meta refused, or would, and named no time."""

_PERCENTAGES = ("call_count", "total_time", "total_cputime")


@dataclass
class _Allowance:
    """One that calls are counted for: `until` it has none, and `turn` is its next one's."""

    used: float = 0.0
    until: float = 0.0
    turn: float = 0.0


@dataclass
class RateLimits:
    """What is left to whom. Apps and accounts are told by their IDs; on which accounts a path is
    counted is known once it was answered. `clock` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _allowances: dict[str, _Allowance] = field(default_factory=lambda: defaultdict(_Allowance))
    _accounts: dict[str, frozenset[str]] = field(default_factory=dict)

    def check(self, app: str, path: str) -> None:
        """Raises `GraphError` where whoever pays for this call has used up what Meta allows:
        asking on would only put off the time from which it answers again."""
        now = self.clock()
        until = max((payer.until for payer in self._payers(app, path)), default=now)
        if until > now:
            minutes = math.ceil((until - now) / 60)
            said = f"Not tested: Meta allows no more calls for about {minutes} min."
            raise GraphError(Reason.RATE_LIMITED, said)

    def pause(self, app: str, path: str) -> float:
        """The seconds that this call waits for its turn: none, while enough is left."""
        now, waits = self.clock(), 0.0
        for payer in self._payers(app, path):
            if payer.used >= SPARING:
                share = (min(payer.used, 100.0) - SPARING) / (100.0 - SPARING)
                payer.turn = max(now, payer.turn + LONGEST_PAUSE * share)
                waits = max(waits, payer.turn - now)
        return waits

    def update(self, app: str, path: str, headers: Mapping[str, str]) -> None:
        """Takes in what an answer's headers tell; what can't be read tells nothing."""
        if app and (told := _object(headers.get("x-app-usage"))):
            self._take(app, told)
        accounts = _object(headers.get("x-business-use-case-usage"))
        for id_, cases in accounts.items():
            for case in cases if isinstance(cases, list) else ():
                self._take(id_, case)
        if accounts:
            self._accounts[_owner(path)] = frozenset(accounts)

    def refused(self, app: str, path: str, headers: Mapping[str, str]) -> None:
        """Meta refused a call for want of an allowance; where its headers do not tell whose it
        was, it may have been that of any who paid."""
        self.update(app, path, headers)
        payers, now = list(self._payers(app, path)), self.clock()
        if not any(payer.until > now for payer in payers):
            wait = _number(headers.get("retry-after")) or UNTOLD
            for payer in payers:
                payer.until = now + wait

    def _take(self, id_: str, told: object) -> None:
        if not isinstance(told, Mapping):
            return
        allowance, now = self._allowances[id_], self.clock()
        allowance.used = max(_number(told.get(name)) for name in _PERCENTAGES)
        if minutes := _number(told.get("estimated_time_to_regain_access")):
            allowance.until = now + minutes * 60
        elif allowance.used >= 100:
            allowance.until = max(allowance.until, now + UNTOLD)

    def _payers(self, app: str, path: str) -> Iterator[_Allowance]:
        for id_ in filter(None, (app, *self._accounts.get(_owner(path), ()))):
            yield self._allowances[id_]


def _owner(path: str) -> str:
    """Whose account a call is counted on: a WABA or a number, which paths begin with."""
    return path.partition("/")[0]


def _object(header: str | None) -> Mapping[str, Any]:
    try:
        said = json.loads(header or "{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _number(said: object) -> float:
    try:
        number = float(said)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if 0 < number < float("inf") else 0.0
