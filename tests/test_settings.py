"""What the environment says, and what it can't say."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.settings import (
    GRAPH_URL,
    GRAPH_VERSION,
    SettingError,
    Settings,
    WarnAhead,
    read_settings,
)

PROFILE, VERSION = "WHATSAPP_WIZARD_PROFILE", "WHATSAPP_WIZARD_GRAPH_VERSION"
URL, STATE_DIR = "WHATSAPP_WIZARD_GRAPH_URL", "WHATSAPP_WIZARD_STATE_DIR"
HOURS, DAYS = "WHATSAPP_WIZARD_WARN_HOURS", "WHATSAPP_WIZARD_WARN_DAYS"


def test_an_empty_environment_gives_the_defaults_of_the_contract() -> None:
    assert read_settings(env={}) == Settings("default", GRAPH_URL, GRAPH_VERSION, None)
    assert GRAPH_URL == "https://graph.facebook.com"


@each_line("name", [PROFILE, VERSION, URL, STATE_DIR, HOURS, DAYS])
def test_a_variable_that_is_set_to_nothing_is_not_set(name: str) -> None:
    assert read_settings(env={name: ""}) == read_settings(env={})


def test_every_variable_has_its_place() -> None:
    env = {PROFILE: "shop", VERSION: "v26.0", URL: "http://127.0.0.1:8000", STATE_DIR: "/tmp/x"}
    expected = Settings("shop", "http://127.0.0.1:8000", "v26.0", Path("/tmp/x"))
    assert read_settings(env=env) == expected


def test_the_flag_wins_over_the_variable() -> None:
    assert read_settings("mine", {PROFILE: "theirs"}).profile == "mine"
    assert read_settings(None, {PROFILE: "theirs"}).profile == "theirs"


def test_the_process_environment_is_what_is_read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROFILE, "from-outside")
    assert read_settings().profile == "from-outside"


@each_line(
    "name",
    [
        *("a", "default", "Shop-2", "a.b_c-d", "0", "a..b", "x" * 64, "client.example.com"),
        *("console", "com", "com10", "nul-1", "aux_", "lpt"),
    ],
)
def test_a_plain_name_is_a_profile(name: str) -> None:
    assert read_settings(name, {}).profile == name


@each_line(
    "name",
    [
        *("", " ", "..", ".", ".hidden", "-x", "_x", "a/b", "a\\b", "a:b", "a b", "a\n", "\ta"),
        *("con", "NUL", "Com1", "lpt9", "aux.txt", "prn.a.b", "shop.", "a.."),
        *("x" * 65, "café", "ｓｈｏｐ", "shop\u200b", "a\x00b", "$HOME", "~", "*"),
    ],
)
def test_a_name_that_could_leave_its_place_is_no_profile(name: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings(name, {})
    assert repr(name) in str(caught.value)
    if name:
        with pytest.raises(SettingError):
            read_settings(None, {PROFILE: name})


@given(st.text())
def test_a_profile_is_safe_in_a_path_and_in_a_keyring(name: str) -> None:
    try:
        profile = read_settings(name, {}).profile
    except SettingError:
        return
    assert profile == name
    assert not set(name) & set("/\\: \n\0")
    assert name.isascii()
    assert 0 < len(name) <= 64
    assert not name.endswith(".")
    assert name.partition(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


@each_line(("given_", "version"), [("v25.0", "v25.0"), ("25.0", "v25.0"), ("v9.1", "v9.1")])
def test_a_version_may_come_without_its_letter(given_: str, version: str) -> None:
    assert read_settings(env={VERSION: given_}).graph_version == version


@each_line(
    "given_", ["v25", "25", "latest", "v", "vv25.0", "25.0.1", "v25.0/me", "../x", "v２５.0", " "]
)
def test_a_version_that_is_none_is_turned_down_with_an_example(given_: str) -> None:
    with pytest.raises(SettingError, match=f"{VERSION} must look like {GRAPH_VERSION}"):
        read_settings(env={VERSION: given_})


@each_line("given_", ["https://a.example", "https://a.example/", " https://a.example// \n"])
def test_an_address_loses_what_would_double_its_slash(given_: str) -> None:
    assert read_settings(env={URL: given_}).graph_url == "https://a.example"


def test_the_state_folder_may_begin_at_home() -> None:
    assert read_settings(env={STATE_DIR: "~/x"}).state_dir == Path.home() / "x"


def test_a_folder_below_a_home_that_nobody_has_is_turned_down() -> None:
    with pytest.raises(SettingError, match="Use the whole path"):
        read_settings(env={"WHATSAPP_WIZARD_STATE_DIR": "~nobody-of-this-name/state"})


def test_one_is_warned_two_hours_or_seven_days_ahead_unless_told_otherwise() -> None:
    assert read_settings(env={}).warn_ahead == WarnAhead(hours=2, days=7)
    told = read_settings(env={HOURS: "0.5", DAYS: "14"}).warn_ahead
    assert (told.seconds("temporary"), told.seconds("long-lived")) == (1800, 14 * 86400)


@each_line("name", [HOURS, DAYS])
@each_line("given_", ["soon", "-1", "2h", "1e3", "inf", "２", " "])
def test_a_span_that_is_no_number_is_turned_down(name: str, given_: str) -> None:
    with pytest.raises(SettingError, match=f"{name} must be a number such as"):
        read_settings(env={name: given_})
