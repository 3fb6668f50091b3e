"""The agent's download: its progress heard, its failures told."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from wizard.tunnel.ngrok_download import _Percent, download, find_agent
from wizard.tunnel.tunnel import Reason, TunnelError


def test_a_download_that_a_network_blocks_is_one_error_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(TunnelError) as caught:
        download(tmp_path / "ngrok")
    assert caught.value.reason is Reason.DOWNLOAD_FAILED
    assert not (tmp_path / "ngrok").exists()
    assert sys.stdout is not None
    assert capfd.readouterr().err == ""


def test_percentages_are_heard_and_not_printed() -> None:
    heard: list[int] = []
    behind = io.StringIO()
    lines = _Percent(behind, heard.append)
    for text in ("Downloading ngrok: 7%\r", "Downloading ngrok: 100%\r", "something else\n"):
        lines.write(text)
    assert heard == [7, 100]
    assert behind.getvalue() == "something else\n"


def test_an_agent_that_is_named_or_on_the_path_needs_no_download(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYNGROK_NGROK_PATH", str(tmp_path / "mine"))
    assert find_agent() == tmp_path / "mine"
    monkeypatch.delenv("PYNGROK_NGROK_PATH")
    agent = tmp_path / "ngrok"
    agent.write_text("#!/bin/sh\n")
    agent.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_agent() == agent
