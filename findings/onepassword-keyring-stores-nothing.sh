#!/usr/bin/env bash
# PyPI: keyrings.onepassword 0.4.0 (beside keyring 25.7.0, with keyrings.alt 5.0.2 as the other back
#   end), with an object in place of 1Password's client, since there is no account.
# Expected: a back end that only reads raises PasswordSetError, or NotImplementedError, so that a
#   chain goes on to the next; and a password belongs to a service and a name.
# Seen: `set_password` and `delete_password` do nothing, and say nothing. In a chain it stands before
#   the desktop's keyring (priority 7, theirs is 5), so writes end there, and are kept nowhere: what
#   the second held stays as it was. `get_password` never looks at the name: every name of the
#   service gets the one password. Where 1Password can't be reached, it answers None, "not stored".
# Matters: `keyring set` ends well, and the token of before is used on, until it expires. Whoever
#   keeps an App Secret and a token under one service reads one for the other. Read back what you
#   wrote; PYTHON_KEYRING_BACKEND chooses the other one.
# Source: https://keyring.readthedocs.io/en/latest/#api-interface
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install \
  keyring==25.7.0 keyrings.onepassword==0.4.0 onepassword-sdk==0.1.7 keyrings.alt==5.0.2
cat >keep.py <<'PY'
import keyring
import keyrings.onepassword.keyring as module
from keyring.backends.chainer import ChainerBackend
from keyrings.alt.file import PlaintextKeyring

class Client:
    """Has one item, "shop", and raises for any other, as 1Password's own does."""
    items = {"op://keyring/shop/username": "token", "op://keyring/shop/password": "from 1Password"}
    secrets = property(lambda self: self)

    async def resolve(self, reference):
        if "/unreachable/" in reference:
            raise ConnectionError
        return self.items[reference]

async def get_client():
    return Client()

class DesktopKeyring(PlaintextKeyring):
    """Stands for the desktop's own."""
    priority = 5

module.get_client = get_client
alone, desktop = module.OnePasswordKeyring(), DesktopKeyring()
print("names of one service:", *(alone.get_password("shop", name) for name in ("token", "app_secret")), sep=", ")
print("set, deleted, read:", alone.set_password("app", "token", "new"), alone.delete_password("app", "token"),
      alone.get_password("app", "token"))

print("no way to 1Password:", alone.get_password("unreachable", "token"))

keyring.core.init_backend(
    limit=lambda one: isinstance(one, module.OnePasswordKeyring | DesktopKeyring | ChainerBackend))
print("chain:", *(type(one).__name__ for one in keyring.get_keyring().backends))
desktop.set_password("app", "token", "old")
keyring.set_password("app", "token", "new")
print("read after the write:", keyring.get_password("app", "token"))
PY
seen=$(env -u PYTHON_KEYRING_BACKEND KEYRING_OP_SERVICE_ACCOUNT_TOKEN=made-up XDG_DATA_HOME="$folder" venv/bin/python keep.py)
echo "$seen"
[ "$seen" = "names of one service:, from 1Password, from 1Password
set, deleted, read: None None None
no way to 1Password: None
chain: OnePasswordKeyring DesktopKeyring
read after the write: old" ]
