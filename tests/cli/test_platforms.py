"""What a command says on systems that these tests do not run on."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.shell import Shell
from tests.cli.world import VALUES
from tests.tables import each_line
from wizard.cli import escaped


def store(name: str) -> dict[str, str]:
    return {"PYTHON_KEYRING_BACKEND": f"foreign_keyring.{name}"}


@each_line(
    ("name", "title", "evidence", "fix"),
    [
        ("WindowsOverSsh", "There is no keyring", "Windows Credential Manager", "add --env"),
        ("MacOverSsh", "The keyring is locked", "macOS Keychain", "security unlock-keychain"),
        ("MacDenied", "Access to the keyring was denied", "macOS Keychain", "Always Allow"),
        ("MacUnsigned", "can't be read", "macOS Keychain said KeyringError -25293.", "add --env"),
    ],
)
def test_a_store_that_refuses_is_named_with_cause_and_cure(
    shell: Shell, name: str, title: str, evidence: str, fix: str
) -> None:
    for command in (["check"], ["export"], ["exec", "--", "true"]):
        ended = shell(*command, env=store(name))
        assert ended.code == 4
        for words in (title, evidence, fix):
            assert words in ended.said


def test_windows_keeps_1280_characters_and_no_more(shell: Shell) -> None:
    longest = "EAA" + "x" * 1277
    kept = shell("set", "access_token", "--stdin", stdin=longest, env=store("Windows"))
    assert kept.code == 0
    assert "Stored in Windows Credential Manager" in kept.err
    refused = shell("set", "access_token", "--stdin", stdin=f"{longest}x", env=store("Windows"))
    assert refused.code == 4
    assert "accepts at most 1,280 characters (2,560 bytes) per value" in refused.err
    assert "check that you pasted only the value" in refused.err
    assert "xxx" not in refused.err
    assert shell.stored() == {"access_token": longest}


GIVEN = {"TEST_NO_HOME": "1", "WHATSAPP_WIZARD_STATE_DIR": ""}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["exec", "--env", "--", "true"], 0),
        (["export", "--env"], 0),
        (["check", "--env", "app_id"], 3),
        (["demo", "--plain"], 0),
    ],
    ids=str,
)
def test_a_container_whose_user_has_no_home_needs_none(
    shell: Shell, command: list[str], code: int
) -> None:
    env = GIVEN | {"WHATSAPP_APP_ID": VALUES["app_id"]}
    assert shell(*command, env=env).code == code


def test_what_has_to_be_remembered_without_a_home_names_the_way_out(shell: Shell) -> None:
    ended = shell("profile", "list", env=GIVEN)
    assert ended.code == 1
    assert ended.err.endswith("Error: There is no home folder. Set WHATSAPP_WIZARD_STATE_DIR.\n")


@pytest.mark.parametrize("page", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
@given(text=st.text() | st.text('aé日🙂…✓"\\'))
def test_a_report_stays_json_in_every_code_page(page: str, text: str) -> None:
    codecs.register_error("escaped", escaped)
    written = json.dumps({"name": text}, ensure_ascii=False).encode(page, "escaped")
    assert json.loads(written.decode(page)) == {"name": text}
