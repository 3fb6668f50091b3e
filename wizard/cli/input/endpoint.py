"""Which way Meta comes in, and where this machine listens, from a command's flags."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from wizard.journeys.webhook.connection import PATH
from wizard.support.addresses import is_loopback
from wizard.tunnel.tunnel import OwnUrl
from wizard.world import TunnelOptions


@dataclass(frozen=True)
class EndpointOptions:
    """A port of 0 is a free one."""

    tunnel_options: TunnelOptions
    port: int
    path: str


def endpoint_options(
    tunnel: str | None,
    url: str | None,
    domain: str | None = None,
    port: int | None = None,
    path: str | None = None,
) -> EndpointOptions:
    """The way that `--tunnel`, `--url`, `--domain`, `--port` and `--path` ask for. Raises
    `click.UsageError` where they make no sense together."""
    local = _local_path(path)
    if url is None:
        if domain and tunnel == "cloudflared":
            raise click.UsageError("--domain works with ngrok only.")
        kind = (
            TunnelOptions(kind="cloudflared")
            if tunnel == "cloudflared"
            else TunnelOptions(domain=domain)
        )
        return EndpointOptions(kind, port or 0, local or PATH)
    if tunnel or domain:
        raise click.UsageError("--url can't be combined with --tunnel or --domain.")
    try:
        OwnUrl(url)
        parts = urlsplit(url.strip())
    except ValueError as error:
        raise click.UsageError(f"--url: {error}.") from None
    # Nothing stands before a URL on this machine, unless --port says so: it is the endpoint's own.
    own = (parts.port or 80) if is_loopback(url) and parts.scheme == "http" else 0
    at = local or parts.path.rstrip("/") or PATH
    return EndpointOptions(TunnelOptions(kind="url", url=url), port or own, at)


def _local_path(path: str | None) -> str | None:
    """The path on this machine, where another one than the URL's was asked for."""
    if path is None:
        return None
    if not path.startswith("/") or any(letter in path for letter in "?#\\ "):
        raise click.UsageError("--path takes a path such as /webhook.")
    return path
