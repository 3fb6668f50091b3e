"""What a command would leave if it were killed, at each moment of its course, from one run of it:
of a process that is killed, nothing outlives it but what lies on the disk by then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.cli.shell import Ended, Shell


def pictured(
    shell: Shell, *words: str, stdin: str | None, env: Mapping[str, str]
) -> tuple[Ended, dict[int, Shell]]:
    """Runs a command to its end, and gives a shell for each of its changes by the number: around a
    copy of the folder as it was just before. Where nothing differs from the one before there is
    none."""
    place = shell.folder.with_name(f"{shell.folder.name} meanwhile")
    place.mkdir()
    ended = shell(*words, stdin=stdin, env={**env, "TEST_PICTURES": str(place)})
    found: dict[int, Shell] = {}
    last = None
    for number in range(1, len(list(place.iterdir())) + 1):
        held = _held(place / f"{number}")
        if held != last:
            found[number], last = Shell(place / f"{number}"), held
    return ended, found


def _held(folder: Path) -> dict[Path, bytes | None]:
    files = {path.relative_to(folder): path for path in folder.rglob("*")}
    return {name: path.read_bytes() if path.is_file() else None for name, path in files.items()}
