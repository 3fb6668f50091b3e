"""`set` and `import`: values into the keyring, by a way that no shell's history sees."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.shell import NOBODY, Shell
from tests.cli.world import SECRETS, VALUES
from tests.tables import each_line
from wizard.values.credentials import CREDENTIALS


def test_each_of_the_six_is_stored_from_stdin(shell: Shell) -> None:
    for name, value in VALUES.items():
        ended = shell("set", name, "--stdin", stdin=f"{value}\n")
        assert (ended.code, ended.out) == (0, "")
        assert CREDENTIALS[name].label in ended.err
        assert value not in ended.err
    assert shell.stored() == VALUES


@each_line(
    "pasted",
    [
        f"Bearer {VALUES['access_token']}",
        f'\ufeff"{VALUES["access_token"]}"\r\n',
        f"WHATSAPP_ACCESS_TOKEN={VALUES['access_token']}",
        f"curl -H 'Authorization: Bearer {VALUES['access_token']}' https://graph.facebook.com/",
    ],
    ids=["bearer", "quoted", "line of a .env file", "curl"],
)
def test_what_came_along_with_a_value_is_left_out(shell: Shell, pasted: str) -> None:
    assert shell("set", "access_token", "--stdin", stdin=pasted).code == 0
    assert shell.stored() == {"access_token": VALUES["access_token"]}


def test_a_made_up_verify_token_is_stored_and_shown_to_nobody(shell: Shell) -> None:
    first = shell("set", "verify_token", "--generate")
    token = shell.stored()["verify_token"]
    assert first.code == 0
    assert re.fullmatch(r"[A-Za-z0-9]{32,}", token)
    assert token not in first.said
    shell("set", "verify_token", "--generate")
    assert shell.stored()["verify_token"] != token


@each_line(
    ("name", "value"),
    [
        ("app_id", "Hidden Market"),
        ("phone_number_id", "+62 812-3456-7890"),
        ("access_token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
        ("app_secret", VALUES["access_token"]),
        ("app_secret", "hello"),
        ("app_secret", "0123456789abcdef0123456789ABCDEF"),
        ("app_id", "12345"),
        ("access_token", "hello"),
        ("access_token", "EAAhello"),
    ],
)
def test_a_value_of_the_wrong_shape_is_stored_only_by_force(
    shell: Shell, name: str, value: str
) -> None:
    refused = shell("set", name, "--stdin", stdin=value)
    assert (refused.code, refused.out) == (1, "")
    assert "--force" in refused.err
    assert (value in refused.err) is False
    assert shell.stored() == {}
    assert shell("set", name, "--stdin", "--force", stdin=value).code == 0
    assert shell.stored() == {name: value}


@each_line("stdin", ["", "\n", ' ""\r\n', "\ufeff"])
def test_nothing_on_stdin_is_wrong_usage_and_keeps_what_is_there(shell: Shell, stdin: str) -> None:
    shell.fill()
    ended = shell("set", "access_token", "--stdin", stdin=stdin)
    assert (ended.code, ended.out) == (2, "")
    assert shell.stored() == VALUES


@each_line("flags", [[], ["--stdin"], ["--force"]])
def test_a_value_as_an_argument_is_refused_and_not_repeated(shell: Shell, flags: list[str]) -> None:
    ended = shell("set", "access_token", VALUES["access_token"], *flags, stdin="")
    assert (ended.code, ended.out) == (2, "")
    assert "--stdin" in ended.err
    assert VALUES["access_token"] not in ended.err
    assert shell.stored() == {}


def test_bytes_that_are_no_text_crash_nothing(shell: Shell) -> None:
    ended = shell(
        "set", "access_token", "--stdin", stdin=b"\xff\xfe\x00EAA", env={"PYTHONUTF8": "0"}
    )
    assert ended.code in {0, 1, 2}
    assert "bug" not in ended.err


@pytest.mark.parametrize(
    ("command", "stdin"),
    [(["set", "app_id", "--stdin"], VALUES["app_id"]), (["forget", "--yes"], None)],
    ids=["set", "forget"],
)
def test_without_a_keyring_nothing_is_kept_and_the_code_says_so(
    shell: Shell, command: list[str], stdin: str | None
) -> None:
    ended = shell(*command, stdin=stdin, env={"PYTHON_KEYRING_BACKEND": NOBODY})
    assert (ended.code, ended.out) == (4, "")
    assert "There is no keyring" in ended.err


# import


def test_a_env_file_is_imported_and_left_as_it_was(shell: Shell) -> None:
    file = shell.folder / ".env"
    file.write_bytes(
        b"\xef\xbb\xbf# of the shop\r\n"
        + f"META_APP_ID={VALUES['app_id']}\r\n"
        f"FB_APP_SECRET='{VALUES['app_secret']}'\r\n"
        f'export WHATSAPP_TOKEN="{VALUES["access_token"]}"  # of the system user\r\n'
        f"WA_PHONE_NUMBER_ID = {VALUES['phone_number_id']}\r\n"
        f"WHATSAPP_BUSINESS_ACCOUNT_ID={VALUES['waba_id']}\r\n"
        f"VERIFY_TOKEN={VALUES['verify_token']}\r\n"
        "DATABASE_URL=postgres://localhost/shop\r\n".encode()
    )
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    ended = shell("import", ".env")
    assert (ended.code, ended.out) == (0, "")
    assert shell.stored() == VALUES
    assert "plain text" in ended.err.splitlines()[-1]
    assert not [value for value in SECRETS if value in ended.err]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_file_with_none_of_the_six_is_no_success(shell: Shell) -> None:
    (shell.folder / "notes.txt").write_text("APP_NAME=shop\nPORT=8000\nno value at all\n")
    ended = shell("import", "notes.txt")
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1
    assert not shell.keyring.exists()


def test_of_a_file_with_one_wrong_value_the_others_are_stored(shell: Shell) -> None:
    lines = f"APP_ID=Shop\nWABA_ID={VALUES['waba_id']}\n"
    (shell.folder / ".env").write_text(lines)
    ended = shell("import", ".env")
    assert ended.code == 1
    assert "App ID" in ended.err
    assert shell.stored() == {"waba_id": VALUES["waba_id"]}


@each_line(
    "pasted",
    [
        "a-token-of-ngrok",
        "ngrok config add-authtoken a-token-of-ngrok\n",
        "  a-token-of-ngrok \r\n",
    ],
)
def test_ngroks_authtoken_is_the_machines_and_its_whole_command_may_be_pasted(
    shell: Shell, pasted: str
) -> None:
    ended = shell("set", "ngrok_authtoken", "--stdin", "--profile", "shop", stdin=pasted)
    assert (ended.code, ended.out) == (0, "")
    assert "for every profile: ngrok authtoken" in ended.err
    kept = json.loads(shell.keyring.read_text("utf-8"))
    assert kept == {"whatsapp-wizard": {"ngrok_authtoken": "a-token-of-ngrok"}}


def test_ngroks_authtoken_outlives_the_profile_and_goes_when_it_is_named(shell: Shell) -> None:
    shell("set", "ngrok_authtoken", "--stdin", stdin="a-token-of-ngrok")
    shell("forget", "--yes")
    assert "a-token-of-ngrok" in shell.keyring.read_text("utf-8")
    ended = shell("forget", "ngrok_authtoken", "--yes")
    assert ended.err == "Deleted: ngrok authtoken.\n"
    assert "a-token-of-ngrok" not in shell.keyring.read_text("utf-8")


def test_an_empty_authtoken_is_not_stored(shell: Shell) -> None:
    ended = shell("set", "ngrok_authtoken", "--stdin", stdin=" \n")
    assert ended.code == 2
    assert not shell.keyring.exists()
