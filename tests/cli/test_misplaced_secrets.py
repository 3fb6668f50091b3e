"""A value typed where it does not belong is repeated nowhere."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import keyring
import keyring.core
import pytest

import wizard.cli
from tests.tables import each_line
from wizard.cli import cli
from wizard.cli.output.safe_errors import without_arguments

TOKEN = "EAAJBq7ZCd0ABO3kXw9vLrT2mNyHs8PfGuQeWzVc1jKbRtY5xDnMaZo4iUhE6lSgFpJq"
VALUES = {
    "token": TOKEN,
    "app_secret": "9f86d081884c7d659a2feaa0c55ad015",
    "verify_token": "Orchard-77-violet",
    "with signs": "p@ss 'w\"ord+/=\x1b[31m%s{}",
}


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def calls() -> Iterator[tuple[str, ...]]:
    """Every place of every command line in which a value can stand."""
    yield ("@",)
    yield ("--profile", "@", "status")
    yield ("--profile=@", "status")
    for path, command in commands(cli):
        yield (*path, "@")
        yield (*path, "--@")
        yield (*path, "-@")
        for param in command.params:
            if not isinstance(param, click.Option):
                continue
            option = param.opts[-1]
            yield (*path, f"{option}=@")
            if not param.is_flag:
                yield (*path, option, "@")


SERVING = {"simulator", "demo"}
"""They take any profile, use none, and run until somebody ends them."""
FREE = {"--profile", "--say"}
"""What they take as it is: with these nothing is wrong, and they run."""
CALLS = sorted(
    call
    for call in set(calls())
    if not (call[0] in SERVING and call[1].partition("=")[0] in FREE) and call[:2] != ("exec", "@")
)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing is asked of a keyring or a network, and nobody waits."""
    # Not by a variable: keyring reads that once, and an earlier test may have had it do so.
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    monkeypatch.setenv("WHATSAPP_WIZARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("WHATSAPP_WIZARD_GRAPH_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.chdir(tmp_path)
    yield
    keyring.set_keyring(before)


@pytest.mark.parametrize("kind", VALUES)
def test_no_message_repeats_it(
    kind: str,
    quiet: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for call in CALLS[list(VALUES).index(kind) :: len(VALUES)]:
        arguments = [part.replace("@", VALUES[kind]) for part in call]
        monkeypatch.setattr(sys, "argv", ["whatsapp-wizard", *arguments])
        code = wizard.cli._run()
        said = "".join(capfd.readouterr())
        assert VALUES[kind][:7] not in said, (call, code, said)
        for made in tmp_path.glob("*[!e]"):
            made.unlink()  # a report under that name


@each_line(
    ("argument", "repeated"),
    [
        ("absent.env", True),
        ("shop", True),
        ("+49 151 7052993", True),
        ("tests/cli", True),
        *((value, False) for value in VALUES.values()),
        ("a-verify-token-of-words", False),
    ],
)
def test_what_is_no_secret_is_repeated(argument: str, repeated: bool) -> None:
    for given in (argument, f"--file={argument}"):
        said = without_arguments(f"There is no {argument!r}.", [given])
        assert (said == f"There is no {argument!r}.") is repeated
        assert said.startswith("There is no ")


@pytest.mark.parametrize("secret", [TOKEN, VALUES["app_secret"]])
@pytest.mark.parametrize("call", ["doctor --report", "export --output", "selftest --report"])
@pytest.mark.usefixtures("quiet")
def test_it_becomes_no_files_name(
    call: str,
    secret: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["whatsapp-wizard", *call.split(), secret])
    assert wizard.cli._run() == 2
    assert "looks like a secret" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == []
    (tmp_path / secret).touch()
    assert wizard.cli._run() == 2
    assert secret[:7] not in "".join(capfd.readouterr())
