"""Whatever is written out is read back as it was by those it is written for, or refused."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import string
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables import each_line
from tests.values.env_readers import installed
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.values.formats import DNS_LABEL, FORMATS, UnfitValueError, render, text_of
from wizard.values.presets import Variable

BASH = shutil.which("bash") or ""
posix = pytest.mark.skipif(sys.platform == "win32" or not BASH, reason="needs bash")
VERIFY = CREDENTIALS["verify_token"]

ODD = [
    "", " ", "a b", " a", "a ", "'", '"', "it's", "'a'", '"a"', "$HOME", "${HOME}", "a$", "\\",
    "a\\", "\\n", "a\nb", "a\n", "\n", "a\r\nb", "a\r", "\t", "a#b", "a #b", "#a", "~", "~root",
    "a:~root", "=", "=ls", "a==", "a|b", "a;b", "a&b", "(a)", "<a>", "`id`", "$(id)", "!a", "*",
    "/etc/*", "{a,b}", "[a]", "-n", "-e", "--", "%s", "%", "é", "日本語", "🙂", "\u00a0",
    "a\u2028b", "\ufeff", "\u200b", "\x1b[31m", "\x00", "a\x00b", "\ud800", "\x7f", "\x85",
    "null", "yes", "1e3", "0x10", "2026-01-01", "&a", "*a", "? a", "- a", "a: b", "|", ">",
    "@", "{}", "EOF", "export A=1", "\\u0041", "'\\''", '"\\"',
]  # fmt: skip
SAFE = string.ascii_letters + string.digits + "._/+-@%^,!*?[]{}é日🙂"
texts = st.sampled_from(ODD) | st.text() | st.text(st.sampled_from("ab'\"$\\ \n#=~:|{}é"))
many = st.lists(texts, min_size=1, max_size=20)
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def variables(values: list[str]) -> list[Variable]:
    return [Variable(f"V{place}", VERIFY, Secret(value)) for place, value in enumerate(values)]


def fitting(form: str, values: list[str]) -> list[str]:
    """Those of the values that the format does not refuse."""
    return [value for value in values if refusal(form, value) is None]


def refusal(form: str, value: str) -> str | None:
    try:
        render(form, variables([value]))
    except UnfitValueError as error:
        return str(error)
    return None


def sourced(text: str, count: int, folder: Path) -> list[str]:
    """What bash has in its variables once it has read the lines."""
    file = folder / "read.env"
    file.write_bytes(text.encode())
    names = " ".join(f'"$V{place}"' for place in range(count))
    line = f"set -aeu; . ./read.env; printf '%s\\0' {names}"
    ended = subprocess.run([BASH, "-c", line], cwd=folder, capture_output=True, check=True)
    assert ended.stderr == b""
    return ended.stdout.decode().split("\0")[:count]


# env


@posix
@quick
@given(many)
def test_a_shell_reads_back_each_value_of_a_env_file(tmp_path: Path, values: list[str]) -> None:
    kept = fitting("env", values)
    if kept:
        assert sourced(render("env", variables(kept)), len(kept), tmp_path) == kept


@given(many)
def test_python_dotenv_reads_back_each_value_of_a_env_file(values: list[str]) -> None:
    kept = fitting("env", values)
    read = dotenv_values(stream=io.StringIO(render("env", variables(kept))))
    assert list(read.values()) == kept


@given(many)
def test_docker_takes_each_line_of_a_env_file_as_it_stands(values: list[str]) -> None:
    kept = fitting("env", values)
    lines = render("env", variables(kept)).split("\n")[:-1]
    assert [line.partition("=")[2] for line in lines] == kept


@pytest.mark.skipif(not shutil.which("docker"), reason="needs docker's command")
def test_docker_itself_reads_back_what_is_not_refused(tmp_path: Path) -> None:
    kept = fitting("env", [*ODD, *SAFE, *(f"a{sign}b" for sign in map(chr, range(1, 0x250)))])
    file = tmp_path / "read.env"
    file.write_bytes(render("env", variables(kept)).encode())
    with daemon() as (address, asked):
        subprocess.run(
            ["docker", "create", "--env-file", str(file), "shop"],
            env={"PATH": os.environ["PATH"], "DOCKER_HOST": address, "HOME": str(tmp_path)},
            capture_output=True,
            check=True,
            timeout=60,
        )
    assert asked[0]["Env"] == [f"V{place}={value}" for place, value in enumerate(kept)]


@contextmanager
def daemon() -> Iterator[tuple[str, list[Any]]]:
    """Stands in for docker's daemon; hears what containers are to be made of."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(200, b"")

        def do_GET(self) -> None:
            self.answer(200, b"OK")

        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(201, b'{"Id": "1", "Warnings": []}')

        def answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Api-Version", "1.47")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@given(st.text(SAFE) | st.from_regex(r"\A[A-Za-z0-9_=-]*\Z").filter(lambda text: text[:1] != "="))
def test_values_such_as_meta_gives_out_are_never_refused(value: str) -> None:
    for form in FORMATS:
        assert refusal(form, value) is None


@each_line(
    "value",
    [
        "a b",
        "it's",
        "$HOME",
        "a\nb",
        "#a",
        "shop#7",
        "a|b",
        "~",
        "=ls",
        "\x00",
        "\ud800",
        "a\u00a0",
    ],
)
def test_a_value_that_the_readers_of_a_env_file_take_differently_is_refused(value: str) -> None:
    said = refusal("env", value)
    assert said is not None
    assert said.startswith("The Verify token ")
    assert said == refusal("env", value * 2), "the sentence depends on the value"


@each_line("reader", sorted(installed()))
def test_each_reader_that_is_here_reads_what_is_written(reader: str, tmp_path: Path) -> None:
    for value in ("a%b@c,d=e", "é日!*{a}"):
        (tmp_path / "read.env").write_text(render("env", variables([value])), "utf-8")
        assert installed()[reader](tmp_path) == value


def test_the_page_of_readers_tells_what_is_written() -> None:
    page = (Path(__file__).parents[2] / "docs" / "env-files.md").read_text("utf-8")
    told = re.findall(r"^\| (`+) ?(.+?) ?\1 \| (writes|refuses) it", page, re.MULTILINE)
    assert len(told) > 20
    for _, value, what in told:
        plain_one = value.replace("\\|", "|")
        assert (refusal("env", plain_one) is None) is (what == "writes"), value


# json and k8s


@given(many)
def test_any_value_comes_back_from_json(values: list[str]) -> None:
    assert list(json.loads(render("json", variables(values))).values()) == values


@given(many)
def test_any_text_comes_back_from_a_secret(values: list[str]) -> None:
    kept = fitting("k8s", values)
    assert [value for value in values if value not in kept] == [
        value for value in values if not encodable(value)
    ]
    if not kept:
        return
    secret = yaml.safe_load(render("k8s", variables(kept)))
    assert (secret["apiVersion"], secret["kind"]) == ("v1", "Secret")
    assert list(secret["data"]) == [f"V{place}" for place in range(len(kept))]
    assert [base64.b64decode(value).decode() for value in secret["data"].values()] == kept


def encodable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


@each_line("name", ["no", "null", "1e3", "0x1", "2026-01-01", "whatsapp-credentials"])
def test_names_that_yaml_would_take_for_something_else_stay_names(name: str) -> None:
    assert DNS_LABEL.fullmatch(name)
    secret = yaml.safe_load(render("k8s", [Variable("NO", VERIFY, Secret("x"))], name))
    assert secret["metadata"] == {"name": name}
    assert list(secret["data"]) == ["NO"]


@each_line("name", ["", "-a", "a-", "A", "a.b", "a_b", "é", "a\n", 'a"', "a" * 64, "a b"])
def test_what_is_no_dns_label_names_no_secret(name: str) -> None:
    assert not DNS_LABEL.fullmatch(name)


# github


@posix
@quick
@given(many)
def test_gh_gets_each_value_on_standard_input(tmp_path: Path, values: list[str]) -> None:
    kept = fitting("github", values)
    folder = tmp_path / "gh"
    folder.mkdir(exist_ok=True)
    gh = folder / "gh"
    gh.write_text('#!/bin/sh\n[ "$1 $2 $#" = "secret set 3" ] && cat > "$3"\n')
    gh.chmod(0o755)
    script = render("github", variables(kept)).encode()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([BASH], input=script, cwd=folder, env=env, check=True, capture_output=True)
    # gh drops line ends at the end, so none of the values may have had one.
    read = [(folder / f"V{place}").read_bytes() for place in range(len(kept))]
    assert [value.rstrip(b"\r\n").decode() for value in read] == kept


# the environment


@given(texts)
def test_an_environment_takes_any_text_without_a_nul(value: str) -> None:
    [variable] = variables([value])
    if "\x00" in value or not encodable(value):
        with pytest.raises(UnfitValueError, match=r"^The Verify token "):
            text_of(variable)
    else:
        assert text_of(variable) == value
