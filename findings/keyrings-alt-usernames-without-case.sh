#!/usr/bin/env bash
# PyPI: keyrings.alt 5.0.2, keyrings.cryptfile 1.3.9 (both beside keyring 25.7.0).
# Expected: "Shop" and "shop" are two names, as in the keyrings of Linux desktops and of macOS.
# Seen: the keyrings that live in a file keep user names as options of an .ini file, which know no
#   case: the second write replaces the first. Service names are sections, and do know it. In the
#   encrypted one the first name then raises ValueError (MAC check failed), since the name that the
#   value was sealed with is another.
# Matters: two entries that differ in case alone become one on a server, with the value that came
#   last, or look as if the file were damaged.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install \
  keyring==25.7.0 keyrings.alt==5.0.2 keyrings.cryptfile==1.3.9
cat >names.py <<'PY'
from keyrings.alt.file import PlaintextKeyring
from keyrings.cryptfile.cryptfile import CryptFileKeyring

class Quick(CryptFileKeyring):
    time_cost, memory_cost = 1, 1024

def read(store, service, username):
    try:
        return store.get_password(service, username)
    except ValueError as error:
        return error

plain, encrypted = PlaintextKeyring(), Quick()
encrypted.keyring_key = "key"
for store in (plain, encrypted):
    for service, username, value in (("app", "Shop", "1"), ("app", "shop", "2"), ("App", "shop", "3")):
        store.set_password(service, username, value)
    print(*(read(store, *names) for names in (("app", "Shop"), ("app", "shop"), ("App", "shop"))))
PY
seen=$(XDG_DATA_HOME="$folder" venv/bin/python names.py)
echo "app/Shop set to 1, app/shop to 2, App/shop to 3; read back:"
echo "$seen"
[ "$seen" = "2 2 3
MAC check failed 2 3" ]
