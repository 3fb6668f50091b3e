"""The short way: from a pasted token to all six values, none of them stored before a person's
word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from wizard.checks import collect_report
from wizard.findings import Finding, Report, Status
from wizard.journeys.discovery.accounts import Account
from wizard.journeys.discovery.discovery import Candidate, Discovered, discover
from wizard.journeys.onboarding.check_results import check_outcome
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.values.credentials import Secret, Value, Values
from wizard.values.shapes import generate_verify_token
from wizard.world import World

_BAD = {Status.FAIL, Status.UNKNOWN}


class QuickSetupStage(StrEnum):
    """What the short way waits for."""

    TOKEN = "token"
    LOOKING = "looking"
    NOTHING = "nothing"
    CHOICE = "choice"
    SECRET = "secret"
    WORD = "word"
    STORING = "storing"
    TROUBLE = "trouble"
    DONE = "done"


class QuickSetup:
    """What is typed, what Meta says of it, and what is chosen.

    `ignore_stored` leaves out what is stored, for a token of another app than the profile's.
    `of_secret` is what was found of the App Secret beside the App ID that the token tells, and
    `of_waba` of the WABA ID that was typed where the token names none.
    `changed` is called when Meta is about to be asked.
    """

    def __init__(
        self, onboarding: Onboarding, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self.discovered: Discovered | None = None
        self.of_secret = Report("")
        self.of_waba = Report("")
        self.looking = False
        self.choosing = False
        self.ignore_stored = False
        self._onboarding = onboarding
        self._changed = on_change
        self._made = generate_verify_token()
        self._chosen: tuple[str | None, ...] = ()
        self._confirmed: tuple[str, ...] = ()
        self._look = object()

    # What is known.

    @property
    def known(self) -> Values:
        """What is stored and typed."""
        values = Values() if self.ignore_stored else self._onboarding.values
        for name, value in self._onboarding.unconfirmed.present():
            values = values.with_(name, value)
        return values

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.discovered.candidates if self.discovered else ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        return self.discovered.accounts if self.discovered else ()

    @property
    def asks_for_waba(self) -> bool:
        """Whether Meta named no account, so that its ID has to be typed."""
        return self.stage is QuickSetupStage.NOTHING and not self.accounts

    @property
    def chosen(self) -> Candidate | None:
        """The account and its number: as chosen now, or before, or because there is no other."""
        by_ids = {_ids(candidate): candidate for candidate in self.candidates}
        if self._chosen in by_ids or self.discovered is None:
            return by_ids.get(self._chosen)
        if len(by_ids) == 1:
            return self.candidates[0]
        only = self.discovered.only(self.known)
        return by_ids.get((only.waba_id, only.phone_number_id))

    @property
    def values(self) -> Values:
        """All that would be stored."""
        known, found = self.known, self.discovered
        if found is None or found.app_id is None:
            return known
        values = Values(found.app_id, known.app_secret, known.access_token)
        if (chosen := self.chosen) is not None:
            account, number = chosen
            values = replace(values, waba_id=account.waba_id)
            values = replace(values, phone_number_id=number.id if number else None)
        return replace(values, verify_token=self._kept_verify_token or self._made)

    @property
    def _kept_verify_token(self) -> Secret | None:
        return self.known.verify_token or self._onboarding.values.verify_token

    @property
    def is_verify_token_new(self) -> bool:
        """Whether there was none, so that one was made."""
        return self._kept_verify_token in (None, self._made)

    @property
    def unsaved(self) -> Values:
        """Those of the values that are not stored as they are."""
        stored = self._onboarding.world.values
        news = Values()
        for name, value in self.values.present():
            if value != stored.get(name):
                news = news.with_(name, value)
        return news

    @property
    def stage(self) -> QuickSetupStage:
        if self.looking:
            return QuickSetupStage.LOOKING
        if self.discovered is None or self.discovered.app_id is None:
            return QuickSetupStage.TOKEN
        if not self.candidates:
            return QuickSetupStage.NOTHING
        if self.choosing or self.chosen is None:
            return QuickSetupStage.CHOICE
        return self._after_choice

    @property
    def _after_choice(self) -> QuickSetupStage:
        if self._confirmed and any(name in self._confirmed for name, _ in self.unsaved.present()):
            return QuickSetupStage.TROUBLE if self.problems else QuickSetupStage.STORING
        if not self.has_secret:
            return QuickSetupStage.SECRET
        return QuickSetupStage.WORD if any(self.unsaved.present()) else QuickSetupStage.DONE

    @property
    def has_secret(self) -> bool:
        """Whether there is an App Secret that belongs to the app."""
        return check_outcome(self.of_secret.about("app_secret")) is CheckOutcome.PASSED

    @property
    def may_go_without(self) -> bool:
        """Whether the rest may be stored before there is an App Secret: not beside another app's,
        nor with one that is wrong."""
        return self.known.app_secret is None and not self.ignore_stored

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What keeps the values that are to be stored from it, the root cause first."""
        onboarding = self._onboarding
        if onboarding.testing:
            return ()
        said = [one for one in onboarding.findings.get("graph", ()) if one.status in _BAD]
        for name in self._confirmed:
            if onboarding.drafts.get(name) is not None:
                said += [one for one in onboarding.findings.get(name, ()) if one.status in _BAD]
        report = Report.of("", said)
        rest = (finding for finding in report.findings if finding is not report.primary)
        return (report.primary, *rest) if report.primary else ()

    # What a person does.

    def set_value(self, name: str, value: Value) -> None:
        """Takes what was typed or pasted, and gives up what was found with another value."""
        typed = value if len(value) else None
        if typed != self.known.get(name):
            self._confirmed = ()
            if name == "app_secret":
                self.of_secret = Report("")
            elif name in {"access_token", "app_id"}:
                self.discovered = None
            else:
                self._chosen, self.of_waba = (), Report("")
            self._onboarding.of_unconfirmed.pop(name, None)
        self._onboarding.unconfirmed = self._onboarding.unconfirmed.with_(name, typed)

    def start_afresh(self) -> None:
        """Leaves out what is stored of another app."""
        self.ignore_stored = True
        self.discovered = None

    def choose(self, candidate: Candidate) -> None:
        self._chosen, self.choosing = _ids(candidate), False

    def confirm(self) -> dict[str, Value]:
        """The values that are to be tested together and stored now; they wait no longer."""
        news = dict(self.unsaved.present())
        self._confirmed = tuple(news)
        self._onboarding.unconfirmed = Values()
        self.ignore_stored = False
        return news

    # What Meta is asked.

    async def discover(self) -> None:
        """Asks what the token leads to, and whether the App Secret belongs to it."""
        self._look = look = object()
        self.looking, self.discovered = True, None
        self.of_secret = self.of_waba = Report("")
        self._changed()
        try:
            discovered = await self._discover(self.known)
            if _blames_secret(discovered):
                discovered = await self._discover(replace(self.known, app_secret=None))
            self.discovered = discovered
            await self.try_secret()
            await self._try_waba()
        finally:
            if self._look is look:
                self.looking = False
                self._note()

    async def try_secret(self) -> None:
        """Asks whether the App Secret belongs to the app; with one that does, the app can ask for
        what the token could not tell of itself."""
        found, secret = self.discovered, self.known.app_secret
        if found is None or found.app_id is None or secret is None:
            return
        pair = Values(app_id=found.app_id, app_secret=secret)
        async with self._world(pair) as world:
            self.of_secret = await collect_report(world, ["app_secret"])
        self._note()
        untold = found.expires_at is None or not found.accounts
        if self.has_secret and untold and found.given.app_secret != secret:
            self.discovered = await self._discover(self.known)

    async def _try_waba(self) -> None:
        """Asks what is the matter with a WABA ID that led nowhere."""
        if self.discovered is None or self.accounts or self.known.waba_id is None:
            return
        if self.discovered.app_id is not None:
            known = replace(self.known, app_id=self.discovered.app_id)
            async with self._world(known) as world:
                self.of_waba = await collect_report(world, ["waba_id"])

    def _note(self) -> None:
        """What was found of each value, for whoever is about to leave it."""
        found = self.discovered
        said = [*self.of_secret.findings, *self.of_waba.findings]
        if found is not None and found.app_id is None and found.report.primary is not None:
            said.append(found.report.primary)
        names = {name for name, _ in self._onboarding.unconfirmed.present()}
        self._onboarding.of_unconfirmed = {
            name: tuple(finding for finding in said if finding.subject == name) for name in names
        }

    async def _discover(self, values: Values) -> Discovered:
        async with self._world(values) as world:
            return await discover(world)

    def _world(self, values: Values) -> World:
        return replace(self._onboarding.world.with_values(values), vault=None, vault_error=None)


def _blames_secret(discovered: Discovered) -> bool:
    """Whether nothing was found because of the App Secret beside the token."""
    primary = discovered.report.primary
    return discovered.app_id is None and primary is not None and primary.subject == "app_secret"


def _ids(candidate: Candidate) -> tuple[str | None, ...]:
    account, number = candidate
    return account.waba_id, number.id if number else None
