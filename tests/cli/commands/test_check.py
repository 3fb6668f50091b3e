"""`check`: the exit code, the report for a script, and the lines for a person."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import UnionType
from typing import Any

import pytest

from tests.cli.shell import NOBODY, Ended, Shell
from tests.cli.world import Pretended, at, secrets_of
from tests.tables import each_line
from wizard.findings import SUBJECTS, catalogue
from wizard.simulator import SCENARIOS

REPORT = ["schema", "profile", "ok", "primary", "duration_ms", "findings"]
FINDING: dict[str, type | UnionType] = {
    "id": str,
    "status": str,
    "subject": str,
    "title": str,
    "evidence": str,
    "fix": list,
    "step": str | None,
    "url": str | None,
}
STATUSES = {"pass", "warn", "fail", "skip", "unknown"}


def report(ended: Ended) -> Any:
    """The report on stdout, which holds nothing else, held against the contract."""
    said = ended.json
    assert ended.out == json.dumps(said, indent=2, ensure_ascii=False) + "\n"
    assert list(said) == REPORT
    assert said["schema"] == 1
    assert isinstance(said["duration_ms"], int)
    assert all(keeps_the_contract(finding) for finding in said["findings"])
    assert said["ok"] is (said["primary"] is None)
    return said


def keeps_the_contract(finding: dict[str, Any]) -> bool:
    return (
        list(finding) == list(FINDING)
        and all(isinstance(finding[key], kind) for key, kind in FINDING.items())
        and finding["status"] in STATUSES
        and finding["id"] in catalogue()
        and finding["subject"] == finding["id"].partition(".")[0]
        and finding["subject"] in SUBJECTS
        and all(isinstance(step, str) for step in finding["fix"])
    )


def subjects(ended: Ended) -> set[str]:
    return {finding["subject"] for finding in ended.json["findings"]}


def test_all_is_well(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    ended = shell("check", "--json", "--env", env=env)
    said = report(ended)
    assert (ended.code, ended.err) == (0, "")
    assert (said["ok"], said["primary"], said["profile"]) == (True, None, "default")
    assert {finding["status"] for finding in said["findings"]} <= {"pass", "warn"}
    assert not [value for value in secrets_of(env) if value in ended.said]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("access_token.expires_soon", 0),
        ("access_token.expired", 1),
        ("app_secret.mismatch", 1),
        ("waba_id.malformed", 1),
        ("phone_number_id.is_phone_number", 1),
        ("access_token.malformed/echoed", 1),
        ("graph.dns", 3),
        ("graph.not_json", 3),
        ("graph.server_error", 3),
    ],
)
def test_the_exit_code_says_how_it_ended_and_the_report_names_why(
    shell: Shell, meta: Pretended, name: str, code: int
) -> None:
    env = meta.broken(name)
    ended = shell("check", "--env", "--json", env=env)
    said = report(ended)
    assert (ended.code, ended.err) == (code, "")
    finding = SCENARIOS[name].finding
    assert said["primary"] == (finding if code else None)
    assert finding in [found["id"] for found in said["findings"]]
    assert not [value for value in secrets_of(env) if value in ended.said]


@each_line(
    ("backend", "mood", "primary"),
    [
        (NOBODY, "", "keyring.no_backend"),
        ("keyring.backends.null.Keyring", "", "keyring.no_backend"),
        ("absent.Keyring", "", "keyring.no_backend"),
        ("file_keyring.FileKeyring", "locked", "keyring.locked"),
    ],
)
def test_a_keyring_that_cannot_be_used_has_a_code_of_its_own(
    shell: Shell, backend: str, mood: str, primary: str
) -> None:
    env = {"PYTHON_KEYRING_BACKEND": backend, "TEST_KEYRING_MOOD": mood}
    ended = shell("check", "--json", env=env)
    assert (ended.code, ended.err) == (4, "")
    assert report(ended)["primary"] == primary


def test_the_environment_needs_no_keyring(shell: Shell, meta: Pretended) -> None:
    ended = shell("check", "--env", env=meta.healthy() | {"PYTHON_KEYRING_BACKEND": NOBODY})
    assert ended.code == 0
    assert not shell.state.exists()


def test_without_a_value_anywhere_each_is_named_as_missing(shell: Shell, meta: Pretended) -> None:
    ended = shell("check", "--env", "--json", env=meta.address)
    assert ended.code == 1
    missing = {f["id"] for f in report(ended)["findings"] if f["status"] == "fail"}
    assert len(missing) == 6
    assert all(id_.endswith(".missing") for id_ in missing)


def test_the_lines_for_a_person_end_with_the_cause_and_what_to_do(
    shell: Shell, meta: Pretended
) -> None:
    ended = shell("check", "--env", env=meta.broken("access_token.expired"))
    assert (ended.code, ended.err) == (1, "")
    above, _, below = ended.out.partition("\n\n")
    lines = above.splitlines()
    assert "✓  App ID           The app exists" in lines
    assert "✗  Access token     The access token has expired" in lines
    assert any(line.startswith("–  WABA ID") for line in lines)
    assert below.splitlines()[0] == "┃ The access token has expired"
    assert all(line.startswith("┃") for line in below.splitlines())
    assert "→" in below
    assert "\x1b" not in ended.said


def test_of_a_single_credential_what_it_rests_on_is_tested_too(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.broken("access_token.expired")
    ended = shell("check", "phone_number_id", "--env", "--json", env=env)
    assert ended.code == 1
    assert report(ended)["primary"] == "access_token.expired"
    assert {"access_token", "phone_number_id"} <= subjects(ended)
    assert "verify_token" not in subjects(ended)
    well = shell("check", "verify_token", "--env", "--json", env=env)
    assert well.code == 0
    assert "access_token" not in subjects(well)


def test_an_env_file_is_read_and_left_as_it_was(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    lines = [f"export {name}='{value}'" for name, value in env.items() if "_WIZARD_" not in name]
    file = shell.folder / "prod.env"
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    before = file.read_bytes()
    base = at(env)
    ended = shell("check", "--env-file", file, "--json", env=base)
    assert ended.code == 0, ended.out
    assert file.read_bytes() == before
    assert [path.name for path in shell.folder.iterdir()] == ["prod.env"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_an_env_file_may_come_out_of_another_program(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    (shell.folder / "kept").write_text("".join(f"{name}={env[name]}\n" for name in env))
    base = at(env)
    ended = shell.script("$WIZARD check --env-file <(cat kept)", env=base)
    assert ended.code == 0, ended.said


@pytest.mark.parametrize("content", [b"\x7fELF\xd0\xff", b"#" * (1024 * 1024 + 1)])
def test_a_file_that_is_no_env_file_is_wrong_usage(shell: Shell, content: bytes) -> None:
    file: Path = shell.folder / "program"
    file.write_bytes(content)
    ended = shell("check", "--env-file", file)
    assert (ended.code, ended.out) == (2, "")
    assert "program" in ended.err.splitlines()[-1]


def test_the_version_asked_for_stands_in_the_path(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy() | {"WHATSAPP_WIZARD_GRAPH_VERSION": "3.0"}
    ended = shell("check", "--env", "--json", env=env)
    assert ended.code == 0
    assert "graph.version_retired" in [found["id"] for found in report(ended)["findings"]]
