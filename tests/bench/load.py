"""Rows about the webhook's endpoint under load, with wrk."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import BARE_APP, FOLDER, Row, Sides, environment, python, wizard
from tests.bench.terminal import Terminal
from wizard.values.credentials import Secret
from wizard.webhook.signature import sign

_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
_TOKEN = "bench-verify-token-0123456789"
_SECONDS = 4
_PAIRS = 5
_EVENTS = 10_000
_BARE_SERVER = """
import sys, uvicorn

async def app(scope, receive, send):
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    length = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": b"ok"})

uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False, lifespan="off")
"""


def _body(number: int) -> bytes:
    message = {
        "from": "16505551234",
        "id": f"wamid.{number}",
        "timestamp": "1780000000",
        "type": "text",
        "text": {"body": "halo"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Ayu"}, "wa_id": "16505551234"}],
        "messages": [message],
    }
    change = {"field": "messages", "value": value}
    entry = {"id": "102290129340398", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


@contextlib.contextmanager
def _serving(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    env = environment(WHATSAPP_APP_SECRET=_SECRET, WHATSAPP_VERIFY_TOKEN=_TOKEN)
    with subprocess.Popen(
        command, env=env, cwd=FOLDER.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        try:
            yield process
        finally:
            process.kill()


def _listen(port: int) -> list[str]:
    url = f"http://127.0.0.1:{port}/webhook"
    return wizard("listen", "--env", "--no-register", "--url", url, "--port", str(port), "--json")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _rate(command: list[str], port: int, script: str) -> float:
    """Requests a second that wrk gets answered once what the first ones load is loaded. Raises
    `RuntimeError` where one was refused."""
    with _serving(command, port), tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script)
        lua.flush()
        query = f"hub.mode=subscribe&hub.verify_token={_TOKEN}&hub.challenge=1158201444"
        url = f"http://127.0.0.1:{port}/webhook?{query}"
        wrk = ["wrk", "-t1", "-c16", "-s", lua.name, url]
        for seconds in (1, _SECONDS):
            timed = [*wrk, f"-d{seconds}s"]
            out = subprocess.run(timed, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    found = re.search(r"Requests/sec:\s+([0-9.]+)", out)
    return float(found[1]) if found else 0.0


def _load(script: str) -> Sides:
    if not shutil.which("wrk"):
        raise RuntimeError("wrk is not installed")
    ours, other = free_port(), free_port()
    bare = [*python(_BARE_SERVER), str(other)]
    rates = [
        (_rate(_listen(ours), ours, script), _rate(bare, other, script)) for _ in range(_PAIRS)
    ]
    middle = sorted(rates, key=lambda pair: pair[0] / pair[1])[_PAIRS // 2]
    return Sides(*middle, unit="a second")


def _handshakes(_other: str | None) -> Sides:
    return _load("")


def _posts(_other: str | None) -> Sides:
    body = _body(1)
    headers = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": sign(Secret(_SECRET), body),
    }
    lines = [f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}" for k, v in headers.items()]
    escaped = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    return _load("\n".join(['wrk.method = "POST"', *lines, f"wrk.body = '{escaped}'"]))


def megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


async def _post(port: int, numbers: range) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        body = _body(number)
        head = (
            "POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: {sign(Secret(_SECRET), body)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await reader.readuntil(b"\r\n\r\n")
    writer.close()


def _memory(_other: str | None) -> Sides:
    port = free_port()
    with _serving(_listen(port), port) as process:
        asyncio.run(_post(port, range(_EVENTS)))
        first = megabytes(process.pid)
        asyncio.run(_post(port, range(_EVENTS, 2 * _EVENTS)))
        second = megabytes(process.pid)
    with Terminal(python(BARE_APP), environment()) as bare:
        bare.until("WhatsApp Wizard")
        other = megabytes(bare.pid)
    return Sides(first, other, "MB", f"{second:.0f} MB after twice as many")


ROWS = (
    Row("listen: verification requests", "bare uvicorn", 0.9, _handshakes, at_least=True),
    Row("listen: signed POSTs", "bare uvicorn", 0.8, _posts, at_least=True),
    Row("listen: memory after 10,000 events", "a Textual app of one Static", 1.5, _memory),
)
