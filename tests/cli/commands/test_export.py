"""`export`: a file for another program, which nobody else can read and git does not take along."""

from __future__ import annotations

import base64
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.shell import COMMAND, NOBODY, Shell
from tests.cli.world import SECRETS, VALUES
from wizard.cli.output.private_file import readers
from wizard.values.credentials import CREDENTIALS

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and terminals of POSIX")
with_git = pytest.mark.skipif(not shutil.which("git"), reason="needs git")

OWN = {CREDENTIALS[name].env: value for name, value in VALUES.items()}


@pytest.fixture
def full(shell: Shell) -> Shell:
    shell.fill()
    return shell


def git(folder: Path, *arguments: str) -> int:
    line = ["git", "-c", "core.excludesFile=", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(line, cwd=folder, capture_output=True, check=False).returncode


# formats


def test_a_pipe_gets_lines_of_an_environment_without_a_question(full: Shell) -> None:
    ended = full("export")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "".join(f"{name}={value}\n" for name, value in OWN.items())


def test_json_is_one_object(full: Shell) -> None:
    assert full("export", "--format", "json").json == OWN


def test_a_secret_for_kubernetes_has_the_name_that_was_asked_for(full: Shell) -> None:
    ended = full("export", "--format", "k8s", "--name", "shop", "--only", "app_id")
    assert yaml.safe_load(ended.out) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "shop"},
        "type": "Opaque",
        "data": {"WHATSAPP_APP_ID": base64.b64encode(VALUES["app_id"].encode()).decode()},
    }
    default = yaml.safe_load(full("export", "--format", "k8s").out)
    assert default["metadata"] == {"name": "whatsapp-credentials"}


@posix
def test_the_script_for_github_feeds_each_value_to_gh(full: Shell) -> None:
    (full.folder / "gh").write_text('#!/bin/sh\necho "$* $(cat)"\n')
    (full.folder / "gh").chmod(0o755)
    full.env["PATH"] = f"{full.folder}{os.pathsep}{full.env['PATH']}"
    ended = full.script("$WIZARD export --format github | sh")
    assert ended.out.splitlines() == [f"secret set {name} {value}" for name, value in OWN.items()]


def test_presets_and_names_of_ones_own_are_taken_as_in_exec(full: Shell) -> None:
    flags = ["--preset", "node-sdk", "--only", "access_token", "--map", "app_id=ID"]
    assert full("export", "--format", "json", *flags).json == {
        "CLOUD_API_ACCESS_TOKEN": VALUES["access_token"],
        "ID": VALUES["app_id"],
    }


@pytest.mark.parametrize("form", ["env", "json"])
@pytest.mark.parametrize("preset", [[], ["--preset", "pywa"], ["--preset", "meta"]], ids=str)
def test_what_is_exported_can_be_imported(full: Shell, form: str, preset: list[str]) -> None:
    full("export", "--format", form, *preset, "--output", "shop")
    assert full("import", "shop", "--profile", "copy").code == 0
    assert full.stored("copy") == VALUES


def test_a_value_that_a_format_can_not_carry_is_named_and_not_shown(shell: Shell) -> None:
    shell.fill(verify_token="two secret words")
    ended = shell("export", "--output", "shop.env")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("The Verify token ")
    assert "words" not in ended.err
    assert not (shell.folder / "shop.env").exists()
    assert shell("export", "--format", "json").json["WHATSAPP_VERIFY_TOKEN"] == "two secret words"


def test_a_missing_credential_that_was_asked_for_is_a_failure(shell: Shell) -> None:
    shell("set", "app_id", "--stdin", stdin=VALUES["app_id"])
    ended = shell("export", "--only", "waba_id")
    assert (ended.code, ended.out) == (1, "")
    assert "There is no WABA ID yet" in ended.err
    assert shell("export").out == f"WHATSAPP_APP_ID={VALUES['app_id']}\n"


def test_without_a_keyring_only_what_is_given_is_exported(full: Shell) -> None:
    env = {"PYTHON_KEYRING_BACKEND": NOBODY, "WHATSAPP_APP_ID": VALUES["app_id"]}
    assert full("export", env=env).code == 4
    assert full("export", "--env", env=env).out == f"WHATSAPP_APP_ID={VALUES['app_id']}\n"


@pytest.mark.parametrize("name", ["Shop", "shop_1", "-shop", "a" * 64, ""])
def test_what_kubernetes_would_not_take_as_a_name_is_wrong_usage(full: Shell, name: str) -> None:
    ended = full("export", "--format", "k8s", "--name", name)
    assert (ended.code, ended.out) == (2, "")
    assert "--name" in ended.err


# files


@posix
def test_a_file_is_for_its_owner_alone_whatever_the_umask(full: Shell) -> None:
    ended = full.script("umask 000; $WIZARD export --output shop.env")
    assert (ended.code, ended.out) == (0, "")
    file = full.folder / "shop.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == full("export").out
    assert "plain text" in ended.err
    assert not [value for value in SECRETS if value in ended.err]


def test_windows_which_knows_no_mode_is_promised_none() -> None:
    assert readers("linux") == readers("darwin") == "and only you can read it"
    assert "alone" not in readers("win32")


def test_a_dash_is_standard_output(full: Shell) -> None:
    assert full("export", "--output", "-").out == full("export").out
    assert not (full.folder / "-").exists()


def test_an_existing_file_is_kept_unless_forced(full: Shell) -> None:
    file = full.folder / "shop.env"
    file.write_text("PORT=3000\n")
    ended = full("export", "--output", "shop.env")
    assert (ended.code, ended.out) == (2, "")
    assert "--force" in ended.err
    assert file.read_text() == "PORT=3000\n"
    file.chmod(0o644)
    assert full("export", "--output", "shop.env", "--force").code == 0
    assert file.read_text() == full("export").out
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in full.folder.iterdir()) == ["keyring.json", "shop.env"]


@posix
@pytest.mark.parametrize("exists", [True, False], ids=["link", "link to nothing"])
def test_no_link_is_followed(full: Shell, exists: bool) -> None:
    target, link = full.folder / "target", full.folder / "link"
    if exists:
        target.write_text("kept")
    link.symlink_to(target)
    assert full("export", "--output", "link").code == 2
    assert full("export", "--output", "link", "--force").code == 0
    assert not link.is_symlink()
    assert link.read_text() == full("export").out
    assert target.exists() is exists
    assert not exists or target.read_text() == "kept"


@posix
@pytest.mark.parametrize("force", [[], ["--force"]], ids=str)
def test_a_folder_or_a_pipe_is_never_replaced(full: Shell, force: list[str]) -> None:
    (full.folder / "folder").mkdir()
    os.mkfifo(full.folder / "pipe")
    for name in ("folder", "pipe"):
        ended = full("export", "--output", name, *force)
        assert (ended.code, ended.out) == (2, "")
        assert name in ended.err
    assert (full.folder / "pipe").is_fifo()


@posix
@pytest.mark.parametrize("to", ["/dev/null", "/proc/self/fd/1", "folder", "pipe"])
def test_a_link_to_a_device_a_pipe_or_a_folder_is_never_replaced(full: Shell, to: str) -> None:
    """As root, `--output /dev/stdout --force` would take it from every program."""
    (full.folder / "folder").mkdir()
    os.mkfifo(full.folder / "pipe")
    link = full.folder / "link"
    link.symlink_to(to)
    ended = full("export", "--output", "link", "--force")
    assert (ended.code, ended.out) == (2, "")
    assert str(link.readlink()) == to


@pytest.mark.parametrize("force", [[], ["--force"]], ids=str)
def test_a_file_that_can_not_be_written_is_no_bug(full: Shell, force: list[str]) -> None:
    ended = full("export", "--output", Path("missing", "shop.env"), *force)
    assert (ended.code, ended.out) == (2, "")
    assert "No such file or directory" in ended.err


# git


@posix
@with_git
@pytest.mark.parametrize(
    "path",
    [
        Path("shop.env"),
        Path("deploy", "shop.env"),
        Path("#shop"),
        Path("!shop"),
        Path("deploy", "a[1]*?.env"),
        Path("deploy", "two words"),
        Path("deploy", "back\\slash"),
        Path("deploy", "end "),
        Path("deploy", "\u00e9"),
    ],
    ids=str,
)
def test_the_line_that_is_named_makes_git_ignore_the_file(full: Shell, path: Path) -> None:
    (full.folder / "deploy").mkdir()
    git(full.folder, "init")
    ended = full("export", "--output", path)
    assert ended.code == 0
    _, warning, ignoring, line = ended.err.splitlines()
    assert str(path) in warning
    assert ignoring == f"{full.folder.resolve() / '.gitignore'}:"
    assert git(full.folder, "check-ignore", "--", str(path)) == 1
    (full.folder / ".gitignore").write_text(f"{line.removeprefix('  ')}\n", "utf-8")
    assert git(full.folder, "check-ignore", "--", str(path)) == 0
    assert len(full("export", "--force", "--output", path).err.splitlines()) == 1


@with_git
def test_a_file_that_git_already_follows_has_to_be_let_go(full: Shell) -> None:
    git(full.folder, "init")
    (full.folder / ".gitignore").write_text("*.env\n")
    (full.folder / "shop.env").touch()
    git(full.folder, "add", "--force", "shop.env")
    ended = full("export", "--force", "--output", "shop.env")
    assert ended.err.splitlines()[-1].endswith("git rm --cached -- shop.env")


@with_git
def test_a_repository_elsewhere_changes_nothing(full: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init")
    env = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(tmp_path)}
    ended = full("export", "--output", "shop.env", env=env)
    assert len(ended.err.splitlines()) == 1


def test_without_git_nothing_is_said_of_it(full: Shell) -> None:
    ended = full("export", "--output", "shop.env", env={"PATH": str(full.folder)})
    assert (ended.code, len(ended.err.splitlines())) == (0, 1)


# terminals


@posix
@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_a_terminal_shows_the_values_only_after_a_yes(full: Shell, answer: str, code: int) -> None:
    from tests.e2e.terminal import ENTER, run

    with run("export", folder=full.state.parent, env=full.env) as terminal:
        terminal.shows("plain text? [y/N]:")
        terminal.keys(answer, ENTER)
        assert terminal.end() == code
    assert (VALUES["access_token"].encode() in terminal.written) is (code == 0)


@posix
def test_a_yes_can_be_given_beforehand(full: Shell) -> None:
    from tests.e2e.terminal import run

    words = ("export", "--yes", "--only", "app_id")
    with run(*words, folder=full.state.parent, env=full.env) as terminal:
        assert terminal.end() == 0
    assert terminal.written.decode() == f"WHATSAPP_APP_ID={VALUES['app_id']}\r\n"


@posix
def test_where_nobody_can_say_yes_a_terminal_shows_nothing(full: Shell) -> None:
    import pexpect

    line = ["-c", f"{' '.join(COMMAND)} export < /dev/null"]
    child = pexpect.spawn("sh", line, env=full.env, timeout=30, encoding="utf-8")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert "--yes" in child.before
    assert VALUES["access_token"] not in child.before
