"""The pictures that README and docs show: there, and the animated one whole in itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from tests.tables import each_line
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import CREDENTIALS, plain

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
FILM: Final = ROOT / "screenshots" / "short-way.svg"


@each_line("page", PAGES, ids=lambda page: page.name)
def test_every_picture_of_a_page_is_there(page: Path) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+\.svg)\)", page.read_text("utf-8"))
    assert [path for path in shown if not (page.parent / path).is_file()] == []


def test_the_readme_shows_the_animated_picture_and_one_for_each_use() -> None:
    shown = re.findall(r"\(screenshots/([a-z-]+)\.svg\)", PAGES[0].read_text("utf-8"))
    assert shown == ["short-way", "walk", "webhook-live", "doctor"]


def test_the_animated_picture_plays_by_itself_and_loads_nothing() -> None:
    text = FILM.read_text("utf-8")
    ElementTree.fromstring(text)
    assert "infinite step-end" in text
    assert "prefers-reduced-motion" in text
    assert not re.search(r"<script|<image|@import|url\(|href=", text)
    assert len(text) < 100_000


def test_the_uses_show_a_keyring_a_public_url_and_a_cause() -> None:
    def said(name: str) -> str:
        text = (ROOT / "screenshots" / f"{name}.svg").read_text("utf-8")
        return re.sub(r"<[^>]+>", "", text).replace("&#160;", " ")

    assert "Stored in GNOME Keyring" in said("walk")
    assert "https://" in said("webhook-live")
    assert "Meta calls a different URL" in said("doctor")


def test_no_picture_shows_a_secret() -> None:
    values = demo_values(Meta())
    secrets = [plain(values.get(name) or "") for name, one in CREDENTIALS.items() if one.secret]
    for picture in (ROOT / "screenshots").glob("*.svg"):
        text = picture.read_text("utf-8")
        assert not any(secret in text for secret in secrets), picture.name
