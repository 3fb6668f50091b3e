"""`simulator`: a pretended Meta in a process of its own, for any client."""

from __future__ import annotations

import json
import shlex
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from dotenv import dotenv_values

from tests.cli.shell import Process, Shell
from tests.cli.world import GRAPH_URL
from wizard.simulator import SCENARIOS
from wizard.values.credentials import CREDENTIALS

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and shells of POSIX")


@contextmanager
def simulator(shell: Shell, *arguments: str) -> Iterator[tuple[Process, dict[str, str]]]:
    """A running simulator, and its lines as python-dotenv reads them."""
    with shell.start("simulator", *arguments) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        read = dotenv_values(stream=StringIO("".join(lines)), interpolate=False)
        yield process, {name: value or "" for name, value in read.items()}


def test_its_lines_are_an_environment_in_which_a_check_passes(shell: Shell) -> None:
    with simulator(shell) as (_, env):
        names = [known.env for known in CREDENTIALS.values()]
        assert list(env) == [GRAPH_URL, *names, "WHATSAPP_RECIPIENT"]
        ended = shell("check", "--env", env=env)
    assert ended.code == 0, ended.said


@posix
def test_its_lines_are_a_shells_environment_too(shell: Shell) -> None:
    with shell.start("simulator", "--scenario", "verify_token.special_characters") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        (shell.folder / "lines").write_text("".join(lines))
        ended = shell.script('set -a; eval "$(cat lines)"; $WIZARD check --env --json')
    assert ended.code == 0, ended.said
    assert "verify_token.special_characters" in [found["id"] for found in ended.json["findings"]]


@pytest.mark.parametrize(
    ("name", "code"), [("access_token.expired", 1), ("phone_number_id.is_phone_number", 1)]
)
def test_a_scenario_breaks_it_as_named(shell: Shell, name: str, code: int) -> None:
    with simulator(shell, "--scenario", name) as (process, env):
        assert process.stderr is not None
        assert SCENARIOS[name].about in process.stderr.readline()
        ended = shell("check", "--env", "--json", env=env)
    assert (ended.code, ended.json["primary"]) == (code, name)


FAULTS = sorted(name for name, one in SCENARIOS.items() if one.asked_by == "send")


def printed(process: Process) -> list[str]:
    """The words of the next command that is named on stderr."""
    assert process.stderr is not None
    _, _, command = process.stderr.readline().partition(": whatsapp-wizard ")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return [word.replace(":8000", f":{port}") for word in shlex.split(command)]


@pytest.mark.parametrize("name", FAULTS)
def test_the_commands_that_it_prints_meet_the_fault_of_a_message(shell: Shell, name: str) -> None:
    with simulator(shell, "--scenario", name) as (process, env):
        assert process.stderr is not None
        assert SCENARIOS[name].about in process.stderr.readline()
        words = printed(process)
        if words[0] == "send":
            ended = shell(*words, "--yes", "--json", env=env)
            assert [found["id"] for found in ended.json["findings"]] == [SCENARIOS[name].finding]
            return
        with shell.start(*words, "--json", env=env) as listening:
            assert listening.stdout is not None
            heard = map(json.loads, iter(listening.stdout.readline, ""))
            next(said for said in heard if said.get("id") == "webhook.registered")
            ended = shell(*printed(process), "--yes", env=env)
            assert ended.code == 0, ended.said
            good = name == "message.delivered"
            status = "delivered" if good else "failed"
            assert next(said for said in heard if said.get("status") == status)


def test_a_scenario_that_there_is_none_of_ends_with_the_way_out(shell: Shell) -> None:
    near = shell("simulator", "--scenario", "access_token.expird")
    assert (near.code, "Did you mean access_token.expired" in near.err) == (2, True)
    far = shell("simulator", "--scenario", "zzz")
    assert (far.code, "simulator --list" in far.err) == (2, True)


def test_the_scenarios_are_listed_one_a_line_with_what_they_break(shell: Shell) -> None:
    ended = shell("simulator", "--list")
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split(maxsplit=1) for line in ended.out.splitlines()]
    assert rows == [[name, scenario.about] for name, scenario in SCENARIOS.items()]


def test_a_port_that_is_taken_is_said_in_one_line(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = shell("simulator", "--port", str(port))
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1
    assert str(port) in ended.err


def test_the_port_asked_for_is_the_one_it_answers_on(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with simulator(shell, "--port", str(port)) as (_, env):
        assert env[GRAPH_URL] == f"http://127.0.0.1:{port}"


@posix
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)], ids=str
)
def test_a_signal_ends_it_at_once(shell: Shell, sent: signal.Signals, code: int) -> None:
    with simulator(shell) as (process, _):
        process.send_signal(sent)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err


@posix
def test_it_ends_with_a_connection_still_open(shell: Shell) -> None:
    with simulator(shell) as (process, env):
        port = int(env[GRAPH_URL].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)):
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert "Traceback" not in err
