"""`rotate --json` and `discover` at a terminal: what is asked, hidden, shown and stored."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import pytest

from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at

if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)

from tests.e2e.terminal import ENTER, Terminal, run
from wizard.simulator.world.state import DAY


@contextlib.contextmanager
def terminal(shell: Shell, meta: Pretended, *arguments: str) -> Iterator[Terminal]:
    env = shell.env | {"WHATSAPP_WIZARD_GRAPH_URL": meta.base}
    with run(*arguments, folder=shell.state.parent, columns=120, env=env) as there:
        yield there


def test_a_token_is_pasted_unseen_with_its_page_above_and_swapped_in(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    at(meta.healthy())
    token = meta.world.issue(meta.world.app, lifetime=DAY).text.reveal()
    with terminal(shell, meta, "rotate", "--json") as there:
        said = there.shows("Access token:", "step 7.1")
        assert f"/apps/{VALUES['app_id']}/use" in "".join(said.split())
        there.keys(token, ENTER)
        there.shows('"swapped": true')
        assert there.end() == 0
        assert token.encode() not in there.written
    assert shell.stored()["access_token"] == token


def test_an_empty_line_exchanges_the_stored_token(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    at(meta.healthy())
    with terminal(shell, meta, "rotate", "--long-lived", "--json") as there:
        there.shows("press enter for the stored one")
        there.keys(ENTER)
        there.shows('"swapped": true')
        assert there.end() == 0
    assert shell.stored()["access_token"] != VALUES["access_token"]


def test_a_prompt_is_left_with_ctrl_c_and_nothing_has_happened(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    with terminal(shell, meta, "rotate", "--json") as there:
        there.shows("Access token:")
        there.keys("\x03")
        assert there.end() == 130
    assert shell.stored() == VALUES


def test_two_pastes_and_a_number_lead_to_all_six(shell: Shell, meta: Pretended) -> None:
    at(meta.healthy())
    with terminal(shell, meta, "discover") as there:
        there.shows("Access token:")
        there.keys(VALUES["access_token"], ENTER)
        there.shows("App Secret (press enter to skip):")
        there.keys(VALUES["app_secret"], ENTER)
        there.shows("Hidden Market, WABA ID", "Which number?")
        assert shell.stored() == {}
        there.keys("1", ENTER)
        there.shows("Store Hidden Market, +1 555-014-2233 (Test Number)?")
        there.keys(ENTER)
        there.shows("Stored in", "Verify token")
        assert there.end() == 0
        assert not [
            name
            for name in ("access_token", "app_secret")
            if VALUES[name].encode() in there.written
        ]
    stored = shell.stored()
    assert stored.pop("verify_token")
    assert stored == {name: VALUES[name] for name in VALUES if name != "verify_token"}


def test_who_says_no_has_nothing_stored(shell: Shell, meta: Pretended) -> None:
    at(meta.healthy())
    meta.world.waba.phones.remove(meta.world.own_number)
    with terminal(shell, meta, "discover") as there:
        there.shows("Access token:")
        there.keys(VALUES["access_token"], ENTER)
        there.shows("App Secret (press enter to skip):")
        there.keys(ENTER)
        there.shows("Store ")
        there.keys("n", ENTER)
        there.shows("Nothing was stored.")
        assert there.end() == 0
    assert shell.stored() == {}
