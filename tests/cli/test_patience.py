"""A keyring that takes its time, on the command line."""

from __future__ import annotations

import asyncio

import pytest

from wizard.cli.input import world


async def test_what_is_waited_for_is_said_after_a_while_and_only_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(world, "_PATIENCE", 0.05)

    async def answer(after: float) -> int:
        await asyncio.sleep(after)
        return 42

    assert await world.await_keyring(answer(0)) == 42
    assert capsys.readouterr().err == ""
    assert await world.await_keyring(answer(0.2)) == 42
    assert "Waiting for the keyring" in capsys.readouterr().err


async def test_an_error_of_the_keyring_comes_through() -> None:
    async def fail() -> None:
        raise LookupError("locked")

    with pytest.raises(LookupError, match="locked"):
        await world.await_keyring(fail())
