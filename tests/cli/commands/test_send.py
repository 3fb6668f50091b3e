"""`send` as a program: what it asks, what it sends, how it ends."""

from __future__ import annotations

import json
import signal
import socket
import sys
from typing import Any

import pytest

from tests.cli.shell import Ended, Shell
from tests.cli.world import Pretended, at, secrets_of
from tests.tables import each_line
from wizard.simulator import SCENARIOS
from wizard.simulator.faults.message import ARGENTINE
from wizard.simulator.world.objects import Subscription
from wizard.simulator.world.people import Customer
from wizard.values.credentials import CREDENTIALS

TO = f"+{Customer().wa_id}"
SHOWN = "+1 650-555-0148"
NUMBER = CREDENTIALS["phone_number_id"].env
PIN = "246810"
FAULTS = sorted(n for n, one in SCENARIOS.items() if one.asked_by == "send")
LATER = {"message.delivered", "message.window_closed", "message.failed"}
LATER |= {name for name in FAULTS if name.endswith("/later")}
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def free_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def send(shell: Shell, env: dict[str, str], *flags: str, to: str = TO, **more: Any) -> Ended:
    return shell("send", to, "--env", "--yes", "--json", *flags, env=env, **more)


def follow(shell: Shell, meta: Pretended, env: dict[str, str], *flags: str, to: str = TO) -> Ended:
    """Sends and follows, where the app's own webhook stands at Meta already."""
    meta.world.dispatcher.pace = 0
    meta.world.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    return send(shell, env, "--follow", "--url", free_url(), *flags, to=to)


def ids(ended: Ended) -> list[str]:
    return [finding["id"] for finding in ended.json["findings"]]


def test_hello_world_goes_out_by_default(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    ended = send(shell, env)
    assert ended.code == 0
    (finding,) = ended.json["findings"]
    assert (finding["id"], finding["status"]) == ("message.sent", "pass")
    assert SHOWN in finding["evidence"]
    assert "template hello_world (en_US)" in ended.err
    assert "+1 555-014-2233 (Test Number)" in ended.err
    assert not [value for value in secrets_of(env) if value in ended.said]


def test_a_person_reads_to_whom_from_whom_and_what(shell: Shell, meta: Pretended) -> None:
    ended = shell("send", TO, "--env", "--yes", "--text", "Halo\x1b[2J", env=meta.healthy())
    assert ended.code == 0
    assert "Meta accepted the message" in ended.out
    to, sender, message = ended.err.splitlines()
    assert to.split(maxsplit=1) == ["To", SHOWN]
    assert sender.split(maxsplit=1) == ["From", "+1 555-014-2233 (Test Number)"]
    assert message.split(maxsplit=1) == ["Message", 'text "Halo [2J"']


@pytest.mark.parametrize("name", FAULTS)
def test_each_of_metas_reasons_is_named(shell: Shell, meta: Pretended, name: str) -> None:
    env, finding = meta.broken(name), SCENARIOS[name].finding
    to = f"+{ARGENTINE}" if finding == "message.recipient_rewritten" else TO
    flags = ["--text", "Halo"] if finding == "message.window_closed" else []
    if name == "message.payment":
        flags = ["--template", "order_ready", "--language", "id"]
    if name in LATER:
        ended = follow(shell, meta, env, *flags, to=to)
        assert ids(ended)[0] == "message.sent"
    else:
        ended = send(shell, env, *flags, to=to)
    assert ids(ended)[-1] == finding
    good = finding == "message.delivered"
    assert ended.code == (0 if good else 1)
    assert ended.json["primary"] == (None if good else finding)
    assert not [value for value in secrets_of(env) if value in ended.said]


# Followed


def test_every_word_is_printed_as_it_comes_and_metas_record_put_back(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.healthy()
    meta.world.dispatcher.pace = 0
    meta.world.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    ended = shell("send", TO, "--env", "--yes", "--follow", "--url", free_url(), env=env)
    assert ended.code == 0
    assert ended.out.index("  sent  ") < ended.out.index("  delivered  ")
    assert ended.out.index("  delivered  ") < ended.out.index("The message is delivered")
    assert meta.world.test_number.override_callback_uri in {None, ""}
    assert not json.loads(shell.state.read_text("utf-8"))["profiles"]["default"]["webhook"].get(
        "replaced"
    )


def test_without_a_word_in_time_it_says_so(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    meta.world.dispatcher.pace = 60
    meta.world.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    ended = send(shell, env, "--follow", "--url", free_url(), "--wait", "0.1")
    assert (ended.code, ids(ended)) == (0, ["message.sent", "message.pending"])


def test_what_cant_be_followed_is_not_sent(shell: Shell, meta: Pretended) -> None:
    ended = send(shell, meta.healthy(), "--follow")
    assert (ended.code, ended.json["primary"]) == (1, "tunnel.authtoken_missing")
    assert "whatsapp-wizard listen" not in ended.out
    assert ids(ended)[-1] == "message.skipped"


def test_a_callback_of_the_numbers_own_is_left_alone(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    theirs = "https://b.example.invalid/webhook"
    meta.world.test_number.override_callback_uri = theirs
    ended = follow(shell, meta, env)
    assert (ended.code, ended.json["primary"]) == (1, "webhook.shared_app")
    assert ids(ended)[-1] == "message.skipped"
    assert meta.world.test_number.override_callback_uri == theirs


def test_where_another_run_listens_that_one_follows(shell: Shell, meta: Pretended) -> None:
    env, url = meta.healthy(), free_url()
    meta.world.dispatcher.pace = 0
    shell.fill()
    with shell.start("listen", "--json", "--url", url, env=at(env)) as process:
        assert process.stdout is not None
        lines = map(json.loads, iter(process.stdout.readline, ""))
        next(line for line in lines if line.get("id") == "webhook.registered")
        ended = shell("send", TO, "--yes", "--json", "--follow", env=at(env))
        assert (ended.code, ids(ended)) == (0, ["message.sent", "message.unfollowed"])
        (_, unfollowed) = ended.json["findings"]
        assert unfollowed["status"] == "warn"
        assert f"{SHOWN}; the status goes to http://127.0.0.1:" in unfollowed["evidence"]
        assert next(line for line in lines if line["event"] == "status")["status"] == "sent"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_every_way_to_end_it_puts_metas_record_back(
    shell: Shell, meta: Pretended, number: int
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription("https://a.example/webhook", ("messages",)))
    flags = ["--env", "--yes", "--follow", "--url", free_url(), "--wait", "60"]
    with shell.start("send", TO, *flags, env=env) as process:
        assert process.stdout is not None
        until = next(line for line in iter(process.stdout.readline, "") if "  sent  " in line)
        assert until
        assert meta.world.test_number.override_callback_uri
        process.send_signal(number)
        assert process.wait(20) == 128 + number
    assert meta.world.test_number.override_callback_uri in {None, ""}


# The number's registration


def test_a_number_is_registered_with_a_pin_from_standard_input(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.broken("message.not_registered")
    flags = ["--register", "--pin-stdin", "--text", "Halo"]
    ended = send(shell, env, *flags, stdin=f"{PIN}\n")
    assert (ended.code, ids(ended)) == (0, ["message.registered", "message.sent"])
    assert PIN not in ended.said


def test_with_a_wrong_pin_nothing_is_sent(shell: Shell, meta: Pretended) -> None:
    env = meta.broken("message.not_registered")
    meta.world.dispatcher.sending_rules.pins[env[NUMBER]] = "111111"
    ended = send(shell, env, "--pin-stdin", "--text", "Halo", stdin=PIN)
    assert (ended.code, ids(ended)) == (1, ["message.pin_mismatch"])
    assert PIN not in ended.said


# What a message rests on


@pytest.mark.parametrize(
    ("name", "code"),
    [("access_token.expired", 1), ("phone_number_id.missing", 1), ("graph.not_json", 3)],
)
def test_the_cause_lies_lower_down(shell: Shell, meta: Pretended, name: str, code: int) -> None:
    ended = send(shell, meta.broken(name))
    assert (ended.code, ended.json["primary"]) == (code, name)
    assert ids(ended)[-1] == "message.skipped"


def test_a_keyring_that_cant_be_used_is_code_4(shell: Shell) -> None:
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    assert shell("send", TO, "--yes", env=env).code == 4


def test_a_number_without_its_countrys_code_is_one_of_the_senders_country(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.healthy() | {NUMBER: meta.world.own_number.id}
    meta.world.dispatcher.sending_rules.last_heard[env[NUMBER], "6281234567891"] = meta.world.now()
    ended = send(shell, env, "--text", "Halo", to="0812-3456-7891")
    assert ended.code == 0
    assert "+62 812-3456-7891" in ended.json["findings"][0]["evidence"]


def test_a_number_that_is_none_there_is_wrong_usage(shell: Shell, meta: Pretended) -> None:
    ended = send(shell, meta.healthy(), to="0812-3456-7890")
    assert ended.code == 2
    assert "too long for a number of +1" in ended.err
    assert "the country code" in ended.err


# Wrong usage, told before anybody is asked


@each_line(
    ("arguments", "said"),
    [
        ([TO], "Add --yes"),
        ([TO, "--json"], "Add --yes"),
        (["+1 650", "--yes"], "too short for a number of +1"),
        (["+999", "--yes"], "not a phone number"),
        ([TO, "--yes", "--text", ""], "1 to 4096 characters"),
        ([TO, "--yes", "--text", "x" * 4097], "1 to 4096 characters"),
        ([TO, "--yes", "--text", "Halo", "--template", "a"], "with --template"),
        ([TO, "--yes", "--text", "Halo", "--language", "id"], "with --template"),
        ([TO, "--yes", "--register"], "Use --pin-stdin"),
        ([TO, "--yes", "--register", "--pin-stdin"], "6 digits"),
        ([TO, "--yes", "--url", "https://a.example", "--tunnel", "ngrok"], "can't be combined"),
        ([TO, "--yes", "--url", "no url"], "--url"),
        ([TO, "--yes", "--wait", "-1"], "--wait"),
        ([], "TO"),
    ],
)
def test_wrong_usage_is_told_before_anybody_is_asked(
    shell: Shell, meta: Pretended, arguments: list[str], said: str
) -> None:
    env, calls = meta.healthy(), meta.calls
    ended = shell("send", "--env", *arguments, env=env)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert meta.calls == calls


def test_a_url_on_this_machine_is_none_for_the_real_meta(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy() | {"WHATSAPP_WIZARD_GRAPH_URL": "https://graph.example.com"}
    ended = send(shell, env, "--follow", "--url", "http://localhost:8000")
    assert ended.code == 2
    assert "Meta can't reach" in ended.err
