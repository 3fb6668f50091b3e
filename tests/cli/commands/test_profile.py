"""`profile`, over several processes, one keyring and one state file."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from tests.cli.commands.test_listen import free_port
from tests.cli.shell import NOBODY, Shell
from tests.cli.world import VALUES, Pretended, at
from tests.tables import each_line
from wizard.state import CheckRecord as LastTest
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook

NAMED = {"WHATSAPP_WIZARD_PROFILE": "blog"}
REPLACED = ReplacedCallback(
    "app", "2455021458570608", "https://theirs.example/hook", (), "https://ours"
)


def profiles(shell: Shell, **env: str) -> dict[str, bool]:
    """Each profile that is listed, and whether it is the one that is meant."""
    ended = shell("profile", "list", "--json", env=env)
    assert (ended.code, ended.err) == (0, "")
    said = {one["name"]: one["current"] for one in ended.json["profiles"]}
    assert [name for name, current in said.items() if current] in ([ended.json["current"]], [])
    return said


def test_before_anything_is_done_there_is_the_default_one(shell: Shell) -> None:
    assert profiles(shell) == {"default": True}
    assert shell("profile", "list").out == "▸ default  nothing tested\n"
    assert not shell.state.exists()


def test_whatever_is_stored_is_listed_tested_or_not(shell: Shell) -> None:
    (shell.folder / "b.env").write_text("WHATSAPP_APP_ID=2455021458570608\n")
    shell("set", "app_id", "--stdin", "--profile", "a", stdin="1" * 16)
    shell("import", "b.env", "--profile", "b")
    assert list(profiles(shell)) == ["a", "b", "default"]


def test_the_one_that_was_switched_to_is_meant_where_none_is_named(shell: Shell) -> None:
    shell("set", "app_id", "--stdin", "--profile", "shop", stdin="1" * 16)
    switched = shell("profile", "switch", "shop")
    assert (switched.code, switched.out) == (0, "")
    assert shell("status").out.startswith("Profile shop,")
    nothing = "Nothing is stored for profile {} yet."
    assert shell("status", env=NAMED).out.startswith(nothing.format("blog"))
    named = shell("status", "--profile", "default", env=NAMED)
    assert named.out.startswith(nothing.format("default"))
    assert shell("--profile", "default", "status").out.startswith(nothing.format("default"))
    assert profiles(shell) == {"default": False, "shop": True}
    shell("forget", "--yes")
    assert shell.stored("shop") == {}
    assert shell("status").out.startswith(nothing.format("shop"))


def test_switch_says_where_the_environment_goes_before_it(shell: Shell) -> None:
    shell("profile", "create", "shop")
    said = shell("profile", "switch", "shop", env=NAMED)
    assert said.code == 0
    assert "is set to blog here, and overrides it" in said.err
    assert "overrides" not in shell("profile", "switch", "shop").err


def test_the_list_shows_what_was_tested_and_how_long_the_tokens_live(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    assert shell("check", env=at(meta.healthy())).code == 0
    shell("profile", "create", "empty")
    out = shell("profile", "list").out.splitlines()
    assert out[0].startswith("▸ default  5 of 6 passed  token expires in 23 h")
    assert out[1] == "  empty    nothing tested"
    one = shell("profile", "list", "--json").json["profiles"][0]
    assert one["passed"] == [name for name in VALUES if name != "verify_token"]
    assert 0 < one["token"]["seconds_left"] <= 24 * 3600


def test_rename_copy_and_delete(shell: Shell) -> None:
    shell.fill()
    shell("profile", "create", "other")
    renamed = shell("profile", "rename", "default", "shop")
    assert (renamed.code, renamed.out) == (0, "")
    assert (shell.stored(), shell.stored("shop")) == ({}, VALUES)
    assert profiles(shell) == {"default": False, "other": False, "shop": True}
    assert shell("profile", "copy", "shop", "test").code == 0
    assert (shell.stored("shop"), shell.stored("test")) == (VALUES, VALUES)
    deleted = shell("profile", "delete", "shop", "--yes")
    assert (deleted.code, deleted.out) == (0, "")
    assert "Access token" in deleted.err
    assert not [value for value in VALUES.values() if value in deleted.err + renamed.err]
    assert (shell.stored("shop"), shell.stored("test")) == ({}, VALUES)
    assert profiles(shell) == {"default": True, "other": False, "test": False}


def test_ngroks_authtoken_is_the_machines_and_stays(shell: Shell) -> None:
    shell("set", "ngrok_authtoken", "--stdin", stdin="a-token-of-ngrok")
    shell("profile", "rename", "default", "shop")
    shell("profile", "delete", "shop", "--yes")
    held = json.loads(shell.keyring.read_text("utf-8"))
    assert held["whatsapp-wizard"] == {"ngrok_authtoken": "a-token-of-ngrok"}


@each_line(
    ("arguments", "said"),
    [
        (["create", "con"], "Windows"),
        (["create", "../up"], "'../up'"),
        (["create", "shop."], "don't end with a dot"),
        (["create", "Shop"], "beside 'shop'"),
        (["create", "shop"], "already"),
        (["rename", "shop", "SHOP"], "tell them apart"),
        (["rename", "shop", "blog"], "already"),
        (["rename", "nix", "new"], "Profiles: blog, default, shop."),
        (["copy", "shop", "blog"], "already"),
        (["copy", "shop"], "NEW"),
        (["switch", "nix"], "No profile nix"),
        (["delete", "nix", "--yes"], "No profile nix"),
        (["delete", "shop"], "--yes"),
        (["frobnicate"], "frobnicate"),
    ],
    ids=str,
)
def test_wrong_usage_is_said_and_changes_nothing(
    shell: Shell, arguments: list[str], said: str
) -> None:
    for name in ("shop", "blog"):
        shell("profile", "create", name)
    before = shell.state.read_bytes()
    ended = shell("profile", *arguments, stdin="y\n" if arguments == ["delete", "shop"] else None)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert shell.state.read_bytes() == before


@each_line("name", ["SHOP", "nul", "shop."])
def test_names_from_the_environment_and_the_flag_go_through_the_same_rule(
    shell: Shell, name: str
) -> None:
    shell("set", "app_id", "--stdin", "--profile", "shop", stdin="1" * 16)
    for ended in (
        shell("set", "app_id", "--stdin", "--profile", name, stdin="2" * 16),
        shell("set", "app_id", "--stdin", env={"WHATSAPP_WIZARD_PROFILE": name}, stdin="2" * 16),
    ):
        assert (ended.code, ended.out) == (2, "")
        assert f"'{name}' can't be a profile's name" in ended.err
    assert shell.stored("shop") == {"app_id": "1" * 16}


def test_without_a_keyring_nothing_is_renamed_and_the_list_is_there(shell: Shell) -> None:
    env = {"PYTHON_KEYRING_BACKEND": NOBODY}
    shell("profile", "create", "shop", env=env)
    before = shell.state.read_bytes()
    for arguments in (["rename", "shop", "new"], ["copy", "shop", "new"], ["delete", "shop"]):
        yes = ["--yes"] if arguments[0] == "delete" else []
        ended = shell("profile", *arguments, *yes, env=env)
        assert (ended.code, ended.out) == (4, "")
        assert "no keyring" in ended.err.lower()
        assert shell.state.read_bytes() == before
    assert profiles(shell, **env) == {"default": True, "shop": False}


def test_a_folder_that_can_not_be_used_is_one_line(shell: Shell) -> None:
    (shell.folder / "file").write_text("in the way")
    env = {"WHATSAPP_WIZARD_STATE_DIR": str(shell.folder / "file" / "state")}
    for arguments in (["list"], ["create", "shop"], ["switch", "default"]):
        ended = shell("profile", *arguments, env=env)
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)


def test_what_ours_took_the_place_of_is_said_before_it_is_forgotten(shell: Shell) -> None:
    state = StateFile(shell.state.parent)
    state.save("shop", Progress(webhook=StoredWebhook(replaced=(REPLACED,))))
    ended = shell("profile", "delete", "shop", "--yes")
    assert ended.code == 0
    before, _, after = ended.err.partition("Deleted profile")
    assert "https://theirs.example/hook" in before
    assert "restore --profile shop" in before
    assert after


def test_what_listen_has_open_is_not_deleted(shell: Shell) -> None:
    shell.fill()
    url = f"http://127.0.0.1:{free_port()}"
    with shell.start("listen", "--no-register", "--url", url, "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        ended = shell("profile", "delete", "default", "--yes")
        assert (ended.code, ended.out) == (1, "")
        assert f"process {process.pid}" in ended.err
    assert shell.stored() == VALUES
    assert shell("profile", "delete", "default", "--yes").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed as POSIX does it")
@pytest.mark.parametrize("point", range(4, 180, 16))
def test_killed_anywhere_a_rename_loses_nothing_and_ends_when_it_is_asked_again(
    shell: Shell, point: int
) -> None:
    held = {"whatsapp-wizard:shop": VALUES}
    shell.keyring.write_text(json.dumps(held), "utf-8")
    tested = {"app_id": LastTest(datetime(2026, 11, 23, tzinfo=UTC), "passed", "app_id.valid")}
    StateFile(shell.state.parent).save("shop", Progress(step="7.5", tested=tested))
    ended = shell("profile", "rename", "shop", "live", env={"TEST_KILL_AT": f"{point}@keyring"})
    assert ended.code in {0, -9}
    assert VALUES in (shell.stored("shop"), shell.stored("live"))
    if "shop" in profiles(shell):
        assert shell("profile", "rename", "shop", "live").code == 0
    assert (shell.stored("shop"), shell.stored("live")) == ({}, VALUES)
    assert profiles(shell) == {"default": True, "live": False}
    assert StateFile(shell.state.parent).load("live").step == "7.5"


def test_on_a_full_disk_it_does_what_needs_none(shell: Shell) -> None:
    full = {"TEST_DISK_FULL": "1"}
    shell.fill()
    shell("profile", "create", "shop")
    shell("profile", "switch", "default")
    for arguments in (("list",), ("list", "--json"), ("switch", "default")):
        assert shell("profile", *arguments, env=full).code == 0
    for change in ("create new", "copy default new", "rename default new"):
        ended = shell("profile", *change.split(), env=full)
        assert (ended.code, "No space left" in ended.err) == (1, True)
        assert (shell.stored(), shell.stored("new")) == (VALUES, {})
    ended = shell("profile", "delete", "default", "--yes", env=full)
    assert (ended.code, shell.stored()) == (1, {})
    assert "Its values are deleted, but profile default is still listed" in ended.err
    assert shell("profile", "delete", "shop", "--yes").code == 0
