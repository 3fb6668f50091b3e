"""`rotate`: swapped when good, untouched when not, and whole whatever happens meanwhile."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cli.commands.test_check import REPORT, keeps_the_contract
from tests.cli.shell import NOBODY, Ended, Shell
from tests.cli.world import SECRETS, VALUES, Pretended, at
from tests.tables import each_line
from wizard.findings import catalogue
from wizard.simulator.world.objects import BUSINESS, LOGGED_OUT, MANAGEMENT, MESSAGING
from wizard.simulator.world.state import DAY, HOUR, Outage

posix = pytest.mark.skipif(sys.platform == "win32", reason="a pipe that can be looked into")


def newer(meta: Pretended, **changes: Any) -> str:
    """A token generated just now in the world that stands there, healthy but for these."""
    token = meta.world.issue(meta.world.app, lifetime=DAY)
    for name, value in changes.items():
        setattr(token, name, value)
    return token.text.reveal()


def report(ended: Ended) -> Any:
    """The report on stdout, which holds nothing else, held against the contract."""
    said = ended.json
    assert ended.out == json.dumps(said, indent=2, ensure_ascii=False) + "\n"
    assert list(said) == [*REPORT, "swapped"]
    assert all(keeps_the_contract(finding) for finding in said["findings"])
    return said


def test_a_good_token_on_stdin_is_swapped_in(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = newer(meta)
    ended = shell("rotate", "--stdin", "--json", stdin=token, env=env)
    said = report(ended)
    assert (ended.code, ended.err) == (0, "")
    assert (said["ok"], said["primary"], said["swapped"]) == (True, None, True)
    assert "access_token.swapped" in [finding["id"] for finding in said["findings"]]
    assert shell.stored() == VALUES | {"access_token": token}
    assert not [value for value in [*SECRETS, token] if value in ended.said]
    assert shell("check", env=env).code == 0


def test_what_was_found_of_the_new_token_is_remembered(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    meta.world.token.expires_at = meta.world.now() - 60
    assert shell("check", env=env).code == 1
    token = meta.world.system_token.text.reveal()
    assert shell("rotate", "--stdin", stdin=token, env=env).code == 0
    said = shell("status", "--json").json
    of = {entry["name"]: entry["outcome"] for entry in said["credentials"]}
    assert [of[name] for name in ("access_token", "waba_id", "phone_number_id")] == ["passed"] * 3
    assert (said["token"]["kind"], said["token"]["expires_at"]) == ("system user", 0)


@pytest.mark.parametrize(
    ("wrap", "swapped"),
    [
        ("\ufeff{}\r\n", True),
        ("Bearer {}", True),
        ("WHATSAPP_ACCESS_TOKEN='{}'\n", True),
        ("{}cut", False),
    ],
    ids=["a file with a BOM", "bearer", "line of a .env file", "spoilt"],
)
def test_what_came_along_with_the_token_is_left_out(
    shell: Shell, meta: Pretended, wrap: str, swapped: bool
) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = newer(meta)
    ended = shell("rotate", "--stdin", "--json", stdin=wrap.format(token), env=env)
    assert ended.json["swapped"] is swapped
    assert shell.stored()["access_token"] == (token if swapped else VALUES["access_token"])


def test_a_token_in_utf_16_as_powershell_writes_it_is_read(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = newer(meta)
    assert shell("rotate", "--stdin", stdin=token.encode("utf-16"), env=env).code == 0
    assert shell.stored()["access_token"] == token


@each_line("stdin", ["", "\n", ' ""\r\n', "\ufeff"])
def test_nothing_on_stdin_is_wrong_usage(shell: Shell, stdin: str) -> None:
    shell.fill()
    ended = shell("rotate", "--stdin", "--json", stdin=stdin)
    assert (ended.code, ended.out) == (2, "")
    assert shell.stored() == VALUES


def test_without_a_terminal_or_stdin_there_is_nobody_to_ask(shell: Shell) -> None:
    shell.fill()
    ended = shell("rotate")
    assert (ended.code, ended.out) == (2, "")
    assert "--stdin" in ended.err


def test_a_token_as_an_argument_is_not_taken(shell: Shell) -> None:
    ended = shell("rotate", VALUES["access_token"])
    assert (ended.code, ended.out) == (2, "")
    assert VALUES["access_token"] not in ended.err


def ending(meta: Pretended, seconds: float) -> str:
    return newer(meta, expires_at=meta.world.now() + seconds)


def app_token(meta: Pretended) -> str:
    return meta.world.issue_app_token(meta.world.app).text.reveal()


def less_may(meta: Pretended) -> str:
    meta.world.token.scopes = (MANAGEMENT, MESSAGING, BUSINESS)
    return newer(meta)


UNTOUCHED: dict[str, Callable[[Pretended], str]] = {
    "access_token.unchanged": lambda _: VALUES["access_token"],
    "access_token.malformed": lambda meta: newer(meta)[:-20],
    "access_token.expired": lambda meta: ending(meta, -60),
    "access_token.revoked": lambda meta: newer(meta, ended=LOGGED_OUT),
    "access_token.other_app": lambda meta: meta.world.other_token.text.reveal(),
    "access_token.no_permission": lambda meta: newer(meta, scopes=()),
    "access_token.no_grant": lambda meta: newer(meta, wabas=[meta.world.other_waba]),
    "access_token.is_app_token": app_token,
    "access_token.blocked": lambda meta: newer(meta, blocked=True),
    "access_token.lost_permission": less_may,
}
BESIDE: dict[str, Callable[[Pretended], str]] = {
    "access_token.valid": newer,
    "access_token.swapped": newer,
    "access_token.expires_soon": lambda meta: ending(meta, HOUR),
}
"""What is said of one that was swapped in."""
ELSEWHERE = {
    "access_token.kept",  # beside each of those that leave the old one untouched
    "access_token.missing",  # nothing on stdin is wrong usage
    "access_token.skipped",  # of a report in which the token is not what fails
    "access_token.other_than_stored",  # of discover alone
    "access_token.in_rotation",  # a minute of waiting: tests/journeys/test_rotation_hindered.py
    "access_token.endless",  # the same
    "access_token.not_exchanged",  # of --long-lived alone: tests/journeys/test_exchange.py
}


@each_line("id_", UNTOUCHED)
def test_a_token_that_fails_is_named_and_the_stored_one_untouched(
    shell: Shell, meta: Pretended, id_: str
) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = UNTOUCHED[id_](meta)
    ended = shell("rotate", "--stdin", "--json", stdin=token, env=env)
    said = report(ended)
    assert (ended.code, said["primary"], said["swapped"]) == (1, id_, False)
    kept = next(f for f in said["findings"] if f["id"] == "access_token.kept")
    assert kept["evidence"] == f"The stored token is unchanged; reason: {catalogue()[id_].title}"
    assert shell.stored() == VALUES
    assert token not in ended.said


@pytest.mark.parametrize("id_", BESIDE)
def test_one_that_passes_is_swapped_in_whatever_is_said_beside_it(
    shell: Shell, meta: Pretended, id_: str
) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = BESIDE[id_](meta)
    ended = shell("rotate", "--stdin", "--json", stdin=token, env=env)
    said = report(ended)
    assert (ended.code, said["swapped"]) == (0, True)
    assert id_ in [finding["id"] for finding in said["findings"]]
    assert shell.stored() == VALUES | {"access_token": token}


def test_every_finding_of_a_token_is_met_by_a_rotation() -> None:
    told = {id_ for id_ in catalogue() if id_.startswith("access_token.")}
    assert told == UNTOUCHED.keys() | BESIDE.keys() | ELSEWHERE


def test_where_meta_does_not_answer_the_stored_one_is_untouched(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    meta.healthy()
    ended = shell("rotate", "--stdin", "--json", stdin=newer(meta))
    said = report(ended)
    assert (ended.code, said["primary"], said["swapped"]) == (3, "graph.connect", False)
    assert shell.stored() == VALUES


def test_the_network_gone_once_it_is_stored_leaves_it_stored_and_says_so(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = newer(meta)

    def gone(_calls: int) -> None:
        if shell.stored()["access_token"] == token:
            meta.world.outage = Outage.PORTAL

    meta.met = gone
    ended = shell("rotate", "--stdin", "--json", stdin=token, env=env)
    said = report(ended)
    assert (ended.code, said["primary"], said["swapped"]) == (3, "graph.not_json", True)
    assert shell.stored() == VALUES | {"access_token": token}
    meta.world.outage = None
    said = shell("status", "--json").json["token"]
    assert (said["kind"], said["ends_soon"]) == ("temporary", False)


def test_the_lines_for_a_person_end_with_the_cause(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    ended = shell("rotate", "--stdin", stdin=VALUES["access_token"], env=env)
    assert ended.code == 1
    assert "The stored access token was not replaced" in ended.out
    assert "┃ This token is already stored" in ended.out.splitlines()


def test_without_a_keyring_the_code_says_so(shell: Shell) -> None:
    env = {"PYTHON_KEYRING_BACKEND": NOBODY}
    ended = shell("rotate", "--stdin", "--json", stdin=VALUES["access_token"], env=env)
    assert (ended.code, report(ended)["primary"]) == (4, "keyring.no_backend")


def test_the_stored_token_is_exchanged_by_a_cron_line(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    ended = shell("rotate", "--long-lived", "--json", env=env)
    assert (ended.code, ended.json["swapped"]) == (0, True)
    assert shell.stored()["access_token"] != VALUES["access_token"]
    assert shell("status", "--json").json["token"]["kind"] == "long-lived"


def test_which_token_is_exchanged_is_said_where_none_was_given(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    ended = shell("rotate", "--long-lived", env=at(meta.healthy()))
    assert (ended.code, ended.err) == (
        0,
        "No token given. Exchanging the stored one.\n",
    )


@posix
def test_a_token_on_stdin_that_nobody_reads_is_not_passed_over(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    env = at(meta.healthy())
    ended = shell("rotate", "--long-lived", stdin=newer(meta), env=env)
    assert (ended.code, ended.out) == (2, "")
    assert "add --stdin" in ended.err
    assert shell.stored() == VALUES


def test_a_stored_token_that_never_ends_is_no_failure(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy())
    shell.fill(access_token=meta.world.system_token.text.reveal())
    ended = shell("rotate", "--long-lived", env=env)
    assert ended.code == 0
    assert "never expires; no exchange is needed" in ended.out


def test_what_is_far_too_long_for_a_token_stays_here(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env, calls = at(meta.healthy()), meta.calls
    ended = shell("rotate", "--stdin", "--json", stdin="a" * 3_000_000, env=env)
    assert (ended.code, ended.json["primary"]) == (1, "access_token.malformed")
    assert meta.calls == calls
    assert shell.stored() == VALUES


def test_of_two_from_two_terminals_one_wins_whole_and_the_other_says_so(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    env = at(meta.healthy())
    token = newer(meta)

    def rotate(_: int) -> Ended:
        return shell("rotate", "--stdin", "--json", stdin=token, env=env)

    with ThreadPoolExecutor(2) as terminals:
        both = list(terminals.map(rotate, range(2)))
    assert sorted(ended.code for ended in both) == [0, 1]
    assert sorted(str(ended.json["primary"]) for ended in both) == [
        "None",
        "access_token.unchanged",
    ]
    assert shell.stored() == VALUES | {"access_token": token}
