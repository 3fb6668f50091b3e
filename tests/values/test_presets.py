"""The names under which other programs read what we keep."""

from __future__ import annotations

import re

import pytest

from tests.tables import each_line
from wizard.values.credentials import CREDENTIALS, Secret, Values
from wizard.values.paste import find_credentials, variable_credential
from wizard.values.presets import naming, presets, setting_variables, variables_of

VALUES = Values(app_id="2455021458570608", access_token=Secret("EAAtoken"))


def test_each_preset_has_a_name_for_each_credential_and_says_where_it_is_from() -> None:
    assert {"pywa", "node-sdk", "meta", "hermes", "elizaos", "laravel", "waba-sdk"} < {*presets()}
    for preset in presets().values():
        assert {"access_token", "phone_number_id"} <= preset.variables.keys() <= {*CREDENTIALS}
        assert preset.title
        assert preset.source
        assert all(page.startswith("https://") for page in preset.source)
        for variables in preset.variables.values():
            assert variables
            assert all(re.fullmatch("[A-Z][A-Z0-9_]*", variable) for variable in variables)


@each_line("preset", [None, *presets()])
def test_no_preset_puts_two_credentials_into_one_variable(preset: str | None) -> None:
    names = [variable for variables in naming(preset).values() for variable in variables]
    assert len(names) == len(set(names))


@each_line("preset", presets())
def test_what_goes_out_under_a_preset_comes_in_again(preset: str) -> None:
    lines = []
    for credential, variables in naming(preset).items():
        for variable in variables:
            assert variable_credential(variable) == credential
        lines.append(f"{variables[0]}=value-of-{credential}")
    assert list(find_credentials("\n".join(lines))) == list(CREDENTIALS)


@each_line(
    ("preset", "url", "told"),
    [
        (None, None, {}),
        ("pywa", None, {}),
        ("node-sdk", "http://127.0.0.1:1", {"CLOUD_API_VERSION": "v25.0"}),
        ("waba-sdk", None, {"WABA_API_VERSION": "v25.0"}),
        (
            "waba-sdk",
            "http://127.0.0.1:1",
            {"WABA_API_VERSION": "v25.0", "WABA_BASE_URL": "http://127.0.0.1:1"},
        ),
    ],
)
def test_a_library_is_told_the_version_and_another_base_url(
    preset: str | None, url: str | None, told: dict[str, str]
) -> None:
    found = setting_variables(preset, "v25.0", url)
    assert {variable.name: variable.value for variable in found} == told


@each_line(
    ("preset", "token", "number"),
    [
        (None, ("WHATSAPP_ACCESS_TOKEN",), ("WHATSAPP_PHONE_NUMBER_ID",)),
        ("pywa", ("PYWA_TOKEN", "WHATSAPP_TOKEN"), ("PYWA_PHONE_ID", "WHATSAPP_PHONE_ID")),
        ("node-sdk", ("CLOUD_API_ACCESS_TOKEN",), ("WA_PHONE_NUMBER_ID",)),
        ("meta", ("ACCESS_TOKEN",), ("PHONE_NUMBER_ID",)),
    ],
)
def test_the_names_are_those_that_the_libraries_read(
    preset: str | None, token: tuple[str, ...], number: tuple[str, ...]
) -> None:
    names = naming(preset)
    assert (names["access_token"], names["phone_number_id"]) == (token, number)


def test_a_name_of_ones_own_replaces_those_of_the_preset() -> None:
    names = naming("pywa", [("access_token", "TOKEN"), ("access_token", "API_KEY")])
    assert names["access_token"] == ("TOKEN", "API_KEY")
    assert names["phone_number_id"] == ("PYWA_PHONE_ID", "WHATSAPP_PHONE_ID")


@pytest.mark.parametrize(
    "mapped",
    [
        [("app_id", "X"), ("waba_id", "X")],
        [("waba_id", "WHATSAPP_APP_ID")],
    ],
)
def test_two_credentials_in_one_variable_are_refused(mapped: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match="can't contain both app_id and waba_id"):
        naming(None, mapped)


def test_what_is_at_hand_stands_under_every_name_and_stays_masked() -> None:
    variables = variables_of(VALUES, naming("pywa"))
    named = {variable.name: variable.value for variable in variables}
    token = Secret("EAAtoken")
    assert named == {
        "WHATSAPP_APP_ID": "2455021458570608",
        "PYWA_TOKEN": token,
        "WHATSAPP_TOKEN": token,
    }
    assert "EAAtoken" not in repr(variables)


def test_a_name_that_stands_twice_goes_out_once() -> None:
    names = naming(None, [("app_id", "ID"), ("app_id", "ID")])
    assert [variable.name for variable in variables_of(VALUES, {"app_id": names["app_id"]})] == [
        "ID"
    ]
