"""Webhook servers on FastAPI, aiohttp, Flask and Django are diagnosed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.frameworks.diagnosis import Known, each, expect
from tests.frameworks.python_servers import (
    aiohttp_server,
    fastapi_server,
    on_django,
    on_flask,
    on_flask_of,
    wsgi_server,
)

WELL = "webhook.verified"
OTHER = "another-token-0"
SAYS = "same Verify token"
CRASH = Known("unbranched", "webhook.server_error", SAYS, token=OTHER)
"""A handler that returns nothing where the token is another."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The frameworks' own logs stay out of the tests' output."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@each(
    Known("sound", WELL),
    Known("rewritten", "webhook.signature_rewritten"),
    Known("spaced", "webhook.signature_rewritten"),
    Known("named", "webhook.wrong_status", "hub_mode"),
    Known("quoted", "webhook.wrong_body", "quoted"),
    Known("trusted/sound", "webhook.host_refused", "TrustedHostMiddleware"),
    Known("nowhere", "webhook.not_found"),
    Known("unbranched", "webhook.token_mismatch", SAYS, token=OTHER),
    Known("unbranched", WELL),
)
async def test_fastapi(known: Known) -> None:
    async with fastapi_server() as port:
        await expect(known, port)


@each(
    Known("sound", WELL),
    Known("rewritten", "webhook.signature_rewritten"),
    Known("deaf", "webhook.post_rejected"),
    Known("empty", "webhook.wrong_body", "hub_mode"),
    Known("nowhere", "webhook.not_found"),
    CRASH,
    Known("unbranched", WELL),
)
async def test_aiohttp(known: Known) -> None:
    async with aiohttp_server() as port:
        await expect(known, port)


@pytest.fixture(scope="module")
def flask() -> Iterator[int]:
    with wsgi_server(on_flask()) as port:
        yield port


@each(
    Known("sound", WELL),
    Known("rewritten", "webhook.signature_rewritten"),
    Known("deaf", "webhook.post_rejected"),
    Known("crashes", "webhook.wrong_status", "hub_mode"),
    Known("nowhere", "webhook.not_found"),
    CRASH,
    Known("unbranched", WELL),
)
async def test_flask(known: Known, flask: int) -> None:
    await expect(known, flask)


async def test_flask_that_trusts_another_host() -> None:
    with wsgi_server(on_flask_of("shop.example")) as port:
        await expect(Known("sound", "webhook.host_refused", "TRUSTED_HOSTS"), port)


@pytest.fixture(scope="module")
def django() -> Iterator[int]:
    with wsgi_server(on_django()) as port:
        yield port


@each(
    Known("sound", WELL),
    Known("csrf", "webhook.post_rejected", "CSRF"),
    Known("csrf", "webhook.post_rejected", "CSRF", secret=None),
    Known("spaced", "webhook.signature_rewritten"),
    Known("nowhere", "webhook.not_found"),
    CRASH,
    Known("unbranched", WELL),
)
async def test_django(known: Known, django: int) -> None:
    await expect(known, django)


@pytest.mark.parametrize("debug", [True, False])
async def test_django_that_allows_another_host(django: int, debug: bool) -> None:
    from django.test import override_settings

    settings: Any = override_settings(DEBUG=debug, ALLOWED_HOSTS=["shop.example"])
    with settings:
        await expect(Known("sound", "webhook.host_refused", "ALLOWED_HOSTS"), django)
