"""`discover`: what a token leads to, for a script and for a person, and what of it is stored."""

from __future__ import annotations

import pytest

from tests.cli.shell import NOBODY, Shell
from tests.cli.world import SECRETS, VALUES, Pretended, at
from tests.tables import each_line
from wizard.simulator.world.objects import LOGGED_OUT

TOKEN = VALUES["access_token"]
REPORT = ["ok", "primary", "duration_ms", "findings"]


def one_number(meta: Pretended) -> dict[str, str]:
    """The address of a world in which the token leads to one account with one number."""
    env = at(meta.healthy())
    meta.world.waba.phones.remove(meta.world.own_number)
    return env


def test_a_token_on_stdin_is_told_as_json(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy())
    ended = shell("discover", "--stdin", "--json", stdin=f"\ufeff{TOKEN}\r\n", env=env)
    said = ended.json
    assert (ended.code, ended.err) == (0, "")
    head = ["schema", "profile", "app", "token", "accounts", "choose", "missing", "stored"]
    assert list(said) == [*head, *REPORT]
    assert said["app"] == {"id": VALUES["app_id"], "name": "my-whatsapp-webhook"}
    assert said["token"]["kind"] == "temporary"
    assert said["token"]["permissions"] == sorted(meta.world.token.scopes)
    (account,) = said["accounts"]
    assert (account["waba_id"], account["name"]) == (VALUES["waba_id"], "Hidden Market")
    assert account["numbers"][0] == {
        "phone_number_id": VALUES["phone_number_id"],
        "display": "+1 555-014-2233",
        "verified_name": "Test Number",
        "quality": "GREEN",
        "test": True,
    }
    assert (said["choose"], said["stored"]) == (["phone_number_id"], [])
    assert said["missing"] == ["app_secret"]
    assert not [value for value in SECRETS if value in ended.said]
    assert shell.stored() == {}


def test_a_person_reads_the_name_and_every_number(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    ended = shell("discover", env=at(meta.healthy()))
    assert (ended.code, ended.err) == (0, "")
    assert f"Hidden Market, WABA ID {VALUES['waba_id']}" in ended.out.splitlines()
    assert "   1  +1 555-014-2233 (Test Number), a test number" in ended.out
    assert "   2  +62 812-3456-7890 (Hidden Market)" in ended.out
    assert not [value for value in SECRETS if value in ended.said]


def test_the_environment_needs_no_keyring(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy() | {"PYTHON_KEYRING_BACKEND": NOBODY}
    assert shell("discover", "--env", "--json", env=env).code == 0


def test_two_pastes_are_stored_with_all_that_they_lead_to(shell: Shell, meta: Pretended) -> None:
    env = one_number(meta)
    pasted = f"APP_SECRET={VALUES['app_secret']}\nACCESS_TOKEN={TOKEN}\n"
    ended = shell("discover", "--stdin", "--store", "--json", stdin=pasted, env=env)
    assert ended.code == 0, ended.said
    stored = shell.stored()
    made_up = stored.pop("verify_token")
    assert len(made_up) >= 32
    assert stored == {name: VALUES[name] for name in VALUES if name != "verify_token"}
    assert sorted(ended.json["stored"]) == sorted(VALUES)
    assert not [value for value in [*SECRETS, made_up] if value in ended.said]
    assert shell("check", env=env).code == 0


def test_what_is_to_be_chosen_is_not_stored_unasked(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy())
    ended = shell("discover", "--stdin", "--store", stdin=TOKEN, env=env)
    assert ended.code == 1
    assert "whatsapp-wizard set phone_number_id" in ended.err
    stored = shell.stored()
    assert "phone_number_id" not in stored
    assert (stored["waba_id"], stored["access_token"]) == (VALUES["waba_id"], TOKEN)


def test_what_is_still_missing_is_said_with_its_step_and_command(
    shell: Shell, meta: Pretended
) -> None:
    ended = shell("discover", "--stdin", "--store", stdin=TOKEN, env=one_number(meta))
    assert ended.code == 0, ended.said
    assert "Still missing: App Secret (step 9.5): whatsapp-wizard set app_secret" in ended.out
    assert "app_secret" not in shell.stored()


def test_where_there_is_no_number_nobody_is_told_to_choose_one(
    shell: Shell, meta: Pretended
) -> None:
    env = at(meta.healthy())
    meta.world.waba.phones.clear()
    pasted = f"APP_SECRET={VALUES['app_secret']}\nACCESS_TOKEN={TOKEN}\n"
    ended = shell("discover", "--stdin", "--store", stdin=pasted, env=env)
    assert ended.code == 1
    assert "   1  no phone number yet" in ended.out.splitlines()
    assert "Still missing: Phone number ID (step 6.6)" in ended.out
    assert "choose" not in ended.said
    assert shell.stored()["waba_id"] == VALUES["waba_id"]


def test_several_numbers_are_no_failure_where_nothing_is_to_be_stored(
    shell: Shell, meta: Pretended
) -> None:
    ended = shell("discover", "--stdin", stdin=TOKEN, env=at(meta.healthy()))
    assert ended.code == 0
    said = " ".join(shell("discover", "--help").out.partition("Exit codes:")[2].split())
    assert "0 found, 1 the token failed, 3" in said
    assert "With --store also 1" in said


def test_a_token_of_a_second_app_is_looked_at_alone(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    other = meta.world.other_token.text.reveal()
    ended = shell("discover", "--stdin", "--json", stdin=other, env=env)
    said = ended.json
    assert (ended.code, said["ok"], said["app"]["id"]) == (0, True, meta.world.other_app.id)
    assert said["missing"] == ["app_secret"]
    (warned,) = (one for one in said["findings"] if one["status"] == "warn")
    assert warned["id"] == "access_token.other_than_stored"
    ended = shell("discover", "--stdin", "--store", stdin=other, env=env)
    assert ended.code == 1
    assert "discover --profile NAME" in ended.err
    assert shell.stored() == VALUES


def test_a_name_turns_no_line_of_the_terminal_round(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy())
    meta.world.waba.name = meta.world.own_number.verified_name = "\u202eHidden\u2066 Market\x1b[2J"
    meta.world.app.name = "\u2067mine"
    ended = shell("discover", "--stdin", stdin=TOKEN, env=env)
    assert ended.code == 0
    assert all(line.isprintable() for line in ended.out.splitlines())


def test_what_was_chosen_before_is_no_choice_any_more(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    ended = shell("discover", "--store", "--json", env=at(meta.healthy()))
    assert (ended.code, ended.json["choose"], ended.json["stored"]) == (0, [], [])
    assert shell.stored() == VALUES


@pytest.mark.parametrize("store", [[], ["--store"]], ids=["shown", "to be stored"])
def test_a_token_that_fails_is_named_and_nothing_is_stored(
    shell: Shell, meta: Pretended, store: list[str]
) -> None:
    env = at(meta.healthy())
    meta.world.token.ended = LOGGED_OUT
    ended = shell("discover", "--stdin", "--json", *store, stdin=TOKEN, env=env)
    assert (ended.code, ended.json["primary"]) == (1, "access_token.revoked")
    assert ended.json["accounts"] == []
    assert shell.stored() == {}


def test_without_a_token_anywhere_that_is_what_is_said(shell: Shell, meta: Pretended) -> None:
    ended = shell("discover", "--json", env=at(meta.healthy()))
    assert (ended.code, ended.json["primary"]) == (1, "access_token.missing")


def test_where_meta_does_not_answer_the_code_says_so(shell: Shell) -> None:
    ended = shell("discover", "--stdin", "--json", "--store", stdin=TOKEN)
    assert (ended.code, ended.json["primary"]) == (3, "graph.connect")
    assert shell.stored() == {}


@each_line("stdin", ["", "\n", "\ufeff"])
def test_nothing_on_stdin_is_wrong_usage(shell: Shell, stdin: str) -> None:
    ended = shell("discover", "--stdin", "--json", stdin=stdin)
    assert (ended.code, ended.out) == (2, "")


def test_a_token_as_an_argument_is_refused_and_not_repeated(shell: Shell) -> None:
    ended = shell("discover", TOKEN)
    assert (ended.code, ended.out) == (2, "")
    assert TOKEN not in ended.err


@pytest.mark.parametrize(
    ("arguments", "stdin"), [([], None), (["--stdin", "--store"], TOKEN)], ids=["read", "store"]
)
def test_without_a_keyring_the_code_says_so(
    shell: Shell, meta: Pretended, arguments: list[str], stdin: str | None
) -> None:
    env = at(meta.healthy()) | {"PYTHON_KEYRING_BACKEND": NOBODY}
    ended = shell("discover", "--json", *arguments, stdin=stdin, env=env)
    assert (ended.code, ended.json["primary"]) == (4, "keyring.no_backend")


def test_a_token_on_stdin_can_be_looked_at_without_a_keyring(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy()) | {"PYTHON_KEYRING_BACKEND": NOBODY}
    assert shell("discover", "--stdin", "--json", stdin=TOKEN, env=env).code == 0
