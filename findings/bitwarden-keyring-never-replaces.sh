#!/usr/bin/env bash
# PyPI: bitwarden-keyring 0.3.2 (beside keyring 25.7.0), with a script in place of `bw`, which keeps
#   its items in a file.
# Expected: `set_password` replaces what is stored under the same service and name, `delete_password`
#   deletes the entry of that name, and a library asks nobody.
# Seen: each `set_password` makes one more item. From the second on `get_password` prints a list and
#   waits on standard input for a choice: EOFError in a pipe. `delete_password` never looks at the
#   name: it offers the item of the service that it finds, here another one's, and "yes" deletes it.
# Matters: after the first rotation of a token each program that reads it stops and asks. Installed
#   beside `bw`, this back end has priority 10 and goes before the desktop's, which have 5: choose
#   one with PYTHON_KEYRING_BACKEND.
# Source: https://github.com/bitwarden/cli/issues/98 (`bw create` makes one more item each time)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install keyring==25.7.0 bitwarden-keyring==0.3.2
mkdir programs
cat >programs/bw <<'PY'
#!/usr/bin/env python3
import base64, json, os, pathlib, sys

file = pathlib.Path(os.environ["ITEMS"])
items = json.loads(file.read_text()) if file.exists() else []
words = sys.argv[1:]
if words[:1] == ["--session"]:
    words = words[2:]
match words:
    case ["sync"]:
        print("Syncing complete.")
    case ["get", "template", "item"]:
        print(json.dumps({"type": 1, "name": "Item name", "notes": None, "login": None}))
    case ["create", "item", encoded]:
        item = {"id": f"item-{len(items) + 1}", **json.loads(base64.b64decode(encoded))}
        file.write_text(json.dumps([*items, item]))
    case ["list", "items", "--search", text]:
        print(json.dumps([one for one in items if text in one["name"]]))
    case ["get", "item", name]:
        (item,) = (one for one in items if one["name"] == name)
        print(json.dumps(item))
    case ["delete", "item", which]:
        file.write_text(json.dumps([one for one in items if one["id"] != which]))
    case _:
        sys.exit(f"not expected: {words}")
PY
chmod +x programs/bw
cat >keep.py <<'PY'
import sys

import keyring
from bitwarden_keyring import BitwardenBackend

do, *words = sys.argv[1:]
keyring.set_keyring(BitwardenBackend())
try:
    print(getattr(keyring, f"{do}_password")(*words))
except EOFError:
    print("EOFError")
PY
export ITEMS=$folder/items.json BW_SESSION=session PATH=$folder/programs:$PATH
keep() { venv/bin/python keep.py "$@"; }
names() { python3 -c 'import json, os; print(*(one["login"]["username"] for one in json.load(open(os.environ["ITEMS"]))))'; }

keep set shop token old >/dev/null
once=$(keep get shop token </dev/null)
keep set shop token new >/dev/null
twice=$(keep get shop token </dev/null)
stored=$(names)
rm items.json
keep set shop app_secret abc >/dev/null
echo yes | keep delete shop token >/dev/null
left=$(names)
priority=$(venv/bin/python -c 'from bitwarden_keyring import BitwardenBackend; print(BitwardenBackend.priority)')
echo "stored once: $once"
echo "stored twice: $twice"
echo "items: $stored"
echo "left of app_secret after token was deleted: '$left'; priority $priority"
[ "$once" = old ]
[ "$twice" = "Multiple credential found. Which one would you like to use ?
1) shop - token
2) shop - token
Your choice ? EOFError" ]
[ "$stored" = "token token" ]
[ -z "$left" ]
[ "$priority" = 10 ]
