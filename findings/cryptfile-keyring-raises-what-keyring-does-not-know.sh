#!/usr/bin/env bash
# PyPI: keyrings.cryptfile 1.3.9 (beside keyring 25.7.0).
# Expected: a keyring that can't be unlocked raises KeyringLocked, or another KeyringError, as the
#   interface of keyring has it.
# Seen: without a terminal it still asks for its password, and ends in EOFError; a wrong one ends in
#   ValueError. Neither is a KeyringError. A name that was never stored answers None, unasked, so a
#   first look seems to say that the keyring is open.
# Matters: `except KeyringError` lets both pass in a cron job or a container, where this back end is
#   the one that people use. Setting `keyring_key` beforehand avoids the question.
# Source: https://keyring.readthedocs.io/en/latest/#api-interface
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install keyring==25.7.0 keyrings.cryptfile==1.3.9
cat >look.py <<'PY'
import keyring
from keyring.errors import KeyringError
from keyrings.cryptfile.cryptfile import CryptFileKeyring

class Quick(CryptFileKeyring):
    time_cost, memory_cost = 1, 1024

def outcome(do):
    try:
        return repr(do())
    except KeyringError as error:
        return f"a KeyringError: {type(error).__name__}"
    except Exception as error:
        return f"no KeyringError: {type(error).__name__}"

kept = Quick()
kept.keyring_key = "right"
kept.set_password("app", "token", "abc")
keyring.set_keyring(Quick())
print("absent:", outcome(lambda: keyring.get_password("app", "other")))
print("no terminal:", outcome(lambda: keyring.get_password("app", "token")))
print("wrong password:", outcome(lambda: setattr(Quick(), "keyring_key", "wrong")))
PY
seen=$(XDG_DATA_HOME=$folder setsid venv/bin/python look.py </dev/null 2>/dev/null)
echo "$seen"
[ "$seen" = "absent: None
no terminal: no KeyringError: EOFError
wrong password: no KeyringError: ValueError" ]
