"""The environment's proxy, and whom NO_PROXY excepts from it."""

from __future__ import annotations

import os

import httpx
import pytest

from tests.tables import each_line
from wizard.support.proxies import proxy_for

PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTPS_PROXY", PROXY)


@each_line(
    ("no_proxy", "url", "direct"),
    [
        ("", "https://graph.facebook.com", False),
        ("*", "https://graph.facebook.com", True),
        ("facebook.com", "https://graph.facebook.com", True),
        (".facebook.com", "https://graph.facebook.com", True),
        ("*.facebook.com", "https://graph.facebook.com", True),
        ("ebook.com", "https://graph.facebook.com", False),
        ("GRAPH.Facebook.com.", "https://graph.facebook.com.", True),
        ("graph.facebook.com:443", "https://graph.facebook.com", True),
        ("graph.facebook.com:8443", "https://graph.facebook.com", False),
        ("[::1]", "https://graph.facebook.com", False),
        ("fe80::/10,localhost", "https://graph.facebook.com", False),
        ("fd00::/8", "https://[fd00::7]/x", True),
        ("[fd00::7]", "https://[fd00::7]:8443/x", True),
        ("[fd00::7]:443", "https://[fd00::7]:8443/x", False),
        ("fd00::7", "https://[fd00::7]/x", True),
        ("10.0.0.0/8 192.168.1.1", "https://10.1.2.3/x", True),
        ("10.0.0.0/8", "https://11.1.2.3/x", False),
        ("192.168.1.1", "https://192.168.1.1:9/x", True),
        ("a, ,,:,[,[]:1,/8,::/999", "https://graph.facebook.com", False),
        ("", "https://127.0.0.1/x", True),
        ("", "http://graph.facebook.com", True),
    ],
)
def test_whom_it_is_for(
    no_proxy: str, url: str, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert proxy_for(url) == (None if direct else PROXY)


@each_line("no_proxy", ["[::1]", "fe80::/10,localhost", "fd00::/8"])
async def test_what_httpx_raises_for_is_no_trouble(
    no_proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wizard.graph.pool import Pool
    from wizard.webhook.http_client import _client

    monkeypatch.setenv("NO_PROXY", no_proxy)
    pool = Pool("https://graph.example")
    async with pool.slot("", "") as client:
        assert isinstance(client, httpx.AsyncClient)
    await pool.close()
    async with await _client("https://shop.example/webhook", 1):
        pass


def test_a_proxy_without_a_scheme_is_an_http_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    assert proxy_for("https://graph.facebook.com") == PROXY
