"""Where a command listens, and where Meta calls it, from its flags."""

from __future__ import annotations

import click
import pytest

from tests.tables import each_line
from wizard.cli.input.endpoint import endpoint_options


def test_the_local_path_may_differ_from_the_urls() -> None:
    place = endpoint_options(None, "https://shop.example/hooks/webhook", path="/webhook")
    assert (place.tunnel_options.url, place.path) == (
        "https://shop.example/hooks/webhook",
        "/webhook",
    )


def test_without_a_path_it_is_the_urls() -> None:
    assert endpoint_options(None, "https://shop.example/hooks/webhook").path == "/hooks/webhook"
    assert endpoint_options(None, "https://shop.example").path == "/webhook"
    assert endpoint_options(None, None, path="/hook").path == "/hook"


@each_line("path", ["webhook", "/web hook", "/x?y", "/x#y", "", "https://a/b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(click.UsageError):
        endpoint_options(None, "https://shop.example/hooks", path=path)
