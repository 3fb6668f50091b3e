"""Where a secret is revealed: each place is counted, so that a new one is a decision."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import wizard

ROOT = Path(wizard.__file__).parent
REVEALED = {
    "cli/commands/set.py": 1,  # is anything there?
    "cli/runs/simulator.py": 1,  # a fresh pretended token, printed for a rehearsal
    "cli/commands/simulator.py": 1,  # the pretended credentials, printed for a client
    "cli/input/world.py": 1,  # is anything there?
    "values/credentials.py": 1,  # plain() itself
    "values/formats.py": 2,  # written out: as text, and as bytes for base64
    "graph/request.py": 6,  # the app token; header, parameters, JSON; the proof: key and message
    "values/paste.py": 2,  # is anything there? judged
    "values/redaction.py": 2,  # taken out of what others wrote
    "values/shapes.py": 1,  # judged
    "tunnel/authtoken.py": 1,  # judged
    "tunnel/ngrok_agent.py": 1,  # into the agent's environment
    "testing/running.py": 1,  # the pretended credentials, handed to a test
    "tui/screens/webhook/screen.py": 1,  # copied on a key
    "tui/widgets/capture.py": 7,  # put into the field, and compared with what stands there
    "webhook/signature.py": 1,  # the key of the signature
    "webhook/handshake.py": 1,  # compared
    "webhook/lookalikes.py": 1,  # its variants are tried at a server that refuses it
    "webhook/probe.py": 1,  # into the query, where Meta has it
    "webhook/sample.py": 1,  # the key of the older signature
    "vault/entries.py": 2,  # stored, and compared with what was kept
}


def calls(path: Path) -> int:
    tree = ast.parse(path.read_text("utf-8"))
    return sum(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "reveal")
            or (isinstance(node.func, ast.Name) and node.func.id == "plain")
        )
        for node in ast.walk(tree)
    )


def test_secrets_are_revealed_where_they_are_sent_or_stored_and_nowhere_else() -> None:
    found = {
        str(path.relative_to(ROOT)): calls(path)
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] != "simulator" and calls(path)
    }
    assert found == REVEALED


def test_nothing_in_the_repository_looks_like_a_real_secret() -> None:
    looks_real = re.compile(r"EAA[A-Za-z0-9]{90,}|\b2[A-Za-z0-9]{26}_[0-9][A-Za-z0-9]{20}\b")
    folders = [ROOT, ROOT.parent / "screenshots", ROOT.parent / "README.md"]
    files = [f for top in folders for f in ([top] if top.is_file() else top.rglob("*.*"))]
    for path in files:
        if path.suffix in {".py", ".toml", ".md", ".svg", ".tcss"}:
            assert not looks_real.search(path.read_text("utf-8")), path


def test_no_command_takes_a_secret_as_an_argument() -> None:
    from wizard.cli import COMMANDS, cli

    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        options = {option for param in command.params for option in param.opts}
        assert not options & {"--token", "--access-token", "--secret", "--app-secret", "--value"}


def test_the_wheel_declares_what_it_imports() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[>=<]", line)[0] for line in project["dependencies"]}
    assert {"textual", "httpx", "keyring", "pyngrok", "h11", "click"} <= declared
