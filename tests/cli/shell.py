"""The command as a shell runs it: a process of its own, with its streams and its exit code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from tests.cli import warm
from tests.cli.running import Running
from tests.cli.world import VALUES
from tests.recorded import VARIABLE

PLUGINS = warm.PLUGINS
_BASH = shutil.which("bash") or "bash"
COMMAND = (sys.executable, "-m", "wizard")
_OURS = {"PYTHONPATH": str(PLUGINS), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
_READ_AT_START = re.compile(r"PYTHON(?!_KEYRING|IOENCODING$)")
NOBODY = "keyring.backends.fail.Keyring"
"""The back end that stands for a machine without a keyring."""

Process: TypeAlias = "subprocess.Popen[str] | Running"


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Shell:
    """A clean environment around a folder, in which every command finds the same keyring."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inherited = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TMPDIR", "TEMP", "TMP", VARIABLE)
        self.env = {
            **{name: os.environ[name] for name in inherited if name in os.environ},
            "HOME": str(self.folder),
            "USERPROFILE": str(self.folder),
            "LANG": "C.UTF-8",
            **_OURS,
            "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
            "TEST_KEYRING_FILE": str(self.keyring),
            "WHATSAPP_WIZARD_STATE_DIR": str(self.state.parent),
            "WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9",
            **self.env,
        }
        self._first_env = dict(self.env)

    def begin_anew(self) -> None:
        """Empties the folder, and has the environment as it was."""
        self.env = dict(self._first_env)
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring.json"

    @property
    def state(self) -> Path:
        return self.folder / "state" / "state.json"

    def stored(self, profile: str = "default") -> dict[str, str]:
        """What the keyring holds for a profile, as it was put there."""
        if not self.keyring.exists():
            return {}
        held: dict[str, str] = json.loads(self.keyring.read_text("utf-8")).get(
            f"whatsapp-wizard:{profile}", {}
        )
        return held

    def fill(self, **others: str) -> None:
        """Puts all six into the keyring, as an earlier run would have; some with other values."""
        held = {"whatsapp-wizard:default": VALUES | others}
        self.keyring.write_text(json.dumps(held), "utf-8")

    def __call__(
        self,
        *arguments: str | Path,
        stdin: str | bytes | None = None,
        env: Mapping[str, str] = {},
    ) -> Ended:
        """Runs `whatsapp-wizard ARGUMENTS` to its end. Without `stdin` there is nothing to read."""
        text = stdin.encode() if isinstance(stdin, str) else stdin
        if warm.IS_POSSIBLE and self._is_plain(env):
            return self._forked([*map(str, arguments)], text, {**self.env, **env})
        return self.cold(*arguments, text=text, env=env)

    def cold(
        self, *arguments: str | Path, text: bytes | None = None, env: Mapping[str, str] = {}
    ) -> Ended:
        """The same in an interpreter that was started for it."""
        ended = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            stdin=subprocess.DEVNULL if text is None else None,
            input=text,
            capture_output=True,
            timeout=60,
            check=False,
            cwd=self.folder,
            env={**self.env, **env},
        )
        out, err = (_text(stream) for stream in (ended.stdout, ended.stderr))
        return Ended(ended.returncode, out, err)

    def _is_plain(self, env: Mapping[str, str]) -> bool:
        """Whether nothing in the environment is meant for the interpreter, which reads it once."""
        given = {**self.env, **env}.items()
        return {name: value for name, value in given if _READ_AT_START.match(name)} == _OURS

    def _forked(self, arguments: list[str], text: bytes | None, env: dict[str, str]) -> Ended:
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            files[0].write(text or b"")
            for file in files:
                file.seek(0)
            streams = warm.Streams(*(file.fileno() for file in files))
            code = warm.run(arguments, env, self.folder, streams)
            for file in files:
                file.seek(0)
            return Ended(code, *(_text(file.read()) for file in files[1:]))

    @contextlib.contextmanager
    def start(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] = {}
    ) -> Iterator[Process]:
        """A command that does not end by itself; it is gone when the block is left."""
        with tempfile.TemporaryFile() as given:
            given.write(stdin.encode())
            given.seek(0)
            begun = self._begun([*arguments], given.fileno(), env)
        watchdog = threading.Timer(30, begun.kill)
        watchdog.start()
        try:
            with begun as process:
                yield process
                process.kill()
        finally:
            begun.kill()
            watchdog.cancel()

    def _begun(self, arguments: list[str], stdin: int, env: Mapping[str, str]) -> Process:
        if warm.IS_POSSIBLE and self._is_plain(env):
            return Running(arguments, {**self.env, **env}, self.folder, stdin)
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env={**self.env, **env},
        )

    def script(self, text: str, *, env: Mapping[str, str] = {}) -> Ended:
        """Runs a piece of bash, in which `$WIZARD` is the command."""
        wizard = " ".join(COMMAND)
        ended = subprocess.run(
            [_BASH, "-c", f"WIZARD='{wizard}'\n{text}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
            cwd=self.folder,
            env={**self.env, **env},
        )
        return Ended(ended.returncode, _text(ended.stdout), _text(ended.stderr))


def _text(stream: bytes) -> str:
    return stream.decode("utf-8", "replace").replace("\r\n", "\n")
