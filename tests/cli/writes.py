"""Every command that writes, ready to be broken off: what there is before, and what it is given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended
from wizard.simulator.world.objects import Subscription
from wizard.simulator.world.state import DAY
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook

OLD = "an older text\n"
OUT = "out.env"
REPORT = "report.txt"
_DEAD = "http://127.0.0.1:9/webhook"
_FILE = f"WHATSAPP_APP_SECRET={'c' * 32}\nWHATSAPP_VERIFY_TOKEN=another-token-2026\n"

Prepare: TypeAlias = Callable[[Shell, Pretended], str | None]
"""Makes what there has to be before; returns what comes on standard input."""


@dataclass(frozen=True)
class Write:
    """A command, and what it may touch: `output` is the file that it makes."""

    words: tuple[str, ...]
    prepare: Prepare = lambda _shell, _meta: None
    output: str = ""


@dataclass(frozen=True)
class Kept:
    """All that a command may have changed."""

    held: dict[str, dict[str, str]]
    profiles: frozenset[str]
    output: str | None

    @classmethod
    def of(cls, shell: Shell, write: Write) -> Kept:
        """Reads it; fails where the keyring's file or the state's is not whole."""
        state = StateFile(shell.state.parent)
        names = frozenset(state.profiles())
        assert state.notice is None or "repair" in write.words
        held = json.loads(shell.keyring.read_text("utf-8")) if shell.keyring.exists() else {}
        file = shell.folder / write.output
        text = file.read_text("utf-8") if write.output and file.exists() else None
        if text and re.search(r"\n\d+ findings in \d+ ms\n$", text):
            text = "a whole report"  # in which times differ
        return cls({name: one for name, one in held.items() if one}, names, text)

    def is_like(self, other: Kept) -> bool:
        """Whether it is the same; of a file that it did not come to fill, the name is taken."""
        return replace(self, output=None) == replace(other, output=None) and (
            self.output in {other.output, ""}
        )

    def lies_between(self, before: Kept, after: Kept) -> bool:
        """Whether each value and name is as it was or as it is to be, and none is lost."""
        return (
            all(
                value in {before.held.get(at, {}).get(name), after.held.get(at, {}).get(name)}
                for at, one in self.held.items()
                for name, value in one.items()
            )
            and all(
                self.held.get(at, {}).get(name) == value
                for at, one in before.held.items()
                for name, value in one.items()
                if after.held.get(at, {}).get(name) == value
            )
            and before.profiles & after.profiles <= self.profiles
            and self.output in {before.output, after.output, "" if before.output is None else None}
        )


def _give(text: str) -> Prepare:
    return lambda _shell, _meta: text


def _report_there(shell: Shell, _meta: Pretended) -> None:
    (shell.folder / REPORT).write_text(OLD)


def _export_there(shell: Shell, _meta: Pretended) -> None:
    (shell.folder / OUT).write_text(OLD)


def _token_only(shell: Shell, _meta: Pretended) -> str:
    held = {"whatsapp-wizard:default": {"verify_token": VALUES["verify_token"]}}
    shell.keyring.write_text(json.dumps(held), "utf-8")
    return VALUES["access_token"]


def _longer(_shell: Shell, meta: Pretended) -> str:
    return meta.world.issue(meta.world.app, lifetime=30 * DAY).text.reveal()


def _replaced(shell: Shell, meta: Pretended) -> None:
    meta.world.app.subscriptions[:] = [Subscription("https://new.example/hook", ("messages",))]
    theirs = "https://prod.example.com/webhook"
    before = ReplacedCallback("app", meta.world.app.id, theirs, ("messages",), _DEAD)
    webhook = StoredWebhook(_DEAD, _DEAD, replaced=(before,))
    StateFile(shell.state.parent).save("default", Progress(webhook=webhook))


def _damaged(shell: Shell, _meta: Pretended) -> None:
    shell.state.write_bytes(shell.state.read_bytes()[:-3])
    StateFile(shell.state.parent).load("default")


WRITES = {
    "set": Write(("set", "app_secret", "--stdin"), _give("c" * 32)),
    "import": Write(("import", "--stdin"), _give(_FILE)),
    "forget": Write(("forget", "--yes")),
    "forget one": Write(("forget", "verify_token", "--yes")),
    "check": Write(("check",)),
    "discover": Write(("discover", "--store", "--stdin"), _token_only),
    "rotate": Write(("rotate", "--stdin"), _longer),
    "restore": Write(("restore",), _replaced),
    "doctor": Write(("doctor", "--report", REPORT, "--force"), _report_there, REPORT),
    "export": Write(("export", "--output", OUT), output=OUT),
    "export over": Write(("export", "--output", OUT, "--force"), _export_there, OUT),
    "profile create": Write(("profile", "create", "blog")),
    "profile switch": Write(("profile", "switch", "shop")),
    "profile rename": Write(("profile", "rename", "shop", "live")),
    "profile copy": Write(("profile", "copy", "shop", "test")),
    "profile delete": Write(("profile", "delete", "shop", "--yes")),
    "profile repair": Write(("profile", "repair", "--yes"), _damaged),
}
UNWRITING = {"status", "subscribe", "send", "exec", "selftest", "completion", "help", "version"}
"""Nothing of theirs stays."""
ENDLESS = {"listen", "demo", "simulator"}
"""They run until somebody ends them; what a killed `listen` leaves has tests of its own."""


def fill(shell: Shell, meta: Pretended, write: Write) -> tuple[str | None, dict[str, Any]]:
    """Two profiles with all six, and what the command wants; its input and its environment."""
    env = meta.healthy()
    shop = {name: f"{value[:-1]}x" for name, value in VALUES.items()}
    held = {"whatsapp-wizard:default": VALUES, "whatsapp-wizard:shop": shop}
    shell.keyring.write_text(json.dumps(held), "utf-8")
    for name in ("default", "shop"):
        StateFile(shell.state.parent).save(name, Progress(step="7.5"))
    return write.prepare(shell, meta), env


def secrets_left(folder: Path, known: set[str]) -> list[str]:
    """Files beyond the known ones that hold a secret."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and path.name not in known
        if any(VALUES[name] in path.read_text("utf-8", "replace") for name in ("app_secret",))
    ]
