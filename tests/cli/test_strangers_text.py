"""What strangers wrote does nothing to a terminal, wherever it stands."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import Shell
from tests.cli.world import Pretended, at
from tests.tables import each_line
from wizard.cli.output.json_text import json_text
from wizard.findings import new_finding
from wizard.simulator.world.objects import Subscription
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u2066\u200f\u2028\r\x00\x7f"
URL = f"https://example.com/{EVIL}hook"


def assert_harmless(text: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in text), ascii(text)


def remembered(shell: Shell) -> None:
    before = ReplacedCallback("app", "1", URL, ("messages",), f"http://127.0.0.1:9/{EVIL}")
    webhook = StoredWebhook("http://127.0.0.1:9/webhook", replaced=(before,))
    StateFile(shell.state.parent).save("default", Progress(webhook=webhook))


@each_line(
    "command",
    [("status",), ("status", "--json"), ("profile", "list"), ("profile", "list", "--json")],
)
def test_what_is_remembered_of_metas_record(shell: Shell, command: tuple[str, ...]) -> None:
    shell.fill()
    remembered(shell)
    ended = shell(*command)
    assert ended.code == 0
    assert_harmless(ended.said)


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_callback_url_in_metas_record(
    shell: Shell, meta: Pretended, flags: tuple[str, ...]
) -> None:
    env = meta.healthy()
    shell.fill()
    meta.world.app.subscriptions[:] = [Subscription(URL, ("messages",))]
    report = shell.folder / "report.txt"
    ended = shell("doctor", "--report", str(report), *flags, env=at(env))
    assert "example.com" in ended.out
    assert_harmless(ended.said)
    assert_harmless(report.read_text("utf-8"))


def test_no_evidence_of_any_finding_holds_any() -> None:
    assert_harmless(new_finding("graph.not_json", EVIL).evidence)


def test_json_escapes_them_and_leaves_letters() -> None:
    text = json_text({"name": f"Größe 店 {EVIL}"})
    assert_harmless(text)
    assert "Größe 店" in text
    assert json.loads(text) == {"name": f"Größe 店 {EVIL}"}
