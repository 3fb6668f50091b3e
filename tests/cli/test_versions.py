"""A Graph version that was retired: served silently by another one, and told by every command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import wizard
from tests.cli.commands.test_listen import Lines
from tests.cli.commands.test_send import TO, follow, free_url, send
from tests.cli.shell import Ended, Shell
from tests.cli.world import Pretended, at
from tests.tables import each_line
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta
from wizard.simulator.graph_api.versions import answering
from wizard.simulator.world.state import DAY

ROOT = Path(wizard.__file__).parent
RETIRED = {"WHATSAPP_WIZARD_GRAPH_VERSION": "v13.0"}
SAID = "asked v13.0, v21.0 answered"


def told(findings: list[dict[str, Any]]) -> list[str]:
    """What is said of versions."""
    return [one["evidence"] for one in findings if one["id"] == "graph.version_retired"]


def warned(ended: Ended) -> bool:
    """Whether the command did its work, and said so once."""
    return ended.code == 0 and told(ended.json["findings"]) == [SAID]


def test_the_version_is_one_constant_and_one_that_meta_serves() -> None:
    named = re.compile(r"\bv[1-9]\d\.\d\b")
    files = [path for path in ROOT.rglob("*.py") if "simulator" not in path.parts]
    assert [path.name for path in files if named.search(path.read_text("utf-8"))] == ["settings.py"]
    assert answering(Meta(), GRAPH_VERSION) == GRAPH_VERSION


@pytest.mark.parametrize(
    "command", [("check",), ("check", "app_id"), ("doctor",), ("discover",)], ids=" ".join
)
def test_what_reports_on_the_credentials_warns(
    shell: Shell, meta: Pretended, command: tuple[str, ...]
) -> None:
    env = meta.healthy() | RETIRED
    ended = shell(*command, "--env", "--json", env=env)
    assert told(ended.json["findings"]) == [SAID]


def test_a_current_version_is_no_news(shell: Shell, meta: Pretended) -> None:
    for version in (GRAPH_VERSION, "v26.0"):
        env = meta.healthy() | {"WHATSAPP_WIZARD_GRAPH_VERSION": version}
        assert told(shell("check", "--env", "--json", env=env).json["findings"]) == []


@each_line("command", ["check", "doctor", "discover"])
def test_a_person_reads_it_too(shell: Shell, meta: Pretended, command: str) -> None:
    ended = shell(command, "--env", env=meta.healthy() | RETIRED)
    assert ended.out.count(SAID) == 1


def test_rotate_swaps_and_warns(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy()) | RETIRED
    token = meta.world.issue(meta.world.app, lifetime=DAY).text.reveal()
    assert warned(shell("rotate", "--stdin", "--json", stdin=token, env=env))


@pytest.mark.parametrize("long_lived", [(), ("--long-lived",)])
def test_rotate_warns_where_it_exchanges(
    shell: Shell, meta: Pretended, long_lived: tuple[str, ...]
) -> None:
    shell.fill()
    env = at(meta.healthy()) | RETIRED
    token = meta.world.issue(meta.world.app, lifetime=DAY).text.reveal()
    assert warned(shell("rotate", "--stdin", "--json", *long_lived, stdin=token, env=env))


def test_send_sends_and_warns(shell: Shell, meta: Pretended) -> None:
    assert warned(send(shell, meta.healthy() | RETIRED))


def test_send_warns_of_it_once_where_it_follows(shell: Shell, meta: Pretended) -> None:
    assert warned(follow(shell, meta, meta.healthy() | RETIRED))


def test_send_warns_beside_a_refusal(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy() | RETIRED
    ended = send(shell, env, to="+6281255501234")
    assert (ended.code, ended.json["primary"]) == (1, "message.not_allowed_recipient")
    assert told(ended.json["findings"]) == [SAID]
    assert SAID in shell("send", TO, "--env", "--yes", env=env).out


def test_listen_registers_and_warns(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy() | RETIRED
    with shell.start("listen", "--env", "--json", "--url", free_url(), env=env) as process:
        lines = Lines(process)
        lines.until("finding", id="webhook.registered")
        assert told([one for one in lines.seen if one["event"] == "finding"]) == [SAID]
        code, _ = lines.end()
    assert code == 130
