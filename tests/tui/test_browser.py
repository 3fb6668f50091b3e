"""Opening a page, where there is something to open it with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wizard.support.qr import qr_code
from wizard.tui.browser import command, environment, open_page, without_browser


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
@pytest.mark.parametrize(("ends", "why"), [("exit 0", ""), ("exit 1", "No browser could open")])
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
    # Python goes on to any other that it finds.
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    url = "https://developers.facebook.com/apps/1/use_cases/?a=b&c=d"
    assert (await open_page(url)).startswith(why)
    assert seen.read_text() == url
    assert capfd.readouterr() == ("", "")


def programs(folder: Path, *names: str) -> dict[str, str]:
    """The environment of a WSL whose PATH has these programs."""
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return {"WSL_DISTRO_NAME": "Debian", "PATH": str(folder)}


@pytest.mark.parametrize(
    ("installed", "opens"),
    [
        (["wslview", "rundll32.exe"], ["wslview"]),
        (["rundll32.exe"], ["rundll32.exe", "url.dll,FileProtocolHandler"]),
    ],
)
def test_from_within_wsl_the_browser_of_windows_opens_the_page(
    tmp_path: Path, installed: list[str], opens: list[str]
) -> None:
    first, *rest = command("https://a/?b=c&d=e", programs(tmp_path, *installed))
    assert [Path(first).name, *rest] == [*opens, "https://a/?b=c&d=e"]


def test_in_wsl_a_browser_that_is_named_goes_before_and_without_windows_python_chooses(
    tmp_path: Path,
) -> None:
    named = programs(tmp_path, "wslview") | {"BROWSER": "firefox"}
    for env in (named, programs(tmp_path) | {"PATH": ""}, {"PATH": str(tmp_path)}):
        assert command("https://a", env)[0] == sys.executable


@pytest.mark.parametrize(("browser", "has"), [({}, False), ({"BROWSER": "w3m"}, True)])
def test_only_who_asks_for_a_browser_in_the_terminal_gets_one(
    browser: dict[str, str], has: bool
) -> None:
    env = environment({"TERM": "xterm", "HOME": "/root", **browser})
    assert ("TERM" in env) is has
    assert env["HOME"] == "/root"


@pytest.mark.skipif(sys.platform != "linux", reason="Python's own choice on Linux")
async def test_a_browser_that_draws_in_the_terminal_opens_nothing_unseen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    (tmp_path / "w3m").write_text(f"#!/bin/sh\ntouch {seen}\n")
    (tmp_path / "w3m").chmod(0o755)
    for name in ("BROWSER", "SSH_CONNECTION", "SSH_TTY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await open_page("https://developers.facebook.com") == "No browser could open the page."
    assert not seen.exists()


def test_a_code_has_its_quiet_zone_and_is_square() -> None:
    lines = qr_code("https://developers.facebook.com").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert not lines[0].strip()
    assert all(line.startswith("  ") and line.endswith("  ") for line in lines)
    assert abs(len(lines) * 2 - len(lines[0])) <= 1
