"""What can be asked of the command without any account, and what it says to a wrong question."""

from __future__ import annotations

import inspect
import sys

import click
import pytest

from tests.cli.shell import Shell
from tests.tables import each_line
from wizard import __version__
from wizard.cli import COMMANDS, cli


def test_the_version_is_said_in_one_line(shell: Shell) -> None:
    ended = shell("--version")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"whatsapp-wizard, version {__version__}\n"


def test_help_names_every_command_with_what_it_does(shell: Shell) -> None:
    ended = shell("--help")
    assert (ended.code, ended.err) == (0, "")
    listed = [line.split() for line in ended.out.partition("Commands:\n")[2].splitlines()]
    described = [words[0] for words in listed[: len(COMMANDS)] if len(words) > 3]
    assert described == list(COMMANDS)


@each_line("command", COMMANDS)
def test_the_list_of_commands_has_the_first_words_of_their_own_help(command: str) -> None:
    own = cli.get_command(click.Context(cli), command)
    assert own is not None
    paragraph = inspect.cleandoc(own.help or "").partition("\n\n")[0].replace("\n", " ")
    assert COMMANDS[command].help == paragraph


@each_line("command", [*COMMANDS, None])
def test_help_of_each_command_shows_examples_and_takes_a_profile(
    shell: Shell, command: str | None
) -> None:
    ended = shell(*filter(None, [command]), "--help")
    assert (ended.code, ended.err) == (0, "")
    usage = ended.out.partition("\n\n")[0]
    assert "\n" not in usage, "it is broken in the middle of a word"
    assert "--profile NAME" in ended.out
    examples = ended.out.partition("Examples:\n")[2].splitlines()
    assert any(f"whatsapp-wizard {command or 'demo'}" in line for line in examples)


@each_line(
    ("arguments", "named"),
    [
        (["chek"], "'chek'"),
        (["check", "--nope"], "--nope"),
        (["check", "tokn"], "access_token"),
        (["check", "--env", "--env-file", "there.env"], "--env-file"),
        (["check", "--env-file", "absent.env"], "absent.env"),
        (["check", "--profile", "two words"], "two words"),
        (["--profile", "../up", "status"], "../up"),
        (["status", "--profile", ""], "''"),
        (["set", "app_name", "--stdin"], "app_id"),
        (["set", "app_id"], "--stdin"),
        (["set", "app_id", "--generate"], "verify_token only"),
        (["set", "verify_token", "--generate", "--stdin"], "can't be combined"),
        (["import"], "FILE"),
        (["import", "absent.env"], "absent.env"),
        (["forget"], "--yes"),
        (["forget", "tokn", "--yes"], "access_token"),
        (["simulator", "--scenario", "access_token.expird"], "access_token.expired"),
        (["demo", "--scenario", "waba.missing"], "waba_id.missing"),
        (["simulator", "--port", "65536"], "65535"),
    ],
    ids=str,
)
def test_wrong_usage_is_named_on_stderr_alone(
    shell: Shell, arguments: list[str], named: str
) -> None:
    (shell.folder / "there.env").write_text("WHATSAPP_APP_ID=2455021458570608\n")
    ended = shell(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert named in ended.err.partition("Error: ")[2]
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WHATSAPP_WIZARD_GRAPH_VERSION", "latest"),
        ("WHATSAPP_WIZARD_PROFILE", "my shop"),
    ],
)
def test_a_variable_that_makes_no_sense_is_wrong_usage(
    shell: Shell, variable: str, value: str
) -> None:
    ended = shell("check", "--env", env={variable: value})
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 1


def test_the_walk_without_a_terminal_names_what_to_use_instead(shell: Shell) -> None:
    ended = shell()
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 1
    for command in ("status", "check", "set"):
        assert command in ended.err
    assert not shell.state.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes them")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$WIZARD <&-", 2),
        ("$WIZARD set app_id <&-", 2),
        ("$WIZARD set app_id --stdin <&-", 2),
        ("$WIZARD demo --plain >&-", 0),
        ("$WIZARD status >&- 2>&- <&-", 0),
    ],
)
def test_closed_streams_are_no_bug(shell: Shell, line: str, code: int) -> None:
    ended = shell.script(line)
    assert ended.code == code
    assert "bug" not in ended.err


@each_line(
    "arguments",
    [
        ["set", "EAAnotForTheLog0123456789", "--stdin"],
        ["set", "access_token=EAAnotForTheLog0123456789"],
        ["check", "EAAnotForTheLog0123456789"],
        ["forget", "EAAnotForTheLog0123456789", "--yes"],
        ["EAAnotForTheLog0123456789"],
    ],
)
def test_a_value_in_the_wrong_place_is_not_repeated(shell: Shell, arguments: list[str]) -> None:
    ended = shell(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "EAAnotForTheLog" not in ended.err


@pytest.mark.parametrize(
    ("scenario", "code"),
    [("graph.server_error", 3), ("graph.not_json", 3), ("access_token.expired", 1)],
)
def test_a_demo_that_is_broken_ends_as_a_check_would(
    shell: Shell, scenario: str, code: int
) -> None:
    assert shell("demo", "--plain", "--scenario", scenario).code == code
