"""`simulator` as a place in which a bot lives: customers by flag and line, who is allowed."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from dotenv import dotenv_values

from tests.cli.shell import COMMAND, Shell
from tests.cli.world import GRAPH_URL
from tests.tables import each_line

PATIENCE = 20.0


class Hook(BaseHTTPRequestHandler):
    """Takes every handshake, and tells each value that comes."""

    values: queue.Queue[dict[str, Any]]

    def do_GET(self) -> None:
        self.end(parse_qs(urlsplit(self.path).query)["hub.challenge"][0])

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.end()
        self.values.put(event["entry"][0]["changes"][0]["value"])

    def end(self, body: str = "") -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def hook() -> Iterator[tuple[str, queue.Queue[dict[str, Any]]]]:
    values: queue.Queue[dict[str, Any]] = queue.Queue()
    handler = type("Handler", (Hook,), {"values": values})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/webhook", values
        server.shutdown()


@contextmanager
def running(shell: Shell, *flags: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        [*COMMAND, "simulator", *flags],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=shell.folder,
        env=shell.env,
    )
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        read = dotenv_values(stream=StringIO("".join(lines)), interpolate=False)
        try:
            yield process, {name: value or "" for name, value in read.items()}
        finally:
            process.kill()


def test_customers_write_by_flag_and_by_line(
    shell: Shell, hook: tuple[str, queue.Queue[dict[str, Any]]]
) -> None:
    url, values = hook
    with running(shell, "--say", "halo", "--say", "apa kabar", "--callback", url) as (process, env):
        said = [values.get(timeout=PATIENCE)["messages"][0] for _ in range(2)]
        assert {one["text"]["body"] for one in said} == {"halo", "apa kabar"}
        assert {one["from"] for one in said} == {env["WHATSAPP_RECIPIENT"]}
        assert process.stdin is not None
        process.stdin.write("shout\nreact 👍\ncall\nas US.13491208655302 Budi\nsay halo\n")
        process.stdin.flush()
        # Like Meta's, they are on their way side by side.
        came = {kind(value): value for value in (values.get(timeout=PATIENCE) for _ in range(3))}
        reaction, call, text = came["reaction"], came["call"], came["text"]
        assert reaction["messages"][0]["reaction"]["emoji"] == "👍"
        assert call["calls"][0]["event"] == "connect"
        assert text["contacts"][0]["profile"]["name"] == "Budi"
        assert "from" not in text["messages"][0]
        waba = f"{env[GRAPH_URL]}/v25.0/{env['WHATSAPP_WABA_ID']}"
        httpx.get(f"{waba}/x", headers=bearer(env))
        httpx.get(f"{waba}/EAAJBq7ZCd0ABO3kXw9v/x", headers=bearer(env))
        process.kill()
        assert process.stderr is not None
        err = process.stderr.read()
    assert '"shout" is not known' in err
    assert f"Not simulated: GET /{env['WHATSAPP_WABA_ID']}/x" in err
    assert "EAAJBq7" not in err
    assert "Traceback" not in err


def kind(value: dict[str, Any]) -> str:
    return str(value["messages"][0]["type"]) if "messages" in value else "call"


def bearer(env: dict[str, str]) -> dict[str, str]:
    return {"authorization": f"Bearer {env['WHATSAPP_ACCESS_TOKEN']}"}


@pytest.mark.parametrize(
    ("flags", "reached"),
    [
        ([], {"recipient": True, "6281255501234": False}),
        (["--allow", "+62 812-5550-1234"], {"recipient": True, "491701234567": False}),
        (["--allow", "any"], {"recipient": True, "491701234567": True}),
    ],
)
def test_the_allowed_recipient_is_named_and_more_are_added(
    shell: Shell, flags: list[str], reached: dict[str, bool]
) -> None:
    with running(shell, *flags) as (_, env):
        for to, is_reached in reached.items():
            number = env["WHATSAPP_RECIPIENT"] if to == "recipient" else to
            answer = httpx.post(
                f"{env[GRAPH_URL]}/v25.0/{env['WHATSAPP_PHONE_NUMBER_ID']}/messages",
                headers=bearer(env),
                json={"messaging_product": "whatsapp", "to": number, "text": {"body": "halo"}},
            )
            assert (answer.status_code == 200) is is_reached, answer.text


@each_line("flags", [["--allow", "everybody"], ["--allow", "12"], ["--allow", "6281234567"] * 6])
def test_what_is_no_recipient_is_wrong_usage(shell: Shell, flags: list[str]) -> None:
    ended = shell("simulator", *flags)
    assert (ended.code, ended.out) == (2, "")
    assert "any" in ended.err
