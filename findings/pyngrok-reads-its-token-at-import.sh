#!/usr/bin/env bash
# PyPI: pyngrok 9.1.0, with python-dotenv 1.2.4.
# Expected: NGROK_AUTHTOKEN counts when a tunnel is opened.
# Seen: the default configuration is made while `pyngrok.conf` is imported, and keeps what the variable
#   was then. Set afterwards, as by `load_dotenv()` below the imports, it is ignored by
#   `conf.get_default()`, and so by `ngrok.connect()`; a new `PyngrokConfig()` does read it.
# Matters: ngrok says ERR_NGROK_4018, sign up and add an authtoken, although .env has one. A linter
#   that sorts imports to the top brings it about. `load_dotenv()` must come before the import.
# Source: https://pyngrok.readthedocs.io/en/latest/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset NGROK_AUTHTOKEN
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install pyngrok==9.1.0 python-dotenv==1.2.4
echo 'NGROK_AUTHTOKEN=from-the-file' >.env
cat >late.py <<'PY'
from dotenv import load_dotenv
from pyngrok import conf

load_dotenv(".env")
print(conf.get_default().auth_token, conf.PyngrokConfig().auth_token)
PY
cat >early.py <<'PY'
from dotenv import load_dotenv

load_dotenv(".env")
from pyngrok import conf

print(conf.get_default().auth_token)
PY
late=$(venv/bin/python late.py)
early=$(venv/bin/python early.py)
echo "import first: default and a new configuration $late; load_dotenv first: $early"
[ "$late" = "None from-the-file" ]
[ "$early" = "from-the-file" ]
