"""What killed runs have left, over all profiles."""

from __future__ import annotations

from pathlib import Path

from wizard.journeys.webhook.pending_restore import not_restored_by_profile
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook
from wizard.state.profile_index import ProfileIndex

OLD = ReplacedCallback("app", "1234", "https://old.example/webhook", by="https://ours.example")


class Counted(StateFile):
    """Counts how often all of it is read."""

    reads = 0

    def read_index(self) -> ProfileIndex:
        self.reads += 1
        return super().read_index()


def test_however_many_profiles_the_state_is_read_once(tmp_path: Path) -> None:
    state = Counted(tmp_path)
    left = Progress(webhook=StoredWebhook(replaced=(OLD,)))
    state.save_all({f"client-{at}": Progress() for at in range(20)} | {"shop": left, "Bar": left})
    assert not_restored_by_profile(state) == [("Bar", OLD), ("shop", OLD)]
    assert state.reads == 1


def test_where_nothing_was_replaced_nothing_is_left(tmp_path: Path) -> None:
    state = StateFile(tmp_path)
    state.save_all({"shop": Progress()})
    assert not_restored_by_profile(state) == []
