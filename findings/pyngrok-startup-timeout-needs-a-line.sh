#!/usr/bin/env bash
# PyPI: pyngrok 9.1.0, with a script in place of the ngrok agent.
# Expected: with `startup_timeout=1` pyngrok gives up after a second.
# Seen: the time is looked at between two lines of the agent's log. An agent that starts and says
#   nothing (a virus scanner holds it, a disk hangs) is waited for until it prints or ends: here 4
#   seconds. One that keeps printing is given up on in time.
# Matters: a program that opens its tunnel at the start hangs with no word, and no timeout helps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install pyngrok==9.1.0
printf '#!/bin/sh\nexec sleep 4\n' >silent
printf '#!/bin/sh\nfor _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo "lvl=info msg=waiting"; sleep 0.25; done\n' >talking
chmod +x silent talking
echo 'version: "3"' >ngrok.yml
env -u NGROK_AUTHTOKEN venv/bin/python - <<'PY'
import os
import time

from pyngrok import process
from pyngrok.conf import PyngrokConfig
from pyngrok.exception import PyngrokNgrokError

def waited(agent):
    path = os.path.abspath(agent)
    began = time.monotonic()
    try:
        process.get_process(PyngrokConfig(path, os.path.abspath("ngrok.yml"), startup_timeout=1))
    except PyngrokNgrokError:
        return time.monotonic() - began
    raise SystemExit(f"{agent} passed for ngrok")

talking, silent = waited("talking"), waited("silent")
print(f"given up on after {talking:.1f} s where it prints, {silent:.1f} s where it is silent")
assert talking < 3 < silent
PY
