"""What other people's clients are asked, each behind the same few verbs and told where its Meta is.

They themselves stand in `their_clients`, which is loaded where one is used: to load them takes a
second, and every process of a run reads this module."""

from __future__ import annotations

import asyncio
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from wizard.simulator import Meta

VERSION = "v26.0"
VERIFY_TOKEN = "correct0horse1battery2staple3"
PATH = "/webhook"


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """What each of them can do, by its name on the package index."""
    return tomllib.loads(Path(__file__).with_name("clients.toml").read_text("utf-8"))


class Client(ABC):
    """One of them, as the user of the world's test number; `heard` is given the texts that its
    webhook took in."""

    def __init__(self, meta: Meta, base: str) -> None:
        self.meta = meta
        self.base = base
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    @property
    def token(self) -> str:
        return self.meta.token.text.reveal()

    @abstractmethod
    async def send(self, to: str, text: str) -> str:
        """The id of the message that was accepted."""

    async def number(self) -> str:
        """The number as it is dialled."""
        raise NotImplementedError

    @abstractmethod
    async def account(self) -> str:
        """Something that stands on the WABA."""

    @abstractmethod
    async def register(self, callback_url: str, verify_token: str = VERIFY_TOKEN) -> None:
        """Has the WABA's events come there."""

    @abstractmethod
    def app(self) -> ASGIApp:
        """Its webhook, at `PATH`."""

    @abstractmethod
    async def close(self) -> None:
        """Ends what it has open."""


def session_towards(base: str) -> httpx.Client:
    """A session that brings to `base` whatever it is asked to bring to Meta."""
    there = httpx.URL(base)

    def turn(request: httpx.Request) -> None:
        request.url = request.url.copy_with(scheme=there.scheme, host=there.host, port=there.port)
        request.headers["host"] = f"{there.host}:{there.port}"

    return httpx.Client(trust_env=False, timeout=10, event_hooks={"request": [turn]})
