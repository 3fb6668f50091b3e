"""A keyring that says a lot of its own, as those do that run other programs."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.plugins.file_keyring import FileKeyring
else:
    from file_keyring import FileKeyring


def chat() -> None:
    """On both streams, as Python writes, past it, and through a program."""
    for stream in (sys.stdout, sys.stderr):
        stream.write("chatter\n")
    for number in (1, 2):
        os.write(number, b"chatter\n")
    subprocess.run(["/bin/sh", "-c", "echo chatter; echo chatter >&2"], check=False)


class ChattingKeyring(FileKeyring):
    """Chats while it is chosen, and at every call."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        chat()

    def get_password(self, service: str, username: str) -> str | None:
        chat()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        chat()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        chat()
        super().delete_password(service, username)
