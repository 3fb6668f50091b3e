"""`exec`: a command finds the credentials in its environment, and nothing of ours beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import NOBODY, Shell
from tests.cli.world import SECRETS, VALUES
from tests.tables import each_line
from wizard.cli.commands.exec import exit_code, run, run_beside
from wizard.settings import GRAPH_VERSION
from wizard.values.credentials import CREDENTIALS

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes and signals of POSIX")
linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")

OWN = {CREDENTIALS[name].env: value for name, value in VALUES.items()}
ENVIRONMENT = (sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))")


def added(shell: Shell, *flags: str, **env: str) -> dict[str, str]:
    """What a command run with these flags has in its environment, beyond what the shell has."""
    ended = shell("exec", *flags, "--", *ENVIRONMENT, env=env)
    assert (ended.code, ended.err) == (0, "")
    return dict(set(ended.json.items()) - set((shell.env | env).items()))


def test_the_six_are_in_the_environment_and_nothing_else_is_changed(shell: Shell) -> None:
    shell.fill()
    assert added(shell) == OWN
    assert sorted(path.name for path in shell.folder.iterdir()) == ["keyring.json"]


def test_what_is_not_stored_is_left_out(shell: Shell) -> None:
    shell("set", "app_id", "--stdin", stdin=VALUES["app_id"])
    assert added(shell) == {"WHATSAPP_APP_ID": VALUES["app_id"]}


def test_a_env_file_reaches_a_library_under_its_own_names(shell: Shell) -> None:
    (shell.folder / "shop.env").write_text("".join(f"{name}={OWN[name]}\n" for name in OWN))
    found = added(shell, "--env-file", "shop.env", "--preset", "pywa")
    assert found["PYWA_TOKEN"] == VALUES["access_token"]
    assert found["PYWA_PHONE_ID"] == VALUES["phone_number_id"]
    assert "WHATSAPP_ACCESS_TOKEN" not in found


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        (["--only", "app_id"], {"WHATSAPP_APP_ID": "app_id"}),
        (
            ["--only", "app_id", "--only", "waba_id"],
            {"WHATSAPP_APP_ID": "app_id", "WHATSAPP_WABA_ID": "waba_id"},
        ),
        (
            ["--only", "access_token", "--map", "access_token=CLOUD_API_ACCESS_TOKEN"],
            {"CLOUD_API_ACCESS_TOKEN": "access_token"},
        ),
        (
            ["--only", "app_id", "--map", "app_id=A", "--map", "app_id=B"],
            {"A": "app_id", "B": "app_id"},
        ),
        (
            ["--only", "app_secret", "--map", "app_secret=S", "--preset", "node-sdk"],
            {"S": "app_secret"},
        ),
        (
            ["--preset", "node-sdk"],
            {
                "M4D_APP_ID": "app_id",
                "M4D_APP_SECRET": "app_secret",
                "CLOUD_API_ACCESS_TOKEN": "access_token",
                "WA_PHONE_NUMBER_ID": "phone_number_id",
                "WA_BUSINESS_ACCOUNT_ID": "waba_id",
                "WEBHOOK_VERIFICATION_TOKEN": "verify_token",
                "CLOUD_API_VERSION": "version",
            },
        ),
    ],
    ids=str,
)
def test_flags_choose_the_credentials_and_their_names(
    shell: Shell, flags: list[str], names: dict[str, str]
) -> None:
    shell.fill()
    known = {**VALUES, "version": GRAPH_VERSION}
    assert added(shell, *flags) == {variable: known[name] for variable, name in names.items()}


def test_one_that_is_called_otherwise_comes_beside_the_others(shell: Shell) -> None:
    shell.fill()
    found = added(shell, "--map", "access_token=TOKEN")
    expected = OWN | {"TOKEN": VALUES["access_token"]}
    del expected["WHATSAPP_ACCESS_TOKEN"]
    assert found == expected


def test_a_variable_of_the_same_name_is_overwritten(shell: Shell) -> None:
    shell.fill()
    assert added(shell, WHATSAPP_APP_ID="1")["WHATSAPP_APP_ID"] == VALUES["app_id"]


def test_the_environment_itself_can_be_read_under_other_names(shell: Shell) -> None:
    found = added(shell, "--env", "--map", "app_id=M4D_APP_ID", WHATSAPP_APP_ID="2455021458570608")
    assert found == {"M4D_APP_ID": "2455021458570608"}


# how it ends


@pytest.mark.parametrize("code", [0, 7, 255])
def test_the_exit_code_of_the_command_is_ours(shell: Shell, code: int) -> None:
    shell.fill()
    assert shell("exec", "--", sys.executable, "-c", f"raise SystemExit({code})").code == code


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGPIPE"])
def test_a_death_by_a_signal_comes_through(shell: Shell, name: str) -> None:
    shell.fill()
    assert shell("exec", "--", "sh", "-c", f"kill -{name[3:]} $$").code == -getattr(signal, name)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("no-such-command", 127, "no-such-command was not found.\n"),
        ("./no-such-file", 127, "./no-such-file was not found.\n"),
        pytest.param("./plain", 126, "Can't run ./plain: Permission denied.\n", marks=posix),
        pytest.param("./bytes", 126, "Can't run ./bytes: Exec format error.\n", marks=posix),
        pytest.param("/", 126, "Can't run /: Permission denied.\n", marks=posix),
        ("WHATSAPP_ACCESS_TOKEN=EAAnotForTheLog", 127, "The command was not found.\n"),
    ],
)
def test_a_command_that_can_not_be_started_has_the_codes_of_a_shell(
    shell: Shell, command: str, code: int, said: str
) -> None:
    shell.fill()
    (shell.folder / "plain").write_text("")
    (shell.folder / "bytes").write_bytes(b"\x00\x01")
    (shell.folder / "bytes").chmod(0o755)
    ended = shell("exec", "--", command)
    assert (ended.code, ended.out, ended.err) == (code, "", said)


@pytest.mark.parametrize("flags", [["--only", "app_secret"], ["--map", "app_secret=S"]], ids=str)
def test_a_credential_that_was_asked_for_and_is_missing_keeps_the_command_from_running(
    shell: Shell, flags: list[str]
) -> None:
    shell("set", "app_id", "--stdin", stdin=VALUES["app_id"])
    ended = shell("exec", *flags, "--", *ENVIRONMENT)
    assert (ended.code, ended.out) == (1, "")
    assert "There is no App Secret yet" in ended.err


@each_line(
    ("flags", "named"),
    [([], "profile default"), (["--env"], "environment"), (["--env-file", "empty"], "empty")],
)
def test_with_no_credential_at_all_the_command_does_not_run(
    shell: Shell, flags: list[str], named: str
) -> None:
    (shell.folder / "empty").touch()
    ended = shell("exec", *flags, "--", *ENVIRONMENT)
    assert (ended.code, ended.out) == (1, "")
    assert named in ended.err


def test_without_a_keyring_the_command_does_not_run(shell: Shell) -> None:
    ended = shell("exec", "--", *ENVIRONMENT, env={"PYTHON_KEYRING_BACKEND": NOBODY})
    assert (ended.code, ended.out) == (4, "")


def test_a_value_that_no_environment_holds_is_named_and_not_shown(shell: Shell) -> None:
    shell.fill(verify_token="before\x00after")
    ended = shell("exec", "--", *ENVIRONMENT)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "The Verify token contains a NUL, which no environment accepts.\n"


@each_line(
    ("arguments", "named"),
    [
        ([], "CMD"),
        (["--preset", "twilio", "--", "true"], "pywa"),
        (["--only", "EAAnotForTheLog", "--", "true"], "access_token"),
        (["--map", "EAAnotForTheLog", "--", "true"], "NAME=VARIABLE"),
        (["--map", "EAAnotForTheLog=TOKEN", "--", "true"], "access_token"),
        (["--map", "access_token=EAAnotForTheLog", "--", "true"], "variable name"),
        (["--map", "access_token=EAAnot-For-The-Log", "--", "true"], "variable name"),
        (["--map", "access_token=", "--", "true"], "variable name"),
        (["--map", "access_token=1ST", "--", "true"], "variable name"),
        (["--map", "app_id=X", "--map", "waba_id=X", "--", "true"], "both app_id and waba_id"),
        (["--env", "--env-file", "there.env", "--", "true"], "--env-file"),
    ],
    ids=str,
)
def test_wrong_usage_is_named_and_no_value_repeated(
    shell: Shell, arguments: list[str], named: str
) -> None:
    (shell.folder / "there.env").touch()
    ended = shell("exec", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert named in ended.err.partition("Error: ")[2]
    assert "EAAnot" not in ended.err


# what it passes on


@pytest.mark.parametrize("dashes", [["--"], []], ids=["with dashes", "without"])
def test_flags_behind_the_command_are_its_own(shell: Shell, dashes: list[str]) -> None:
    shell.fill()
    show = (sys.executable, "-c", "import sys; print(sys.argv[1:])", "--profile", "x", "--", "-h")
    assert shell("exec", *dashes, *show).out == "['--profile', 'x', '--', '-h']\n"


def test_standard_input_is_left_to_the_command(shell: Shell) -> None:
    shell.fill()
    script = "import sys; sys.stdout.write(sys.stdin.read()); sys.stderr.write('heard')"
    ended = shell("exec", "--", sys.executable, "-c", script, stdin="one\ntwo\n")
    assert (ended.code, ended.out, ended.err) == (0, "one\ntwo\n", "heard")


@posix
def test_the_command_has_our_process_and_gets_our_ctrl_c(shell: Shell) -> None:
    shell.fill()
    script = """import os, signal, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(5))
print(os.getpid(), flush=True)
time.sleep(30)
"""
    with shell.start("exec", "--", sys.executable, "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{process.pid}\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (5, "", "")


@linux
def test_no_secret_stands_on_the_command_line(shell: Shell) -> None:
    shell.fill()
    script = "import time; print('up', flush=True); time.sleep(30)"
    with shell.start("exec", "--", sys.executable, "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        line = Path(f"/proc/{process.pid}/cmdline").read_text("utf-8")
    assert line.split("\x00")[:2] == [sys.executable, "-c"]
    assert not [value for value in SECRETS if value in line]


@linux
def test_open_files_and_ignored_signals_are_those_of_a_command_started_directly(
    shell: Shell,
) -> None:
    shell.fill()
    script = """import json, os
lines = open("/proc/self/status").read().splitlines()
signals = [line for line in lines if line.startswith(("SigBlk", "SigIgn"))]
print(json.dumps([sorted(os.listdir("/proc/self/fd")), signals]))
"""
    # In the shell, because Python would change both.
    line = f"exec '{sys.executable}' -c '{script}'"
    direct = subprocess.run(
        ["sh", "-c", line],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        env=shell.env,
    )
    assert shell.cold("exec", "--", "sh", "-c", line).json == json.loads(direct.stdout)


@posix
def test_the_command_has_the_terminal(shell: Shell) -> None:
    import pexpect

    shell.fill()
    script = "import os; print(*map(os.isatty, range(3)), input('name? '))"
    arguments = ["-m", "wizard", "exec", "--", sys.executable, "-c", script]
    child = pexpect.spawn(sys.executable, arguments, env=shell.env, timeout=30, encoding="utf-8")
    child.expect_exact("name? ")
    child.sendline("shop")
    child.expect_exact("True True True shop")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


# where no process can take another's place


def test_a_child_of_ours_ends_with_its_own_code(tmp_path: Path) -> None:
    env = {**os.environ, "WHATSAPP_APP_ID": "7"}
    script = "import os; raise SystemExit(int(os.environ['WHATSAPP_APP_ID']))"
    assert run_beside((sys.executable, "-c", script), env) == 7
    with pytest.raises(FileNotFoundError):
        run_beside(("no-such-command",), env)


def test_windows_runs_the_command_beside_us_and_ends_with_its_code() -> None:
    script = "import os; raise SystemExit(int(os.environ['CODE']))"
    for code in (0, 7):
        env = {**os.environ, "CODE": str(code)}
        assert run((sys.executable, "-c", script), env, "nt") == code


@each_line(
    ("system", "code", "ours"),
    [
        ("nt", 0, 0),
        ("nt", 7, 7),
        ("nt", 0xC000013A, -1073741510),  # STATUS_CONTROL_C_EXIT: ended by Ctrl+C
        ("nt", 0xFFFFFFFF, -1),
        ("nt", 0x7FFFFFFF, 0x7FFFFFFF),
        ("other", 7, 7),
        ("other", -15, 143),
    ],
)
def test_what_a_child_ended_with_is_what_we_end_with(system: str, code: int, ours: int) -> None:
    assert exit_code(code, system) == ours


@posix
def test_a_child_of_ours_that_dies_by_a_signal_has_the_code_of_a_shell() -> None:
    assert run_beside(("sh", "-c", "kill -TERM $$"), os.environ) == 128 + signal.SIGTERM


@posix
def test_ctrl_c_is_left_to_a_child_of_ours() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert run_beside(("sh", "-c", "kill -INT $PPID; exit 9"), os.environ) == 9
    assert signal.getsignal(signal.SIGINT) is before
