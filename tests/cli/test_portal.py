"""The layout of Meta's portal: asked for by a flag, remembered, shown, and followed in words."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at
from tests.tables import each_line
from wizard.content import layout_names
from wizard.guide import guide
from wizard.portal import layouts
from wizard.state import Progress, StateFile

NEW_LABELS = (
    "Step 1. Try it out",
    "Claim a WhatsApp test number",
    "Step 2. Production setup",
    "Configure Webhooks",
)


def remembered(shell: Shell, layout: str, profile: str = "default") -> None:
    StateFile(shell.state.parent).save(profile, Progress(portal=layout))


def without_token(shell: Shell) -> None:
    held = {name: value for name, value in VALUES.items() if name != "access_token"}
    shell.keyring.write_text(json.dumps({"whatsapp-wizard:default": held}), "utf-8")


@pytest.mark.parametrize("layout", layouts())
@pytest.mark.parametrize("arguments", [("demo", "--plain", "--portal"), ("--portal",)])
def test_the_demo_walks_forty_steps_in_either_layout(
    shell: Shell, layout: str, arguments: tuple[str, ...]
) -> None:
    behind = ["demo", "--plain"] if arguments == ("--portal",) else []
    ended = shell(*arguments, layout, *behind)
    assert (ended.code, ended.err) == (0, "")
    steps = re.findall(r"^   (\d+\.\d+)\s+(\S.*)$", ended.out, re.MULTILINE)
    assert steps == [(step.id, step.title) for step in guide().counted]
    assert ended.out.count("passed") == 6
    for step in guide().counted:
        assert step.in_layout(layout).where in ended.out
    assert all((label in ended.out) is (layout == "new") for label in NEW_LABELS)


def test_the_demo_by_itself_walks_the_older_layout(shell: Shell) -> None:
    out = shell("demo", "--plain").out
    assert "API Setup > Generate access token" in out
    assert not any(label in out for label in NEW_LABELS)


@each_line(
    "arguments",
    [("--portal", "old"), ("demo", "--plain", "--portal", "NEW"), ("--portal", "new", "status")],
)
def test_a_layout_that_is_none_or_goes_nowhere_is_refused(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    ended = shell(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "--portal" in ended.err


def test_status_and_list_show_the_layout_that_is_remembered(shell: Shell) -> None:
    remembered(shell, "new", "shop")
    out = shell("status", "--profile", "shop").out
    assert re.search(r"Portal +new +Step 1\. Try it out", out)
    assert shell("status", "--profile", "shop", "--json").json["portal"] == "new"
    assert "Portal" not in shell("status").out.partition("Profiles")[0]
    assert shell("status", "--json").json["portal"] is None
    assert "portal new" in shell("profile", "list").out
    listed = shell("profile", "list", "--json").json["profiles"]
    assert {one["name"]: one["portal"] for one in listed} == {"default": None, "shop": "new"}


def test_a_fix_names_the_page_as_this_persons_portal_does(shell: Shell, meta: Pretended) -> None:
    without_token(shell)
    both = shell("check", env=meta.address)
    assert "Open API Setup (or Step 1. Try it out) and" in both.out
    remembered(shell, "new")
    new = shell("check", env=meta.address)
    assert "Open Step 1. Try it out and" in new.out
    assert "Generate token" in new.out
    assert "API Setup" not in new.out
    assert "api-testing-v2" in new.out
    remembered(shell, "classic")
    classic = shell("check", env=meta.address)
    assert "Open API Setup and" in classic.out
    assert "Step 1" not in classic.out
    assert "wa-dev-console" in classic.out
    assert (both.code, new.code, classic.code) == (1, 1, 1)


def test_a_report_for_programs_bears_both_whatever_is_remembered(
    shell: Shell, meta: Pretended
) -> None:
    without_token(shell)
    before = shell("check", "--json", env=meta.address).json
    remembered(shell, "new")
    after = shell("check", "--json", env=meta.address).json
    said = json.dumps(after)
    assert "API Setup (or Step 1. Try it out)" in said
    assert [one["fix"] for one in before["findings"]] == [one["fix"] for one in after["findings"]]


def test_a_layout_that_is_no_longer_known_is_as_good_as_none(shell: Shell, meta: Pretended) -> None:
    without_token(shell)
    remembered(shell, "no-such-layout")
    ended = shell("check", env=meta.address)
    assert "API Setup (or Step 1. Try it out)" in ended.out
    assert "no-such-layout" not in shell("status").out


def test_an_id_of_which_a_page_shows_several_is_asked_for(shell: Shell) -> None:
    page = "".join(
        f"Phone Number ID\n{number}\nWhatsApp Business account ID\n{account}\n"
        for number, account in (
            ("105550001112223", "208880004445556"),
            ("106660002223334", "309990007778889"),
        )
    )
    ended = shell("set", "waba_id", "--stdin", stdin=page)
    assert ended.code == 2
    assert "208880004445556, 309990007778889" in ended.err
    imported = shell("import", "--stdin", stdin=f"{page}App ID\n{VALUES['app_id']}\n")
    assert imported.code == 1
    assert "105550001112223, 106660002223334" in imported.err
    assert shell.stored() == {"app_id": VALUES["app_id"]}


def test_what_the_new_page_shows_after_a_reload_is_not_stored(shell: Shell) -> None:
    ended = shell("set", "access_token", "--stdin", stdin="Not generated yet\n")
    assert ended.code == 1
    assert "shows a token once" in ended.err
    assert shell.stored() == {}


def test_checking_keeps_the_layout(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    remembered(shell, "new")
    assert shell("check", env=at(meta.healthy())).code == 0
    assert shell("status", "--json").json["portal"] == "new"


MISSING = (
    ("check",),
    ("doctor", "--no-deliveries"),
    ("discover",),
    ("subscribe",),
    ("send", "+6281234567890", "--yes"),
    ("rotate", "--stdin"),
    ("exec", "--only", "access_token", "--", "true"),
    ("export", "--only", "access_token"),
    ("set", "access_token", "--stdin"),
    ("set", "phone_number_id", "--stdin"),
)


@each_line("arguments", MISSING, ids=" ".join)
@each_line(("layout", "other"), [("new", "API Setup"), ("classic", "Step 1. Try")])
def test_whatever_a_command_says_of_a_page_is_in_this_persons_words(
    shell: Shell, meta: Pretended, arguments: tuple[str, ...], layout: str, other: str
) -> None:
    without_token(shell)
    remembered(shell, layout)
    given = {
        "set access_token --stdin": f"{VALUES['app_id']}|secret-of-an-app-token\n",
        "set phone_number_id --stdin": "+1 555 014 2233\n",
        "rotate --stdin": f"{VALUES['app_id']}|secret-of-an-app-token\n",
    }
    ended = shell(*arguments, env=meta.address, stdin=given.get(" ".join(arguments), ""))
    said = ended.out + ended.err
    assert ended.code != 0
    assert layouts()[layout].words["token_page"] in said
    assert other not in said


@pytest.mark.parametrize("layout", layouts())
def test_a_token_that_expires_soon_is_found_beside_its_page(
    shell: Shell, meta: Pretended, layout: str
) -> None:
    remembered(shell, layout)
    env = meta.broken("access_token.expires_soon")
    ended = shell("discover", "--stdin", stdin=env["WHATSAPP_ACCESS_TOKEN"], env=at(env))
    assert (ended.code, "expires soon" in ended.out) == (0, True)
    assert "(or " not in ended.out


@pytest.mark.parametrize("layout", layouts())
def test_discover_takes_a_copy_of_the_page_in_each_layout(
    shell: Shell, meta: Pretended, layout: str
) -> None:
    page = guide().by_id["6.6"].in_layout(layout).copied
    for name in ("phone_number_id", "waba_id"):
        page = page.replace(f"{{{name}}}", VALUES[name])
    box = f"Access token\n{VALUES['access_token']}\nCopy\nGenerate new token\n"
    ended = shell("discover", "--stdin", "--json", stdin=page + box, env=at(meta.healthy()))
    assert ended.code == 0
    assert ended.json["app"]["id"] == VALUES["app_id"]


def test_the_flag_takes_the_layouts_that_the_chapters_have() -> None:
    assert layout_names() == tuple(layouts())
