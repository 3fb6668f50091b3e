"""Where the authtoken comes from, and what people paste for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables import each_line
from tests.tunnel.conftest import TOKEN
from wizard.tunnel.authtoken import clean_authtoken, find_authtoken
from wizard.values.credentials import Secret


@each_line(
    "pasted",
    [
        TOKEN,
        f"ngrok config add-authtoken {TOKEN}\n",
        f"$ ./ngrok config add-authtoken '{TOKEN}'",
        f"ngrok authtoken {TOKEN}~",
        f"NGROK_AUTHTOKEN={TOKEN}",
        f"authtoken: {TOKEN}",
        f"\ufeff{TOKEN}\r\n",
        f"> ngrok config add-authtoken {TOKEN}",
    ],
)
def test_the_whole_command_may_be_pasted(pasted: str) -> None:
    assert clean_authtoken(pasted) == Secret(TOKEN)


def test_given_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "ngrok.yml"
    config.write_text("version: 3\nagent:\n  authtoken: from-file\n", "utf-8")
    monkeypatch.setenv("NGROK_AUTHTOKEN", "from-environment")
    assert find_authtoken(Secret("given"), config) == (Secret("given"), "given")
    assert find_authtoken(None, config) == (Secret("from-environment"), "environment")
    monkeypatch.delenv("NGROK_AUTHTOKEN")
    assert find_authtoken(None, config) == (Secret("from-file"), "file")
    config.write_text("{broken", "utf-8")
    assert find_authtoken(None, config) == (None, "none")
