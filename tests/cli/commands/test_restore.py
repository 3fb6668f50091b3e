"""A `listen` that was killed: every start says what it left, and `restore` puts it back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.commands.test_listen import app, listening, posix
from tests.cli.shell import Shell
from tests.cli.world import Pretended, at
from tests.tables import each_line
from wizard.simulator.world.objects import Subscription
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook

DEAD = "http://127.0.0.1:9/webhook"
SAYS = "whatsapp-wizard restore --profile"


@pytest.fixture
def own_app() -> Iterator[str]:
    """The callback URL of somebody else's server, which is up."""
    with app() as (url, _):
        yield url


def killed(shell: Shell, meta: Pretended, theirs: str, profile: str = "default") -> dict[str, str]:
    """What a killed `listen` leaves: our dead callback at Meta in the place of theirs."""
    env = meta.healthy()
    shell.fill()
    meta.world.app.subscriptions[:] = [Subscription(DEAD, ("messages",))]
    before = ReplacedCallback(
        "app", meta.world.app.id, theirs, ("account_alerts", "messages"), DEAD
    )
    webhook = StoredWebhook(DEAD, "http://127.0.0.1:9/webhook", replaced=(before,))
    StateFile(shell.state.parent).save(profile, Progress(webhook=webhook))
    return env


@posix
def test_after_a_sigkill_it_is_said_found_and_restored(
    shell: Shell, meta: Pretended, own_app: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("account_alerts", "messages")))
    with listening(shell, "--replace", env=env) as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("finding", id="webhook.registered")
        alive = shell("status")
        assert (alive.err, shell("status", "--json").json["not_restored"]) == ("", [])
        running = shell("restore", "--env", "--json", env=env)
        assert (running.code, running.json["findings"][0]["id"]) == (0, "webhook.still_listening")
        lines.process.kill()
        lines.process.wait(10)
    assert [hook.callback_url for hook in meta.world.app.subscriptions] == [url]
    said = shell("status").err
    assert own_app in said
    assert SAYS in said
    found = shell("doctor", "--env", "--json", env=env)
    assert (found.code, found.json["primary"]) == (1, "webhook.not_restored")
    back = shell("restore", "--env", "--json", env=env)
    assert (back.code, back.json["findings"][0]["id"]) == (0, "webhook.restored")
    (hook,) = meta.world.app.subscriptions
    assert (hook.callback_url, set(hook.fields)) == (own_app, {"account_alerts", "messages"})
    assert shell("status").err == ""
    again = shell("restore", "--env", env=env)
    assert (again.code, again.err) == (0, "")
    assert "There is nothing to restore" in again.out
    assert [file.name for file in shell.state.parent.glob("callback.*")] == []


@each_line(
    "command",
    [
        ("status",),
        ("status", "--json"),
        ("check", "--json"),
        ("check", "--all"),
        ("doctor", "--json"),
        ("send", "+15550000000", "--yes"),
        ("discover", "--json"),
        ("export", "--format", "json"),
        ("set", "--stdin", "app_id"),
        ("rotate", "--stdin"),
        ("listen", "--no-register"),
        (),
    ],
    ids=" ".join,
)
def test_every_start_says_it(shell: Shell, meta: Pretended, command: tuple[str, ...]) -> None:
    env = killed(shell, meta, "https://prod.example.com/webhook")
    said = shell(*command, env=at(env)).err
    assert said.count(SAYS) == 1
    assert "https://prod.example.com/webhook" in said


def test_of_another_profile_it_is_said_where_all_are_looked_at(
    shell: Shell, meta: Pretended
) -> None:
    env = killed(shell, meta, "https://prod.example.com/webhook", "shop")
    assert shell("status", env=at(env)).err == ""
    assert f"{SAYS} shop" in shell("check", "--all", env=at(env)).err
    assert f"{SAYS} shop" in shell("status", "--profile", "shop", env=at(env)).err


def test_status_tells_it_a_program(shell: Shell, meta: Pretended) -> None:
    env = killed(shell, meta, "https://prod.example.com/webhook")
    (left,) = shell("status", "--json", env=at(env)).json["not_restored"]
    assert left == {
        "scope": "app",
        "owner": meta.world.app.id,
        "callback_url": "https://prod.example.com/webhook",
        "by": DEAD,
    }


def test_the_doctor_names_it_as_the_one_cause(shell: Shell, meta: Pretended, own_app: str) -> None:
    env = killed(shell, meta, own_app)
    report = shell("doctor", "--json", env=at(env)).json
    assert report["primary"] == "webhook.not_restored"
    (finding,) = [one for one in report["findings"] if one["id"] == report["primary"]]
    assert finding["status"] == "fail"
    assert own_app in finding["evidence"]
    assert DEAD in finding["evidence"]
    assert finding["fix"][0] == "whatsapp-wizard restore"
    assert [one["id"] for one in report["findings"] if one["status"] == "fail"] == [
        "webhook.not_restored"
    ]


def test_the_doctor_accuses_nobody_where_another_callback_stands(
    shell: Shell, meta: Pretended, own_app: str
) -> None:
    env = killed(shell, meta, own_app)
    meta.world.app.subscriptions[:] = [Subscription(own_app, ("messages",))]
    report = shell("doctor", "--json", env=at(env)).json
    assert "webhook.not_restored" not in json.dumps(report)


@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_without_graph_restore_has_no_answer(
    shell: Shell, meta: Pretended, flag: tuple[str, ...]
) -> None:
    killed(shell, meta, "https://prod.example.com/webhook")
    assert shell("restore", *flag).code == 3


def test_without_a_keyring_restore_says_so(shell: Shell, meta: Pretended) -> None:
    killed(shell, meta, "https://prod.example.com/webhook")
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert shell("restore", env=env).code == 4


def test_what_meta_refuses_is_a_failure(shell: Shell, meta: Pretended) -> None:
    env = killed(shell, meta, "http://127.0.0.1:10/webhook")
    ended = shell("restore", "--json", env=at(env))
    assert (ended.code, ended.json["primary"]) == (1, "webhook.not_restored")
