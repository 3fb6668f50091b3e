"""Keyrings that nobody knows, and that ask for a password in ways of their own."""

from __future__ import annotations

import getpass
import sys

from keyrings.cryptfile.cryptfile import (  # type: ignore[import-not-found]
    CryptFileKeyring,
)

QUESTION = "Please enter password: "


class Hidden(CryptFileKeyring):  # type: ignore[misc]
    """Asks on the terminal itself, which shows nothing of the answer."""

    _key: str | None = None

    def _ask(self) -> str:
        return getpass.getpass(QUESTION)

    @property
    def keyring_key(self) -> str:
        if self._key is None:
            if self._ask() != "right":
                raise RuntimeError("Incorrect Password")
            self._key = "right"
        return self._key


class Shown(Hidden):
    def _ask(self) -> str:
        return input(QUESTION)


class OnStandardError(Hidden):
    def _ask(self) -> str:
        sys.stderr.write(f"A word before.\n{QUESTION}")
        sys.stderr.flush()
        return sys.stdin.readline().strip()
