"""`subscribe`: the app hears of the WABA's messages, and no callback changes."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell
from tests.cli.world import Pretended
from tests.tables import each_line
from wizard.simulator.world.objects import SubscribedApp, Subscription

THEIRS = "https://theirs.example/webhook"


def subscribed(meta: Pretended) -> list[tuple[str, str | None]]:
    return [(one.app.id, one.override_callback_uri) for one in meta.world.waba.subscribed]


def test_an_app_is_subscribed_and_the_callback_stays(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions[:] = [Subscription(THEIRS, ("messages",))]
    meta.world.waba.subscribed[:] = [SubscribedApp(meta.world.other_app)]
    ended = shell("subscribe", "--env", "--json", env=env)

    assert (ended.code, ended.json["findings"][0]["id"]) == (0, "waba_id.app_subscribed")
    assert (meta.world.app.id, None) in subscribed(meta)
    assert [hook.callback_url for hook in meta.world.app.subscriptions] == [THEIRS]


def test_a_subscription_with_an_override_is_left_as_it_is(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    meta.world.waba.subscribed[:] = [SubscribedApp(meta.world.app, THEIRS)]
    for flags in ((), ("--json",)):
        assert shell("subscribe", "--env", *flags, env=env).code == 0
    assert subscribed(meta) == [(meta.world.app.id, THEIRS)]


def test_from_the_keyring_too(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    shell.fill()
    meta.world.waba.subscribed.clear()
    ended = shell("subscribe", env={"WHATSAPP_WIZARD_GRAPH_URL": env["WHATSAPP_WIZARD_GRAPH_URL"]})
    assert (ended.code, ended.err) == (0, "")
    assert "subscribed" in ended.out


@pytest.mark.parametrize(
    ("lost", "cause"),
    [
        ("WHATSAPP_WABA_ID", "waba_id.missing"),
        ("WHATSAPP_ACCESS_TOKEN", "access_token.missing"),
    ],
)
def test_without_what_it_needs_it_says_so(
    shell: Shell, meta: Pretended, lost: str, cause: str
) -> None:
    env = meta.healthy()
    del env[lost]
    ended = shell("subscribe", "--env", "--json", env=env)
    assert (ended.code, ended.json["primary"]) == (1, cause)


@each_line(
    "name",
    [
        "access_token.expired",
        "access_token.other_app",
        "waba_id.is_whatsapp_account",
        "waba_id.not_found",
        "waba_id.malformed",
        "waba_id.limited_access",
        "graph.server_error",
    ],
)
def test_what_is_in_the_way_is_named(shell: Shell, meta: Pretended, name: str) -> None:
    env = meta.broken(name)
    meta.world.waba.subscribed.clear()
    ended = shell("subscribe", "--env", "--json", env=env)
    assert ended.json["primary"] == name
    assert ended.code == (3 if name.startswith("graph.") else 1)


def test_without_a_keyring_it_ends_with_4(shell: Shell) -> None:
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert shell("subscribe", env=env).code == 4
