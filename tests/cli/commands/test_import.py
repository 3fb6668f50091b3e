"""`import`: whatever other programs call them, and from standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.world import SECRETS, VALUES
from tests.tables import each_line
from wizard.values.presets import naming, presets


@each_line("preset", presets())
@each_line("place", [0, -1], ids=["first names", "last names"])
def test_a_env_file_in_the_spelling_of_a_preset_is_imported(
    shell: Shell, preset: str, place: int
) -> None:
    names = naming(preset)
    file = shell.folder / ".env"
    file.write_text("".join(f'{names[name][place]}="{VALUES[name]}"\n' for name in names))
    ended = shell("import", ".env")
    assert (ended.code, ended.out) == (0, "")
    assert shell.stored() == VALUES
    assert ended.err.splitlines()[-1].startswith(".env still contains them in plain text. If")
    assert not [value for value in SECRETS if value in ended.err]


def test_standard_input_is_imported_and_there_is_nothing_to_delete(shell: Shell) -> None:
    text = f"PYWA_TOKEN={VALUES['access_token']}\nFB_APP_ID={VALUES['app_id']}\n"
    ended = shell("import", "--stdin", "--profile", "shop", stdin=text)
    assert (ended.code, ended.out) == (0, "")
    assert shell.stored("shop") == {name: VALUES[name] for name in ("app_id", "access_token")}
    assert "delete" not in ended.err


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("console", ["utf-8", "cp1252"])
def test_windows_files_are_read_alike_from_both_sides(
    shell: Shell, coding: str, ends: str, console: str
) -> None:
    lines = [f"export WHATSAPP_{name.upper()}='{value}'" for name, value in VALUES.items()]
    content = ends.join([*lines, ""]).encode(coding)
    (shell.folder / "shop.env").write_bytes(content)
    env = {"PYTHONIOENCODING": console}
    assert shell("import", "shop.env", env=env).code == 0
    assert shell("import", "--stdin", "--profile", "piped", stdin=content, env=env).code == 0
    assert shell.stored() == shell.stored("piped") == VALUES
    assert (shell.folder / "shop.env").read_bytes() == content


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_file_without_an_end_is_not_read_to_it(shell: Shell) -> None:
    ended = shell("import", "/dev/zero")
    assert (ended.code, ended.out) == (2, "")
    assert "too large" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_a_file_may_be_a_pipe(shell: Shell) -> None:
    ended = shell.script(f"$WIZARD import <(echo WABA_ID={VALUES['waba_id']})")
    assert ended.code == 0
    assert shell.stored() == {"waba_id": VALUES["waba_id"]}


def test_json_on_standard_input_is_imported(shell: Shell) -> None:
    text = json.dumps({"CLOUD_API_ACCESS_TOKEN": VALUES["access_token"], "PORT": 3000})
    assert shell("import", "--stdin", stdin=text).code == 0
    assert shell.stored() == {"access_token": VALUES["access_token"]}


def test_a_file_that_was_not_taken_over_in_full_is_not_to_be_deleted(shell: Shell) -> None:
    (shell.folder / ".env").write_text(f"APP_ID=Shop\nWABA_ID={VALUES['waba_id']}\n")
    ended = shell("import", ".env")
    assert ended.code == 1
    assert "delete" not in ended.err


@pytest.mark.parametrize("stdin", ["", "PORT=3000\n"])
def test_standard_input_with_none_of_the_six_is_no_success(shell: Shell, stdin: str) -> None:
    ended = shell("import", "--stdin", stdin=stdin)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Standard input has none")


@pytest.mark.parametrize("arguments", [[], [".env", "--stdin"]], ids=str)
def test_it_takes_either_a_file_or_standard_input(shell: Shell, arguments: list[str]) -> None:
    (shell.folder / ".env").write_text(f"WABA_ID={VALUES['waba_id']}\n")
    ended = shell("import", *arguments, stdin="")
    assert (ended.code, ended.out) == (2, "")
    assert "either FILE or --stdin" in ended.err
    assert not shell.keyring.exists()


@pytest.mark.parametrize("known", ["", f"WABA_PHONE_ID={VALUES['phone_number_id']}\n"])
def test_what_looks_secret_and_has_an_unknown_name_is_said_and_left_out(
    shell: Shell, known: str
) -> None:
    text = f"{known}SHOP_CREDENTIAL={VALUES['access_token']}\nCRM_PASSWORD=correct-horse\nPORT=1\n"
    (shell.folder / "shop.env").write_text(text)
    ended = shell("import", "shop.env")
    assert "SHOP_CREDENTIAL, CRM_PASSWORD" in ended.err
    assert "PORT" not in ended.err
    assert VALUES["access_token"] not in ended.err
    assert "horse" not in ended.err
    assert shell.stored() == ({"phone_number_id": VALUES["phone_number_id"]} if known else {})


def test_of_a_file_that_lacks_a_secret_what_may_be_it_is_said(shell: Shell) -> None:
    text = f"SHOP_CREDENTIAL={VALUES['access_token']}\nCRM_PASSWORD=correct-horse\n"
    (shell.folder / "shop.env").write_text(text)
    ended = shell("export", "--env-file", "shop.env")
    assert "SHOP_CREDENTIAL" in ended.err
    assert "CRM_PASSWORD" not in ended.err
