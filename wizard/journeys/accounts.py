"""The WhatsApp accounts that a token reaches, and their numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from wizard.checks.meaning import unanswered
from wizard.credentials import Secret
from wizard.findings import Finding, found
from wizard.graph import Graph, GraphError, Number, Reason, TokenInfo
from wizard.graph.errors import SILENT

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

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Account:
    """A WhatsApp Business Account and its numbers; `trouble` says why it could not be read."""

    waba_id: str
    name: str = ""
    numbers: tuple[Number, ...] = ()
    trouble: str = ""


class Accounts:
    """One look at all that a token reaches; `findings` are what was in the way."""

    def __init__(self, graph: Graph, token: Secret) -> None:
        self.findings: list[Finding] = []
        self._graph = graph
        self._token = token
        self._room = asyncio.Semaphore(AT_ONCE)

    async def reached(self, info: TokenInfo, known: str | None) -> tuple[Account, ...]:
        """The accounts that the token names; else those of its portfolios; else the known one."""
        ids = sorted(info.granted) or await self._of_portfolios(info)
        accounts = await self._read(ids)
        if not ids and known:
            accounts = [one for one in await self._read([known]) if not one.trouble]
        if not accounts and not self.findings:
            told = "names no account" if info.scopes is not None else "may not be looked at"
            said = f"The token {told}, and no business portfolio can be read with it"
            self.findings.append(found("waba_id.none_found", said, app_id=info.app_id or None))
        return tuple(accounts)

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

    async def _read(self, ids: Sequence[str]) -> list[Account]:
        return list(await asyncio.gather(*(self._account(id_) for id_ in ids[:MOST])))

    async def _account(self, id_: str) -> Account:
        async with self._room:
            try:
                waba = await self._graph.waba(id_, self._token)
                numbers = await self._graph.numbers(id_, self._token)
            except GraphError as error:
                self._note(error)
                return Account(id_, trouble=error.evidence)
        return Account(id_, waba.name, numbers)

    def _note(self, error: GraphError) -> None:
        """No answer is told, and a token that has ended; what it may not see is its business."""
        if error.reason in _TOLD and (finding := unanswered(error)) not in self.findings:
            self.findings.append(finding)
