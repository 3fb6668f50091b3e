#!/usr/bin/env bash
# PyPI: keyring 25.7.0, keyrings.alt 5.0.2.
# Expected: what was deleted is gone, and what can be read can be deleted.
# Seen: with two usable back ends keyring reads from all, and writes to and deletes from the first
#   alone. A value that only the second holds can be read, and deleting it raises
#   PasswordDeleteError. A newer value in the first hides it; delete that, and the old one is back.
# Matters: a machine that had keyrings.alt before it had a desktop keyring gives back the token from
#   before the last rotation once the new one is deleted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install keyring==25.7.0 keyrings.alt==5.0.2
env -u PYTHON_KEYRING_BACKEND XDG_DATA_HOME="$folder" venv/bin/python - <<'PY'
import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import PasswordDeleteError
from keyrings.alt.file import PlaintextKeyring

class DesktopKeyring(KeyringBackend):
    """Stands for the system's own, which has the higher priority."""
    priority = 5
    kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")

keyring.core.init_backend(
    limit=lambda one: isinstance(one, DesktopKeyring | PlaintextKeyring | ChainerBackend))
chain = keyring.get_keyring()
assert isinstance(chain, ChainerBackend), chain
print("asked in this order:", *(type(one).__name__ for one in chain.backends))

PlaintextKeyring().set_password("app", "token", "old")
before = keyring.get_password("app", "token")
try:
    keyring.delete_password("app", "token")
    deleted = "deleted"
except PasswordDeleteError:
    deleted = "PasswordDeleteError"
keyring.set_password("app", "token", "new")
rotated = keyring.get_password("app", "token")
keyring.delete_password("app", "token")
after = keyring.get_password("app", "token")
print(f"only the second has it: {before}, {deleted}; set: {rotated}; deleted: {after}")
assert (before, deleted, rotated, after) == ("old", "PasswordDeleteError", "new", "old")
PY
