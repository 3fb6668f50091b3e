"""`doctor` as a program: on an endpoint of anybody's, and on a whole setup."""

from __future__ import annotations

import re
import select
import socket
import ssl
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.commands.test_listen import ENV, Lines, free_port
from tests.cli.shell import COMMAND, NOBODY, Shell
from tests.cli.world import GRAPH_URL, SECRETS, VALUES, Pretended, secrets_of
from tests.faults.certificates import authority, context
from tests.tables import each_line
from wizard.simulator import SCENARIOS

TOKEN = VALUES["verify_token"]
Answer = Callable[[dict[str, str]], tuple[int, str]]
DOCTORS = [name for name, scenario in SCENARIOS.items() if scenario.asked_by == "doctor"]


def verifies(query: dict[str, str]) -> tuple[int, str]:
    good = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == TOKEN
    return (200, query["hub.challenge"]) if good else (403, "")


def quotes(query: dict[str, str]) -> tuple[int, str]:
    return 200, f'"{query["hub.challenge"]}"'


def knows_another_token(query: dict[str, str]) -> tuple[int, str]:
    return 403, f"not {query['hub.verify_token']}"


def is_lost(_query: dict[str, str]) -> tuple[int, str]:
    return 404, "nothing here"


@contextmanager
def server(
    answer: Answer,
    tls: ssl.SSLContext | None = None,
    on_post: Callable[[str], None] = lambda _: None,
) -> Iterator[str]:
    """Somebody's webhook; it refuses every POST."""

    class Webhook(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            self._say(*answer(query))

        def do_POST(self) -> None:
            on_post(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            self._say(403, "")

        def _say(self, status: int, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Webhook) as served:
        if tls is not None:
            served.socket = tls.wrap_socket(served.socket, server_side=True)
        threading.Thread(target=served.serve_forever, daemon=True).start()
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{served.server_port}/webhook"
        served.shutdown()


@each_line(
    ("answer", "primary", "code"),
    [
        (quotes, "webhook.wrong_body", 1),
        (knows_another_token, "webhook.token_mismatch", 1),
        (is_lost, "webhook.not_found", 1),
        (verifies, None, 0),
    ],
)
def test_anybodys_endpoint_is_diagnosed_without_a_keyring(
    shell: Shell, answer: Answer, primary: str | None, code: int
) -> None:
    with server(answer) as url:
        ended = shell(
            "doctor",
            "--url",
            url,
            "--json",
            "--verify-token-stdin",
            stdin=f"{TOKEN}\n",
            env={"PYTHON_KEYRING_BACKEND": NOBODY},
        )
    assert (ended.code, ended.json["primary"]) == (code, primary)
    assert "webhook.local_only" in {finding["id"] for finding in ended.json["findings"]}
    assert TOKEN not in ended.said


def test_test_messages_are_announced_and_can_be_left_out(shell: Shell) -> None:
    posted: list[str] = []
    with server(verifies, on_post=posted.append) as url:
        command = ("doctor", "--url", url, "--env")
        ended = shell(*command, "--no-deliveries", env=ENV)
        assert (ended.code, posted) == (0, [])
        assert "no test message was sent" in ended.out
        shell(*command, "--json", env=ENV)
        assert posted
        assert all("This is a test" in body for body in posted if "messages" in body)
        ended = shell(*command, env=ENV)
        assert "--no-deliveries" in ended.err.splitlines()[0]


@pytest.mark.parametrize("arguments", [(), ("--url", "example"), ("--url", "ftp://example.com")])
def test_no_test_messages_are_announced_where_there_is_nobody_to_send_them_to(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    ended = shell("doctor", *arguments)
    assert ended.code == 1
    assert "Sending" not in ended.said


def test_nobody_at_the_url_is_a_cause_too(shell: Shell) -> None:
    url = f"http://127.0.0.1:{free_port()}/webhook"
    ended = shell("doctor", "--url", url, "--json", "--env", env=ENV)
    assert (ended.code, ended.json["primary"]) == (1, "webhook.connect")


def test_a_proxy_of_ones_own_is_no_fault_of_the_callback(shell: Shell) -> None:
    env = ENV | {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    ended = shell("doctor", "--url", "https://a.example/webhook", "--json", "--env", env=env)
    assert (ended.code, ended.json["primary"]) == (3, "webhook.hindered")


@each_line("url", ["", "no url", "https://", "ftp://a.example/webhook"])
def test_what_is_no_url_is_a_finding_and_no_crash(shell: Shell, url: str) -> None:
    ended = shell("doctor", "--url", url, "--json", "--env", env=ENV)
    assert (ended.code, ended.json["primary"]) == (1, "webhook.bad_url")


def test_white_space_around_the_token_is_what_may_be_wrong_with_it(shell: Shell) -> None:
    with server(verifies) as url:
        ended = shell("doctor", "--url", url, "--json", "--verify-token-stdin", stdin=f"{TOKEN} \n")
    assert (ended.code, ended.json["primary"]) == (1, "webhook.token_whitespace")


@each_line(
    ("made", "primary"),
    [
        ({"trusted": False}, "webhook.tls_untrusted"),
        ({"days": (-9, -1)}, "webhook.tls_expired"),
        ({"host": "another.example"}, "webhook.tls_hostname"),
        ({}, None),
    ],
)
def test_certificates_are_told_apart(
    shell: Shell, made: dict[str, Any], primary: str | None
) -> None:
    trusted = shell.folder / "authority.pem"
    trusted.write_bytes(authority().pem)
    env = {"SSL_CERT_FILE": str(trusted), "WHATSAPP_VERIFY_TOKEN": TOKEN}
    with server(verifies, context(shell.folder, **made)) as url:
        ended = shell("doctor", "--url", url, "--json", "--env", env=env)
    assert (ended.code, ended.json["primary"]) == (1 if primary else 0, primary)


def test_the_lines_for_people_end_in_cause_and_cure(shell: Shell) -> None:
    with server(quotes) as url:
        ended = shell("doctor", "--url", url, "--env", env=ENV)
    assert ended.code == 1
    assert "✗  Callback URL" in ended.out
    assert "┃" in ended.out
    assert "→" in ended.out
    assert not [value for value in SECRETS if value in ended.said]
    assert "Only the URL was checked." not in ended.said


def test_with_fewer_than_all_six_it_says_that_the_url_alone_was_checked(shell: Shell) -> None:
    with server(verifies) as url:
        ended = shell("doctor", "--url", url, "--env", env={"WHATSAPP_VERIFY_TOKEN": TOKEN})
    assert "Only the URL was checked." in ended.err
    assert "Only the URL was checked." not in ended.out


def test_what_needs_no_graph_is_told_at_once_where_graph_lets_nobody_in(shell: Shell) -> None:
    """Started cold, as what judges the answers is loaded behind the questions."""
    shell.fill()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        env = {**shell.env, GRAPH_URL: f"https://127.0.0.1:{silent.getsockname()[1]}"}
        command = [*COMMAND, "doctor", "--no-deliveries"]
        with subprocess.Popen(command, env=env, cwd=shell.folder, stdout=subprocess.PIPE) as doctor:
            assert doctor.stdout is not None
            readable, _, _ = select.select([doctor.stdout], [], [], 6)
            doctor.kill()
            # Graph itself is given up after ten seconds.
            assert readable, "nothing was told"
            assert "Keyring" in doctor.stdout.readline().decode()


@pytest.mark.parametrize("answer", [knows_another_token, verifies, quotes])
def test_the_report_file_holds_the_evidence_and_no_secret(shell: Shell, answer: Answer) -> None:
    with server(answer) as url:
        shell("doctor", "--url", url, "--env", "--report", "report.txt", env=ENV)
        text = (shell.folder / "report.txt").read_text("utf-8")
        assert url in text
    assert "Cause: " in text
    assert not [value for value in SECRETS if value in text]


def test_with_a_dash_the_report_is_all_that_stands_on_standard_output(shell: Shell) -> None:
    with server(knows_another_token) as url:
        asked = ("doctor", "--url", url, "--env", "--report")
        shell(*asked, "report.txt", env=ENV)
        ended = shell(*asked, "-", env=ENV)
    assert not (shell.folder / "-").exists()
    lines = (shell.folder / "report.txt").read_text("utf-8").splitlines()
    assert ended.code == 1
    assert [_timeless(line) for line in ended.out.splitlines()] == [*map(_timeless, lines)]
    both = shell(*asked, "-", "--json", env=ENV)
    assert (both.code, both.out) == (2, "")


def _timeless(line: str) -> str:
    return re.sub(r"[0-9]+", "0", line)


def test_the_report_file_is_its_owners_alone_and_takes_no_other_files_place(
    shell: Shell,
) -> None:
    """As `export` writes."""
    there, target, link = (shell.folder / name for name in ("there.txt", "target", "link.txt"))
    for path in (there, target):
        path.write_text("kept")
    link.symlink_to(target)
    with server(verifies) as url:
        asked = ("doctor", "--url", url, "--env", "--report")
        for path in (there, link):
            refused = shell(*asked, path.name, env=ENV)
            assert (refused.code, "--force" in refused.err) == (2, True)
        shell(*asked, "new.txt", env=ENV)
        shell(*asked, "link.txt", "--force", env=ENV)
    assert (there.read_text(), target.read_text(), link.is_symlink()) == ("kept", "kept", False)
    for name in ("new.txt", "link.txt"):
        assert stat.S_IMODE((shell.folder / name).stat().st_mode) == 0o600


def test_a_report_file_that_cant_be_written_is_one_sentence(shell: Shell) -> None:
    ended = shell(
        "doctor", "--url", "http://127.0.0.1:9", "--env", "--report", "no/such/folder", env=ENV
    )
    assert ended.code in {1, 2}
    assert "Traceback" not in ended.said
    assert "no/such/folder" in ended.err


@pytest.mark.parametrize("name", DOCTORS)
def test_no_scenario_makes_it_stumble_or_tell_a_secret(
    shell: Shell, meta: Pretended, name: str
) -> None:
    env = meta.broken(name)
    ended = shell("doctor", "--env", "--json", env=env)
    assert ended.code == 1
    assert ended.json["primary"]
    assert not [value for value in secrets_of(env) if value in ended.said]


def test_a_setup_that_listens_is_well_from_the_keyring_up_to_meta(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.healthy()
    address = {"WHATSAPP_WIZARD_GRAPH_URL": env["WHATSAPP_WIZARD_GRAPH_URL"]}
    shell.fill()
    url = f"http://127.0.0.1:{free_port()}"
    with shell.start("listen", "--json", "--url", url, env=address) as process:
        Lines(process).until("finding", id="webhook.registered")
        ended = shell("doctor", "--json", env=address)
    assert (ended.code, ended.json["primary"]) == (0, None)
    said = {finding["id"] for finding in ended.json["findings"]}
    assert {"keyring.ok", "webhook.listening", "webhook.verified", "webhook.registered"} <= said
    again = shell("doctor", "--json", env=address)
    assert (again.code, again.json["primary"]) == (1, "webhook.not_listening")


def test_a_keyring_that_cant_be_used_is_code_4(shell: Shell) -> None:
    ended = shell("doctor", "--json", env={"PYTHON_KEYRING_BACKEND": NOBODY})
    assert (ended.code, ended.json["primary"]) == (4, "keyring.no_backend")
