"""The WhatsApp accounts that a token reaches, and their numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding, new_finding
from wizard.graph import Graph, GraphError, Number, Reason, TokenInfo
from wizard.graph.errors import SILENT
from wizard.values.credentials import Secret

AT_ONCE = 4
"""Accounts that are asked about side by side."""
MOST = 50
"""Accounts and portfolios that are looked at: Meta counts the calls of an hour."""


_TOLD = SILENT | {
    Reason.TOKEN_EXPIRED,
    Reason.TOKEN_REVOKED,
    Reason.TOKEN_UNREADABLE,
    Reason.BLOCKED,
}
_UNSEEN = {Reason.NO_PERMISSION, Reason.NO_GRANT, Reason.NOT_FOUND, Reason.WRONG_KIND}
"""What a token may not see, or what is not there, is no trouble while it sees something else."""

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Account:
    """A WhatsApp Business Account and its numbers; `error` says why it could not be read."""

    waba_id: str
    name: str = ""
    numbers: tuple[Number, ...] = ()
    error: str = ""


class Accounts:
    """One look at all that a token reaches; `findings` are what was in the way."""

    def __init__(self, graph: Graph, token: Secret) -> None:
        self.findings: list[Finding] = []
        self._refusals: list[GraphError] = []
        self._graph = graph
        self._token = token
        self._room = asyncio.Semaphore(AT_ONCE)

    async def reached(self, info: TokenInfo, known: str | None) -> tuple[Account, ...]:
        """The accounts that the token names; else those of its portfolios; else the known one."""
        ids = sorted(info.granted) or await self._of_portfolios(info)
        accounts = await self._messaging(await self._read(ids))
        if not ids and known:
            found = await self._messaging(await self._read([known]))
            accounts = [one for one in found if not one.error]
        if not accounts and not self.findings:
            self.findings.append(self._none_found(info))
        return tuple(accounts)

    async def standing_for(self, ids: Sequence[str]) -> tuple[Account, ...]:
        """The accounts that send, of which these are the IDs or those of their WhatsApp accounts;
        what the token can't see is left out. Nothing where Meta does not answer."""
        accounts = await self._messaging([one for one in await self._read(ids) if not one.error])
        return () if self.findings else tuple(accounts)

    def _none_found(self, info: TokenInfo) -> Finding:
        """In Meta's words, where it said more than that something may not be seen."""
        odd = (error for error in self._refusals if error.reason not in _UNSEEN)
        if error := next(odd, None):
            # The IDs are Meta's own here: whatever is wrong with one, nobody typed it.
            ours = error.reason is Reason.ID_MALFORMED
            told = GraphError(Reason.PARAMETER_REFUSED, error.message, code=error.code)
            return finding_for_error(told if ours else error, app_id=info.app_id or None)
        told_of = "names no WABA" if info.scopes is not None else "can't be inspected"
        said = f"The token {told_of}, and can't read a business portfolio"
        refused = dict.fromkeys(error.evidence for error in self._refusals)
        evidence = ". ".join([said, *refused])
        return new_finding("waba_id.none_found", evidence, app_id=info.app_id or None)

    async def _of_portfolios(self, info: TokenInfo) -> list[str]:
        portfolios: Sequence[str] = sorted(info.portfolios)
        if not portfolios:
            portfolios = await self._allowed(self._graph.portfolios(self._token))
        ids = set[str]()
        for id_ in portfolios[:MOST]:
            for shared in (False, True):
                listed = self._graph.accounts(id_, self._token, shared=shared)
                ids |= {waba.id for waba in await self._allowed(listed)}
        return sorted(ids)

    async def _allowed(self, asked: Awaitable[tuple[Thing, ...]]) -> tuple[Thing, ...]:
        """A list, empty where this token may not see it."""
        try:
            return await asked
        except GraphError as error:
            self._note(error)
            return ()

    async def _messaging(self, accounts: Sequence[Account]) -> list[Account]:
        """With each WhatsApp account's Messaging account in its place: both read alike and have
        the number, and only the second sends.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
        """
        own = await asyncio.gather(*(self._own_account(one) for one in accounts))
        right = {one.waba_id: id_ or one.waba_id for one, id_ in zip(accounts, own, strict=True)}
        missing = sorted(set(right.values()) - right.keys())
        found = {one.waba_id: one for one in await self._read(missing) if not one.error}
        found |= {one.waba_id: one for one in accounts if right[one.waba_id] == one.waba_id}
        kept = (found.get(right[one.waba_id], one) for one in accounts)
        return list({one.waba_id: one for one in kept}.values())

    async def _own_account(self, account: Account) -> str:
        """The account that the number of this one names as its own, where there is one number and
        it names any: a WhatsApp account never has more."""
        if len(account.numbers) != 1:
            return ""
        async with self._room:
            try:
                number = await self._graph.number(account.numbers[0].id, self._token)
            except GraphError:
                return ""
        return number.health.waba_id

    async def _read(self, ids: Sequence[str]) -> list[Account]:
        read = await asyncio.gather(*(self._account(id_) for id_ in ids[:MOST]))
        return [account for account in read if account is not None]

    async def _account(self, id_: str) -> Account | None:
        """What is known of it; `None` for a WhatsApp account, which nobody is to be offered."""
        async with self._room:
            try:
                waba = await self._graph.waba(id_, self._token)
                numbers = await self._graph.numbers(id_, self._token)
            except GraphError as error:
                self._note(error)
                is_waba = error.reason is not Reason.WHATSAPP_ACCOUNT
                return Account(id_, error=error.evidence) if is_waba else None
        return Account(id_, waba.name, numbers)

    def _note(self, error: GraphError) -> None:
        """No answer is told, and a token that has ended; the rest is, where nothing is found."""
        if error.reason not in _TOLD:
            self._refusals.append(error)
        elif (finding := finding_for_error(error)) not in self.findings:
            self.findings.append(finding)
