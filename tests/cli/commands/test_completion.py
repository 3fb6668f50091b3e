"""`completion`: what a shell offers when somebody presses Tab."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.cli.shell import COMMAND, Ended, Shell
from tests.tables import each_line
from wizard.cli import COMMANDS
from wizard.state import StateFile
from wizard.values.credentials import CREDENTIALS
from wizard.values.presets import presets

SHELLS = ("bash", "zsh", "fish")


def bash_is_new_enough() -> bool:
    bash = shutil.which("bash")
    if bash is None or sys.platform == "win32":
        return False
    said = subprocess.run([bash, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"version (\d+)\.(\d+)", said)
    return match is not None and (int(match[1]), int(match[2])) >= (4, 4)


@each_line("name", SHELLS)
def test_the_script_stands_on_standard_output_alone(shell: Shell, name: str) -> None:
    ended = shell("completion", name)
    assert ended.code == 0
    assert f"_WHATSAPP_WIZARD_COMPLETE={name}_complete" in ended.out
    assert ended.err == "" or name == "bash"


def test_a_shell_that_is_not_known_is_wrong_usage(shell: Shell) -> None:
    ended = shell("completion", "tcsh")
    assert (ended.code, ended.out) == (2, "")
    assert all(name in ended.err for name in SHELLS)


def install(shell: Shell) -> None:
    """Puts the command where a shell finds it by its name."""
    command = shell.folder / "whatsapp-wizard"
    command.write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    command.chmod(0o755)
    shell.env["PATH"] = f"{shell.folder}:{shell.env['PATH']}"


def offered(shell: Shell, line: str) -> list[str]:
    """What the command tells bash at the end of the line, as the script asks it."""
    words = line.split(" ")
    asking = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    ended = shell(env={"_WHATSAPP_WIZARD_COMPLETE": "bash_complete", **asking})
    assert (ended.code, ended.err) == (0, "")
    return [told.removeprefix("plain,") for told in ended.out.split()]


def offered_by_bash(shell: Shell, line: str) -> Ended:
    """What bash offers at the end of the line, each on one of its own."""
    install(shell)
    script = f"""
source <($WIZARD completion bash)
complete -p whatsapp-wizard >&2
IFS=' ' read -ra COMP_WORDS <<< '{line}'
[[ '{line}' == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_whatsapp_wizard_completion whatsapp-wizard
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return shell.script(script)


@pytest.mark.skipif(not bash_is_new_enough(), reason="needs bash 4.4")
@pytest.mark.parametrize(
    ("line", "fitting"),
    [
        ("whatsapp-wizard ex", ["exec", "export"]),
        ("whatsapp-wizard completion ", list(SHELLS)),
    ],
)
def test_bash_offers_what_fits(shell: Shell, line: str, fitting: list[str]) -> None:
    ended = offered_by_bash(shell, line)
    assert ended.out.splitlines() == fitting
    assert ended.err.endswith("-F _whatsapp_wizard_completion whatsapp-wizard\n")
    assert offered(shell, line) == fitting


@each_line(
    ("line", "fitting"),
    [
        ("whatsapp-wizard exec --preset ", list(presets())),
        ("whatsapp-wizard check ", list(CREDENTIALS)),
        ("whatsapp-wizard export --format k", ["k8s"]),
    ],
)
def test_what_fits_is_offered_in_every_place(shell: Shell, line: str, fitting: list[str]) -> None:
    assert offered(shell, line) == fitting


@each_line(
    ("line", "fitting"),
    [
        ("whatsapp-wizard status --profile ", ["blog", "default", "shop", "shop-test"]),
        ("whatsapp-wizard --profile sh", ["shop", "shop-test"]),
        ("whatsapp-wizard completion --profile b", ["blog"]),
        ("whatsapp-wizard profile re", ["rename", "repair"]),
        ("whatsapp-wizard profile switch d", ["default"]),
        ("whatsapp-wizard profile rename shop-", ["shop-test"]),
        ("whatsapp-wizard profile copy blog ", []),
        ("whatsapp-wizard profile delete sho", ["shop", "shop-test"]),
    ],
)
def test_the_profiles_that_are_listed_are_offered(
    shell: Shell, line: str, fitting: list[str]
) -> None:
    state = StateFile(shell.state.parent)
    for name in ("shop", "shop-test", "blog"):
        state.add_profile(name)
    assert offered(shell, line) == fitting


@pytest.mark.skipif(not bash_is_new_enough(), reason="needs bash 4.4")
def test_a_state_file_that_is_broken_is_left_alone_by_a_tab(shell: Shell) -> None:
    shell.state.parent.mkdir()
    shell.state.write_text("{ nonsense")
    ended = offered_by_bash(shell, "whatsapp-wizard status --profile ")
    assert ended.out.split() == ["default"]
    assert "nonsense" not in ended.err
    assert [path.name for path in shell.state.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize("name", ["zsh", "fish"])
def test_the_other_shells_are_told_every_command(shell: Shell, name: str) -> None:
    env = {
        "_WHATSAPP_WIZARD_COMPLETE": f"{name}_complete",
        "COMP_WORDS": "whatsapp-wizard " if name == "zsh" else "whatsapp-wizard",
        "COMP_CWORD": "1" if name == "zsh" else "",
    }
    ended = shell(env=env)
    assert (ended.code, ended.err) == (0, "")
    words = re.split(r"[\s,]", ended.out)
    assert [command for command in COMMANDS if command not in words] == []


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_offers_what_fits(shell: Shell) -> None:
    install(shell)
    StateFile(shell.state.parent).add_profile("shop")
    asked = ("whatsapp-wizard ex", "whatsapp-wizard status --profile s")
    script = "whatsapp-wizard completion fish | source\n" + "".join(
        f"complete -C '{line}' | cut -f 1\necho .\n" for line in asked
    )
    said = subprocess.run(
        ["fish", "--no-config", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=shell.env,
    )
    assert said.stdout.split() == ["exec", "export", ".", "shop", "."]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_completes_a_word(shell: Shell) -> None:
    import pexpect

    install(shell)
    env = {**shell.env, "PS1": "ready> ", "TERM": "dumb"}
    zsh = pexpect.spawn("zsh", ["-f"], env=env, timeout=30, encoding="utf-8", dimensions=(24, 200))
    zsh.expect_exact("ready> ")
    for line in ("autoload -Uz compinit", "compinit -u -D", "unsetopt zle_bracketed_paste"):
        zsh.sendline(line)
        zsh.expect_exact("ready> ")
    zsh.sendline("source <(whatsapp-wizard completion zsh)")
    zsh.expect_exact("ready> ")
    zsh.send("whatsapp-wizard compl\t")
    zsh.expect_exact("etion")
    zsh.sendline("fish | head -n 1")
    zsh.expect("function [_a-z]+completion")
    zsh.sendline("exit")
    zsh.close()
