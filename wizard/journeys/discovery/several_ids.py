"""Of several account or number IDs in one paste, those that Meta leaves a choice between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wizard.findings import Choice
from wizard.journeys.discovery.accounts import Account, Accounts
from wizard.support.texts import printable
from wizard.values.credentials import Value
from wizard.world import World

_MOST = 60


@dataclass(frozen=True)
class SeveralIds:
    """The IDs that a paste has `several` of, by credential, and the `accounts` that Meta shows
    them to be; none where Meta could not be asked."""

    several: Mapping[str, Sequence[str]]
    accounts: tuple[Account, ...] = ()

    def choices(self, name: str, chosen: Mapping[str, Value]) -> tuple[Choice, ...]:
        """What is left to choose from for this credential, beside those that are `chosen`: one
        where Meta settles it, and all that the paste has where Meta says nothing of them."""
        numbers, accounts = chosen.get("phone_number_id"), chosen.get("waba_id")
        meant = [one for one in self.accounts if accounts in {None, one.waba_id}]
        if name == "waba_id":
            listing = [one for one in meant if numbers in {number.id for number in one.numbers}]
            left = [_account(one) for one in listing or meant]
        else:
            left = list(self._numbers(meant))
        return tuple(left) or tuple(Choice(name, one, "") for one in self.several[name])

    def _numbers(self, accounts: Sequence[Account]) -> Iterator[Choice]:
        pasted = set(self.several["phone_number_id"])
        shown = {number.id: number for one in accounts for number in one.numbers}
        for id_, number in shown.items():
            if id_ in pasted:
                yield Choice("phone_number_id", id_, printable(number.about, _MOST))


async def narrow(world: World, several: Mapping[str, Sequence[str]]) -> SeveralIds:
    """Asks Meta which of these accounts are WABAs, now called Messaging accounts: a WhatsApp
    account reads just like one and has another ID, and the portal may show both.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
    """
    token, known = world.values.access_token, world.values.waba_id
    ids = several.get("waba_id") or ([known] if known else [])
    if token is None or not ids:
        return SeveralIds(several)
    return SeveralIds(several, await Accounts(world.graph, token).standing_for(ids))


def _account(account: Account) -> Choice:
    return Choice("waba_id", account.waba_id, printable(account.name, _MOST))
