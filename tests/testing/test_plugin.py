"""The fixture of the pytest plugin: base URL, credentials, customers, what was sent, failures."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from wizard.testing.running import CallbackRefusedError, RunningSimulator


class Bot(ThreadingHTTPServer):
    """Answers each text by the plain HTTP that any language has."""

    daemon_threads = True

    def __init__(self, simulator: RunningSimulator) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.simulator = simulator
        self.values = simulator.credentials
        self.events: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhook"

    def answer(self, message: dict[str, Any]) -> None:
        body = {"type": "text", "text": {"body": f"{message['text']['body']} juga"}}
        send(self.simulator, message["from"], **body)


class Hook(BaseHTTPRequestHandler):
    server: Bot

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        right = query["hub.verify_token"] == [self.server.values["verify_token"]]
        self.end(200 if right else 403, query["hub.challenge"][0] if right else "")

    def do_POST(self) -> None:
        event = httpx.Response(200, content=self.rfile.read(int(self.headers["content-length"])))
        changes = event.json()["entry"][0]["changes"]
        self.server.events += changes
        self.end(200)
        for change in changes:
            for message in change["value"].get("messages", ()):
                self.server.answer(message)

    def end(self, status: int, body: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def send(simulator: RunningSimulator, to: str, **content: Any) -> httpx.Response:
    values = simulator.credentials
    return httpx.post(
        f"{simulator.base_url}/v23.0/{values['phone_number_id']}/messages",
        headers={"authorization": f"Bearer {values['access_token']}"},
        json={"messaging_product": "whatsapp", "to": to, **content},
    )


@pytest.fixture
def bot(whatsapp_simulator: RunningSimulator) -> Iterator[Bot]:
    with Bot(whatsapp_simulator) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_bot_answers_what_is_said(whatsapp_simulator: RunningSimulator, bot: Bot) -> None:
    whatsapp_simulator.say("halo")
    whatsapp_simulator.register(bot.url)
    (sent,) = whatsapp_simulator.wait_for_sent()
    whatsapp_simulator.wait_idle()
    assert (sent.to, sent.type, sent.text) == (whatsapp_simulator.recipient, "text", "halo juga")
    assert whatsapp_simulator.sent[0].status == "read"


def test_the_next_message_fails_as_told(whatsapp_simulator: RunningSimulator, bot: Bot) -> None:
    whatsapp_simulator.register(bot.url)
    whatsapp_simulator.fail_next(131047)
    whatsapp_simulator.fail_next(131056)
    whatsapp_simulator.say("halo")
    whatsapp_simulator.wait_for_sent()
    whatsapp_simulator.wait_idle()
    (failed,) = [
        status
        for event in bot.events
        for status in event["value"].get("statuses", ())
        if status["status"] == "failed"
    ]
    assert failed["errors"][0]["code"] == 131047
    answer = send(whatsapp_simulator, whatsapp_simulator.recipient, text={"body": "x"})
    assert answer.json()["error"]["code"] == 131056


def test_recipients_are_allowed_one_by_one_or_all(whatsapp_simulator: RunningSimulator) -> None:
    def code() -> object:
        answer = send(whatsapp_simulator, "6281255501234", text={"body": "x"})
        return answer.json().get("error", {}).get("code")

    assert code() == 131030
    whatsapp_simulator.allow("+62 812-5550-1234")
    assert code() is None
    whatsapp_simulator.allow("any")
    assert send(whatsapp_simulator, "491701234567", text={"body": "x"}).status_code == 200


def test_a_wrong_callback_is_told_as_meta_tells_it(whatsapp_simulator: RunningSimulator) -> None:
    with pytest.raises(CallbackRefusedError, match="curl_errno = 7"):
        whatsapp_simulator.register("http://127.0.0.1:9/webhook")
    with pytest.raises(ValueError, match="poll"):
        whatsapp_simulator.write({"type": "poll"})
    with pytest.raises(TimeoutError, match="0 of 1"):
        whatsapp_simulator.wait_for_sent(timeout=0.01)


def test_its_values_are_an_environment_too(whatsapp_simulator: RunningSimulator) -> None:
    env = whatsapp_simulator.env
    assert env["WHATSAPP_WIZARD_GRAPH_URL"] == whatsapp_simulator.base_url
    assert env["WHATSAPP_ACCESS_TOKEN"] == whatsapp_simulator.credentials["access_token"]


@pytest.mark.whatsapp_simulator(scenario="access_token.expired")
def test_a_mark_names_what_is_broken(whatsapp_simulator: RunningSimulator) -> None:
    answer = send(whatsapp_simulator, whatsapp_simulator.recipient, text={"body": "x"})
    assert answer.json()["error"]["error_subcode"] == 463


def test_the_package_brings_the_plugin_and_its_import_is_cheap() -> None:
    (found,) = entry_points(group="pytest11", name="whatsapp_simulator")
    assert found.value == "wizard.testing.plugin"
    script = (
        "import sys, pytest; before = set(sys.modules); import wizard.testing.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == ["wizard", "wizard.testing", "wizard.testing.plugin"]
