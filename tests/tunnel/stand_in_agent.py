"""A stand-in for ngrok's agent: its log, its API, and a public side on a second port.

`STANDIN` chooses how it misbehaves; run by its own shebang, with the standard library alone.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

WAY = os.environ.get("STANDIN", "")
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host"}
OPEN: dict[str, dict[str, Any]] = {}
PUBLIC: list[object] = []
TOLD = threading.Lock()


def log(level: str, message: str, **more: str) -> None:
    fields = " ".join(f'{k}="{v}"' for k, v in more.items())
    with TOLD:
        sys.stdout.write(f't=2026-06-12T12:44:32-0400 lvl={level} msg="{message}" {fields}\n')
        sys.stdout.flush()


def text_of(code: str) -> str:
    if code in {"105", "106", "107"}:
        return f"It is refused.\\nYour authtoken: {os.environ.get('NGROK_AUTHTOKEN')}\\r\\n"
    return "It is refused.\\r\\n"


def refuse_login(code: str) -> None:
    err = f"authentication failed: {text_of(code)}\\r\\nERR_NGROK_{code}\\r\\n"
    log("eror", "failed to reconnect session", obj="tunnels.session", err=err)
    log("eror", "terminating with error", obj="app", err=err)
    log("crit", "command failed", err=err)
    for line in err.replace("\\r", "").split("\\n"):
        sys.stderr.write(f"ERROR:  {line}\n")
    sys.exit(1)


def begin() -> None:
    if sys.argv[1:5] != ["start", "--none", "--log", "stdout"]:
        sys.stderr.write("ERROR:  unknown command\n")
        sys.exit(1)
    seen = {"argv": sys.argv, "env": dict(os.environ), "pid": os.getpid()}
    with open(os.environ["STANDIN_SEEN"], "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(seen, file)
    end_early()


def end_early() -> None:
    if WAY == "silent":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    if WAY == "stderr":
        sys.stderr.write("ERROR:  config file is broken\n")
        sys.exit(1)
    if any(name.lower() == "http_proxy" for name in os.environ):
        refuse_login("9009")
    if not os.environ.get("NGROK_AUTHTOKEN"):
        refuse_login("4018")
    if WAY.startswith("login-"):
        refuse_login(WAY[6:])


if __name__ == "__main__":
    begin()

# Loaded behind it: of most of these agents nobody asks anything, and it takes most of their time.
import http.client  # noqa: E402
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # noqa: E402


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))


class Api(Quiet):
    def say(self, status: int, data: object) -> None:
        log("info", "start", pg=self.path)
        self.reply(status, json.dumps(data).encode(), {"Content-Type": "application/json"})
        log("info", "end", pg=self.path, status=str(status))

    def do_GET(self) -> None:
        if WAY == "too-old":
            self.say(404, {"error_code": 100, "status_code": 404})
        elif self.path == "/api/endpoints":
            self.say(200, {"endpoints": list(OPEN.values()), "uri": self.path})
        else:
            self.say(404, {"error_code": 100, "status_code": 404})

    def do_POST(self) -> None:
        asked = json.loads(self.body())
        if WAY == "too-old":
            return self.say(404, {"error_code": 100, "status_code": 404})
        if WAY.startswith("open-"):
            err = f"failed to start tunnel: refused {text_of(WAY[5:])}ERR_NGROK_{WAY[5:]}"
            refusal = {"error_code": 103, "status_code": 502, "msg": "failed to start tunnel"}
            return self.say(502, refusal | {"details": {"err": err.replace("\\n", "\n")}})
        if OPEN:
            return self.say(502, {"error_code": 103, "details": {"err": "x ERR_NGROK_334"}})
        made = endpoint(asked)
        if WAY == "slow":
            time.sleep(2.5)
        if WAY.startswith("early-"):
            session_lost()
            if WAY == "early-flap":
                session_back(made)
            time.sleep(0.3)
        self.say(201, made)
        if WAY == "dies":
            os._exit(1)
        if WAY in {"flaps", "moves"}:
            time.sleep(0.3)
            session_lost()
            session_back(made)
        return None


def session_lost() -> None:
    log("eror", "session closed, starting reconnect loop", err="read tcp: reset")


def session_back(made: dict[str, Any]) -> None:
    if WAY == "moves":
        made["url"] = "https://another-name.ngrok-free.app"
    log("info", "client session established", obj="tunnels.session")


def endpoint(asked: dict[str, Any]) -> dict[str, Any]:
    upstream = asked["upstream"]["url"]
    port = int(upstream.rsplit(":", 1)[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Edge", (Edge,), {"upstream": port}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    name = asked["name"]
    url = asked.get("url") or f"http://127.0.0.1:{server.server_port}"
    OPEN[name] = {"name": name, "uri": f"/api/endpoints/{name}", "url": url}
    OPEN[name] |= {"upstream": asked["upstream"], "inspect": asked.get("inspect", True)}
    PUBLIC.append(server)
    log("info", "started tunnel", obj="tunnels", name=name, url=url)
    return OPEN[name]


class Edge(Quiet):
    upstream = 0

    def pass_on(self) -> None:
        kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        kept |= {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https"}
        kept["X-Forwarded-Host"] = self.headers.get("Host", "")
        behind = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=10)
        try:
            behind.request(self.command, self.path, self.body(), kept)
            answer = behind.getresponse()
            own = HOP | {"content-length", "server", "date"}
            headers = {k: v for k, v in answer.getheaders() if k.lower() not in own}
            self.reply(answer.status, answer.read(), headers)
        except OSError:
            self.reply(502, b"<html>", {"ngrok-error-code": "ERR_NGROK_8012"})
        finally:
            behind.close()

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()


def serve() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    log("info", "starting web service", obj="web", addr=f"127.0.0.1:{server.server_port}")
    if WAY == "offline":
        for _ in range(600):
            err = "dial tcp: lookup connect.ngrok-agent.com: no such host"
            log("eror", "failed to reconnect session", obj="csess", err=err)
            time.sleep(0.1)
    log("info", "client session established", obj="tunnels.session")
    log("info", "tunnel session started", obj="tunnels.session")
    server.serve_forever()


if __name__ == "__main__":
    serve()
