"""What a token that passed leads to, offered where one is: App ID, WABA and number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from textual.widget import Widget

from wizard.journeys.discovery.discovery import Candidate, Discovered, discover
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.support.texts import printable
from wizard.values.credentials import CREDENTIALS, Secret, Value

_TOLD = ("app_id", "waba_id", "phone_number_id")
_MOST = 40


class TokenOffer:
    """Asks Meta once for each token that passes while one of the three is absent. `changed` is
    called when there is news; nothing is stored before `take`."""

    def __init__(self, host: Widget, onboarding: Onboarding, changed: Callable[[], None]) -> None:
        self._host = host
        self._onboarding = onboarding
        self._changed = changed
        self._asked: Secret | None = None
        self._found: Discovered | None = None
        self._declined = False

    def look(self) -> None:
        """Asks what the stored token leads to, where that is worth asking and new."""
        onboarding = self._onboarding
        token = onboarding.world.values.access_token
        if token is None or token == self._asked or not any(self._absent()):
            return
        if onboarding.testing or onboarding.chip("access_token") is not Chip.PASSED:
            return
        self._asked, self._found, self._declined = token, None, False
        self._host.run_worker(self._ask(), group="offer", exclusive=True)

    async def _ask(self) -> None:
        onboarding = self._onboarding
        world = replace(
            onboarding.world.with_values(onboarding.values), vault=None, vault_error=None
        )
        async with world:
            self._found = await discover(world)
        self._changed()

    @property
    def is_open(self) -> bool:
        return not self._declined and bool(self._sure or self.choices)

    @property
    def parts(self) -> tuple[str, ...]:
        """What Meta named, each with its label."""
        parts = [self._named(name, value) for name, value in self._sure.items()]
        return (*parts, f"{len(self.choices)} numbers") if self.choices else tuple(parts)

    def decline(self) -> None:
        self._declined = True

    def take(self, chosen: Candidate | None = None) -> Mapping[str, Value]:
        """The values that were offered, of several numbers with the one that was chosen."""
        found, values = self._found, dict(self._sure)
        if found is not None and chosen is not None:
            account, number = chosen
            of_it = found.chosen(account.waba_id, number.id if number else None)
            values = dict(self._of(of_it.present()))
        self._declined = True
        return values

    def _absent(self) -> Iterator[str]:
        return (name for name in _TOLD if self._onboarding.known.get(name) is None)

    @property
    def _sure(self) -> Mapping[str, Value]:
        """What leaves no choice."""
        if self._found is None:
            return {}
        return dict(self._of(self._found.only(self._onboarding.values).present()))

    def _of(self, pairs: Iterator[tuple[str, Value]]) -> Iterator[tuple[str, Value]]:
        absent = set(self._absent())
        return ((name, value) for name, value in pairs if name in absent)

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """The numbers of which one is to be chosen."""
        found, values = self._found, self._onboarding.values
        if found is None or "phone_number_id" not in found.several(values):
            return ()
        if values.phone_number_id is not None:
            return ()
        return tuple(
            (account, number)
            for account, number in found.candidates
            if number is not None and values.waba_id in {None, account.waba_id}
        )

    def _named(self, name: str, value: Value) -> str:
        if name == "phone_number_id" and self._found is not None:
            for _, number in self._found.candidates:
                if number is not None and number.id == value:
                    return printable(number.about, _MOST) or f"Phone number ID {value}"
        return (
            f"{CREDENTIALS[name].short if name == 'waba_id' else CREDENTIALS[name].label} {value}"
        )
