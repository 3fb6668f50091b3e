"""Proxy variables, kept away from loopback and from the agent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from wizard.values.child_environment import child_environment

_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy"}
_LOOPBACK = "127.0.0.1,localhost"


def without_proxies() -> dict[str, str]:
    """The environment for an agent, without credentials and without proxies: behind an HTTP proxy
    ngrok wants a paid plan.

    https://ngrok.com/docs/errors/err_ngrok_9009
    """
    fit = child_environment()
    return {name: value for name, value in fit.items() if name.lower() not in _PROXIES}


@contextmanager
def direct_loopback() -> Iterator[None]:
    """While pyngrok asks the agent's API: behind `HTTP_PROXY` it would ask the proxy for it."""
    before = {name: os.environ.get(name) for name in ("no_proxy", "NO_PROXY")}
    listed = before["no_proxy"] or before["NO_PROXY"]
    for name in before:
        os.environ[name] = f"{listed},{_LOOPBACK}" if listed else _LOOPBACK
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
