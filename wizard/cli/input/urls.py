"""URLs that are given on the command line."""

from __future__ import annotations

from urllib.parse import urlsplit

import click


def check_url(url: str | None, flag: str) -> None:
    """Raises `click.UsageError` for what is no http or https URL; `None` stands for none given."""
    if url is None:
        return
    try:
        parts = urlsplit(url)
        _ = parts.port
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise click.UsageError(f"{flag} must be an http or https URL.")
