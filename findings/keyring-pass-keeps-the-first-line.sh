#!/usr/bin/env bash
# PyPI: keyring-pass 0.9.3 (beside keyring 25.7.0, with keyrings.alt 5.0.2 for comparison), with a
#   script in place of `pass`, which keeps plain files and says what pass 1.7.4 says.
# Expected: a value comes back whole, or the write fails; what is not there answers None in silence,
#   and deleting it raises PasswordDeleteError.
# Seen: only the first line is stored, and nothing said of the others; an empty value ends in
#   IndexError. Service "app/shop" with the name "token" is the same entry as "app" with "shop/token".
#   Looking for what is not there writes pass's error onto the terminal; deleting it raises
#   CalledProcessError, which is no KeyringError.
# Matters: the private key of a Flow's endpoint is several lines, and comes back as its first,
#   "-----BEGIN PRIVATE KEY-----". A program that draws on the terminal gets a line across its screen.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/implementingyourflowendpoint
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install \
  keyring==25.7.0 keyring-pass==0.9.3 keyrings.alt==5.0.2
mkdir programs store
cat >programs/pass <<'SH'
#!/bin/bash
# show NAME | insert --force NAME, which reads one line twice | rm --force NAME
command=$1 entry=$STORE/${!#}
case $command in
  show | rm) [ -f "$entry" ] || { echo "Error: ${!#} is not in the password store." >&2; exit 1; } ;;
esac
case $command in
  show) cat "$entry" ;;
  rm) rm "$entry" ;;
  insert)
    read -r once && read -r again && [ "$once" = "$again" ] || exit 1
    mkdir -p "$(dirname "$entry")" && echo "$once" >"$entry"
    ;;
esac
SH
chmod +x programs/pass
cat >keep.py <<'PY'
import subprocess

from keyring.errors import KeyringError
from keyring_pass import PasswordStoreBackend
from keyrings.alt.file import PlaintextKeyring

PEM = "-----BEGIN PRIVATE KEY-----\nMIIsample\n-----END PRIVATE KEY-----\n"

def outcome(do):
    try:
        return repr(do())
    except KeyringError as error:
        return f"a KeyringError: {type(error).__name__}"
    except (IndexError, subprocess.CalledProcessError) as error:
        return f"no KeyringError: {type(error).__name__}"

store, plain = PasswordStoreBackend(), PlaintextKeyring()
for one in (store, plain):
    one.set_password("flows", "private_key", PEM)
    print(one.get_password("flows", "private_key") == PEM, repr(one.get_password("flows", "private_key")[:30]))
print("empty:", outcome(lambda: store.set_password("app", "empty", "")))
store.set_password("app/shop", "token", "one")
store.set_password("app", "shop/token", "two")
print("app/shop, token:", store.get_password("app/shop", "token"))
print("absent:", outcome(lambda: store.get_password("app", "absent")))
print("absent, deleted:", outcome(lambda: store.delete_password("app", "absent")))
PY
seen=$(STORE=$folder/store PATH=$folder/programs:$PATH XDG_DATA_HOME=$folder XDG_CONFIG_HOME=$folder \
  venv/bin/python keep.py 2>terminal)
echo "$seen"
echo "on the terminal: $(head -n 1 terminal)"
[ "$seen" = "False '-----BEGIN PRIVATE KEY-----'
True '-----BEGIN PRIVATE KEY-----\\nMI'
empty: no KeyringError: IndexError
app/shop, token: two
absent: None
absent, deleted: no KeyringError: CalledProcessError" ]
[ "$(sort -u terminal)" = "Error: python-keyring/app/absent is not in the password store." ]
