"""Opening a page, where there is something to open it with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wizard.qr import qr_code
from wizard.tui.browser import open_page, without_browser


@pytest.mark.parametrize(
    ("env", "platform", "opens"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", True),
        ({"SSH_CONNECTION": "1 2 3 4", "DISPLAY": ":10"}, "linux", False),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", False),
        ({"SSH_TTY": "/dev/pts/1", "BROWSER": "w3m"}, "linux", True),
    ],
)
def test_a_browser_is_there_or_it_is_said_why_not(
    env: dict[str, str], platform: str, opens: bool
) -> None:
    assert (without_browser(env, platform) == "") is opens


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
@pytest.mark.parametrize(("ends", "why"), [("exit 0", ""), ("exit 1", "No browser would open")])
async def test_the_page_is_handed_to_the_browser_that_is_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    ends: str,
    why: str,
) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\necho noise; echo noise >&2\nprintf %s "$1" > {seen}\n{ends}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    url = "https://developers.facebook.com/apps/1/use_cases/?a=b&c=d"
    assert (await open_page(url)).startswith(why)
    assert seen.read_text() == url
    assert capfd.readouterr() == ("", "")


def test_a_code_has_its_quiet_zone_and_is_square() -> None:
    lines = qr_code("https://developers.facebook.com").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert not lines[0].strip()
    assert all(line.startswith("  ") and line.endswith("  ") for line in lines)
    assert abs(len(lines) * 2 - len(lines[0])) <= 1
