"""What is loaded at a start is not searched for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.tui.conftest import Start
from wizard.support import garbage
from wizard.tui import app as tui


@pytest.fixture(autouse=True)
def searched_after() -> Iterator[None]:
    yield
    gc.enable()


def test_it_is_put_off_and_taken_up_without_what_is_there() -> None:
    frozen = gc.get_freeze_count()
    garbage.put_off()
    assert not gc.isenabled()
    loaded: list[list[object]] = [[] for _ in range(1000)]
    garbage.take_up()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(loaded)


def test_where_it_was_not_put_off_nothing_changes() -> None:
    frozen = gc.get_freeze_count()
    garbage.take_up()
    assert gc.get_freeze_count() == frozen


async def test_an_app_takes_it_up_when_its_first_screens_stand(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui, "_LOADING", 0.1)
    garbage.put_off()
    async with wizard() as w:
        await w.until(gc.isenabled)
