"""`listen` as a program: its lines, its answers to Meta, its end."""

from __future__ import annotations

import json
import queue
import random
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.cli.shell import Process, Shell
from tests.cli.world import GRAPH_URL, SECRETS, VALUES, Pretended
from tests.tables import each_line
from tests.webhook.kinds import kinds
from tests.webhook.meta import headers, status, written
from wizard.simulator.world.objects import Subscription
from wizard.values.credentials import CREDENTIALS, Secret

LIMIT = 20.0
ENV = {CREDENTIALS[name].env: value for name, value in VALUES.items()}
TOKEN, APP_SECRET = VALUES["verify_token"], Secret(VALUES["app_secret"])
THEIRS = "https://prod.example.com/webhook"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


class Lines:
    """What a running command prints, line by line."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.seen: list[dict[str, Any]] = []
        self._new: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError):  # closed under our hands when the block is left
            for line in self.process.stdout:
                self._new.put(line)

    def until(self, event: str, **parts: object) -> dict[str, Any]:
        """The next object of this kind with these parts; all before it are `seen`."""
        while True:
            made: dict[str, Any] = json.loads(self._new.get(timeout=LIMIT))
            self.seen.append(made)
            if made["event"] == event and parts.items() <= made.items():
                return made

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Ends it as a person does; the exit code, and what it said of its end."""
        self.process.send_signal(number)
        code = self.process.wait(LIMIT)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()


@contextmanager
def listening(shell: Shell, *flags: str, env: dict[str, str] | None = None) -> Iterator[Lines]:
    """A `listen` on a free port, with the values in its environment."""
    url = f"http://127.0.0.1:{free_port()}"
    with shell.start("listen", "--env", "--json", "--url", url, *flags, env=env or ENV) as process:
        lines = Lines(process)
        yield lines


def free_port() -> int:
    """One below those that the system hands out by itself, to other tests among others."""
    while True:
        port = random.randrange(20_000, 30_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def shake(url: str, **other: str) -> httpx.Response:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": TOKEN}
    return httpx.get(url, params=query | {f"hub.{name}": said for name, said in other.items()})


def test_the_first_line_tells_where_meta_comes_in_and_where_this_machine_listens(
    shell: Shell,
) -> None:
    with listening(shell, "--no-register") as lines:
        ready = lines.until("ready")
        assert lines.seen == [ready]
        assert ready["callback_url"].endswith("/webhook")
        assert ready["local_url"] == ready["callback_url"]


def test_a_path_in_ones_own_url_is_the_path_that_is_served(shell: Shell) -> None:
    url = f"http://127.0.0.1:{free_port()}/hooks/wa"
    with shell.start("listen", "--env", "--json", "--no-register", "--url", url, env=ENV) as p:
        assert Lines(p).until("ready")["callback_url"] == url
        assert shake(url).text == "1158201444"


def test_every_call_of_metas_is_answered_and_told(shell: Shell) -> None:
    with listening(shell, "--no-register") as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("finding", id="verify_token.valid")
        right = shake(url)
        assert (right.status_code, right.text) == (200, "1158201444")
        assert lines.until("handshake")["ok"] is True
        for other, reason in [
            ({"verify_token": TOKEN.swapcase()}, "wrong_token_case"),
            ({"verify_token": "another"}, "wrong_token"),
            ({"mode": "unsubscribe"}, "wrong_mode"),
        ]:
            assert shake(url, **other).status_code == 403
            assert lines.until("handshake", ok=False)["reason"] == reason

        body = written()
        assert httpx.post(url, content=body, headers=headers(body, APP_SECRET)).status_code == 200
        message = lines.until("message")
        assert (message["signature"], message["text"]) == ("valid", "Hello")
        body = status("delivered")
        httpx.post(url, content=body, headers=headers(body, APP_SECRET))
        assert lines.until("status", signature="valid")["status"] == "delivered"

        unsigned = httpx.post(url, content=body, headers={"Content-Type": "application/json"})
        assert unsigned.status_code == 401
        assert lines.until("rejected")["reason"] == "unsigned"
        forged = headers(body, Secret("0" * 32))
        assert httpx.post(url, content=body, headers=forged).status_code == 403
        assert lines.until("rejected")["reason"] == "signature_mismatch"
        large = httpx.post(url, content=b"x" * 4_000_000, headers=headers(b"x"))
        assert large.status_code == 413
        assert lines.until("rejected")["reason"] == "too_large"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_every_way_to_end_it_takes_all_of_it_down_and_says_so(shell: Shell, number: int) -> None:
    with listening(shell, "--no-register") as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("finding", id="verify_token.valid")
        code, said = lines.end(number)
        assert code == 128 + number, said
        assert said == "Stopped the tunnel and the endpoint.\n"
        assert lines.until("tunnel", state="closed")
        with pytest.raises(httpx.ConnectError):
            shake(url)


def test_no_secret_is_printed(shell: Shell) -> None:
    with listening(shell, "--no-register") as lines:
        url = lines.until("ready")["callback_url"]
        shake(url)
        lines.until("handshake")
        assert not [value for value in SECRETS if value in json.dumps(lines.seen)]


# Registration


def test_it_registers_itself_and_meta_calls_during_it(shell: Shell, meta: Pretended) -> None:
    env = meta.healthy()
    with listening(shell, env=env) as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("handshake", ok=True)
        assert lines.until("finding", id="webhook.registered")["status"] == "pass"
        (record,) = meta.world.app.subscriptions
        assert (record.callback_url, record.active) == (url, True)
        assert "messages" in record.fields


def test_a_callback_of_somebody_elses_is_left_alone_and_shown(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.healthy()
    theirs = Subscription(THEIRS, ("messages", "account_alerts"))
    meta.world.app.subscriptions.append(theirs)
    with listening(shell, env=env) as lines:
        finding = lines.until("finding", id="webhook.shared_app")
        assert THEIRS in finding["evidence"]
        assert meta.world.app.subscriptions == [theirs]


@posix
def test_a_callback_that_was_replaced_is_put_back_on_exit(
    shell: Shell, meta: Pretended, own_app: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("account_alerts", "messages")))
    with listening(shell, "--replace", env=env) as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("finding", id="webhook.registered")
        assert [hook.callback_url for hook in meta.world.app.subscriptions] == [url]
        assert own_app in shell.state.read_text("utf-8")
        lines.end()
        assert lines.until("finding", id="webhook.restored")
    (back,) = meta.world.app.subscriptions
    assert (back.callback_url, set(back.fields)) == (own_app, {"account_alerts", "messages"})
    assert own_app not in shell.state.read_text("utf-8")


@posix
def test_after_a_sigkill_the_next_run_puts_back_what_the_first_replaced(
    shell: Shell, meta: Pretended, own_app: str
) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("messages",)))
    with listening(shell, "--replace", env=env) as lines:
        lines.until("finding", id="webhook.registered")
        lines.process.kill()
    with listening(shell, env=env) as lines:
        lines.until("finding", id="webhook.registered")
        lines.end()
        lines.until("finding", id="webhook.restored")
    assert [hook.callback_url for hook in meta.world.app.subscriptions] == [own_app]


@posix
def test_kept_is_what_was_asked_to_be_kept(shell: Shell, meta: Pretended, own_app: str) -> None:
    env = meta.healthy()
    meta.world.app.subscriptions.append(Subscription(own_app, ("messages",)))
    with listening(shell, "--replace", "--keep", env=env) as lines:
        url = lines.until("ready")["callback_url"]
        lines.until("finding", id="webhook.registered")
        lines.end()
    assert [hook.callback_url for hook in meta.world.app.subscriptions] == [url]


def test_the_graph_that_meta_would_need_is_not_asked_for_a_url_it_cant_reach(
    shell: Shell,
) -> None:
    elsewhere = ENV | {GRAPH_URL: "https://graph.example.com"}
    with listening(shell, env=elsewhere) as lines:
        assert lines.until("finding", id="webhook.local_only")["status"] == "warn"


@pytest.mark.parametrize("scope", ["waba", "phone"])
def test_a_lower_level_leaves_the_apps_own_callback_as_it_is(
    shell: Shell, meta: Pretended, scope: str
) -> None:
    env = meta.healthy()
    theirs = Subscription(THEIRS, ("messages",))
    meta.world.app.subscriptions.append(theirs)
    with listening(shell, "--scope", scope, env=env) as lines:
        lines.until("finding", id="webhook.registered")
        assert meta.world.app.subscriptions == [theirs]


# Forwarding


class App(BaseHTTPRequestHandler):
    """Somebody's own app, which keeps what it was sent."""

    got: list[tuple[str, bytes, dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.command, body, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """Takes every handshake."""
        challenge = self.path.partition("hub.challenge=")[2].partition("&")[0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(challenge)))
        self.end_headers()
        self.wfile.write(challenge)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def app() -> Iterator[tuple[str, list[tuple[str, bytes, dict[str, str]]]]]:
    got: list[tuple[str, bytes, dict[str, str]]] = []
    handler = type("Theirs", (App,), {"got": got})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/webhook", got
        server.shutdown()


@pytest.fixture
def own_app() -> Iterator[str]:
    """The callback URL of somebody else's server, which is up."""
    with app() as (url, _):
        yield url


def test_an_event_is_passed_on_byte_for_byte_and_the_answer_told(shell: Shell) -> None:
    with app() as (url, got), listening(shell, "--no-register", "--forward-to", url) as lines:
        callback = lines.until("ready")["callback_url"]
        body = written().replace(b"Hello", b"caf\\u00e9 \\/ ")
        signed = headers(body, APP_SECRET)
        assert httpx.post(callback, content=body, headers=signed).status_code == 200
        told = lines.until("forwarded")
        assert (told["status"], told["error"]) == (202, None)
        assert told["duration_ms"] >= 0
        ((method, passed, named),) = got
        assert (method, passed) == ("POST", body)
        assert named["x-hub-signature-256"] == signed["X-Hub-Signature-256"]


def test_every_kind_is_told_and_passed_on_the_malformed_and_the_repeated_too(shell: Shell) -> None:
    odd = written("wamid.ODD", type="text", text={"body": ["no text"]})
    bodies = [*(kind.body for kind in kinds()), odd, odd, b'{"entry": 5}', written("wamid.LAST")]
    port = str(free_port())
    address = ["--url", f"http://127.0.0.1:{port}/webhook", "--port", port]
    with app() as (url, got):
        flags = ["listen", "--env", "--json", "--no-register", *address, "--forward-to", url]
        with shell.start(*flags, env=ENV) as process, httpx.Client(trust_env=False) as client:
            lines = Lines(process)
            callback = lines.until("ready")["callback_url"]
            for body in bodies:
                sent = headers(body, APP_SECRET)
                assert client.post(callback, content=body, headers=sent).status_code == 200
                lines.until("forwarded")
    assert [body for _, body, _ in got] == bodies
    told = [one for one in lines.seen if one["event"] in {"message", "malformed"}]
    assert [one.get("path") or one["id"] for one in told[-5:]] == [
        "wamid.ODD",
        "entry[0].changes[0].value.messages[0].text.body",
        "object",
        "entry",
        "wamid.LAST",
    ]


def test_an_app_that_does_not_answer_is_told_and_meta_is_answered_all_the_same(
    shell: Shell,
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/"
    with listening(shell, "--no-register", "--forward-to", nobody) as lines:
        body = written()
        callback = lines.until("ready")["callback_url"]
        signed = headers(body, APP_SECRET)
        assert httpx.post(callback, content=body, headers=signed).status_code == 200
        told = lines.until("forwarded")
        assert (told["status"], told["error"]) == (None, "connect")


def posted(port: int, bodies: list[bytes]) -> int:
    """How many of the bodies are taken, on one connection."""
    taken = 0
    with socket.create_connection(("127.0.0.1", port), LIMIT) as sock, sock.makefile("rb") as read:
        for body in bodies:
            head = ["POST /webhook HTTP/1.1", f"Host: 127.0.0.1:{port}"]
            head += [f"{name}: {value}" for name, value in headers(body, APP_SECRET).items()]
            head += [f"Content-Length: {len(body)}", "", ""]
            sock.sendall("\r\n".join(head).encode() + body)
            taken += b" 200 " in read.readline()
            while read.readline().strip():
                pass
    return taken


@posix
def test_meta_is_answered_while_nobody_reads_and_what_is_lost_is_told(shell: Shell) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhook"
    bodies = [written(f"wamid.{number}") for number in range(300)]
    with shell.start("listen", "--env", "--json", "--no-register", "--url", url, env=ENV) as unread:
        assert unread.stdout is not None
        assert unread.stderr is not None
        assert json.loads(unread.stdout.readline())["event"] == "ready"
        assert posted(port, bodies) == len(bodies)
        unread.send_signal(signal.SIGTERM)
        assert unread.wait(LIMIT) == 128 + signal.SIGTERM
        told = [json.loads(line) for line in unread.stdout if line.endswith("}\n")]
        assert 20 < sum(one["event"] == "message" for one in told) < len(bodies)
        assert "Not all that came is shown" in unread.stderr.read()


# What goes wrong before anything is up


def test_a_port_that_is_taken_is_a_finding(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = shell(
            "listen", "--env", "--json", "--url", "https://a.example", "--port", port, env=ENV
        )
    assert ended.code == 1
    assert ended.json["id"] == "webhook.port_in_use"
    assert ended.err == ""


def test_without_a_verify_token_nothing_is_opened(shell: Shell) -> None:
    env = {name: value for name, value in ENV.items() if name != "WHATSAPP_VERIFY_TOKEN"}
    ended = shell("listen", "--env", env=env)
    assert ended.code == 1
    assert "There is no verify token yet" in ended.out


def test_without_an_authtoken_it_says_where_to_get_one(shell: Shell) -> None:
    ended = shell("listen", "--env", "--json", env=ENV)
    assert ended.code == 1
    assert ended.json["id"] == "tunnel.authtoken_missing"


def test_a_keyring_that_cant_be_used_is_code_4(shell: Shell) -> None:
    ended = shell("listen", env={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    assert ended.code == 4


@each_line(
    "flags",
    [
        ["--url", "ftp://a.example"],
        ["--url", "no url"],
        ["--url", "https://a.example:99999"],
        ["--url", "https://a.example", "--tunnel", "ngrok"],
        ["--tunnel", "cloudflared", "--domain", "a.example"],
        ["--forward-to", "localhost:8000"],
        ["--port", "0"],
        ["--scope", "everything"],
    ],
)
def test_flags_that_make_no_sense_are_wrong_usage(shell: Shell, flags: list[str]) -> None:
    ended = shell("listen", "--env", *flags, env=ENV)
    assert ended.code == 2
    assert "Error:" in ended.err


def test_lines_for_people_are_calm_and_strip_what_strangers_write(shell: Shell) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    flags = ["listen", "--env", "--no-register", "--url", url]
    with shell.start(*flags, env=ENV) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        until(lines, "The verify token works")
        body = written(type="text", text={"body": "\x1b[2Jhalo\u202e\x9b1m"})
        httpx.post(f"{url}/webhook", content=body, headers=headers(body, APP_SECRET))
        line = until(lines, "halo")
        assert line.rstrip("\n").isprintable()
        assert "Sheena Nelson" in line
        assert "✓ signed" in line
        httpx.get(f"{url}/webhook?" + urlencode({"hub.mode": "subscribe"}))
        assert "a parameter of the verification request is missing" in until(lines, "handshake")


def until(lines: Iterator[str], words: str) -> str:
    return next(line for line in lines if words in line)
