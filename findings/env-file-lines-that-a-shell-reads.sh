#!/usr/bin/env bash
# PyPI: python-decouple 3.8, starlette 1.10.0, honcho 2.0.0, django-environ 0.14.0, python-dotenv 1.2.4;
#   Node.js --env-file.
# Expected: what a shell and python-dotenv read alike in a .env file is the same for other readers.
# Seen: a line with `export` in front does not exist for python-decouple, Starlette's Config and honcho.
#   A comment behind a value in quotes becomes part of the value in python-decouple, Starlette and
#   django-environ, quotes and all. A "\n" between quotes stays two characters for these three, as for a
#   shell; python-dotenv, honcho and Node read a new line. None of them says a word.
# Matters: the access token in the file is "not set", the verify token with its comment is never the
#   one that Meta sends, and a private key for Flows, kept in one line, is no key. Plain NAME=value,
#   without `export`, quotes and comment, is the same for all.
# Source: https://github.com/HBNetwork/python-decouple/blob/master/decouple.py
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install \
  python-decouple==3.8 starlette==1.10.0 honcho==2.0.0 django-environ==0.14.0 python-dotenv==1.2.4
cat >.env <<'ENV'
export ACCESS_TOKEN=EAAJBshop7
VERIFY_TOKEN="shop 7"  # ours
FLOWS_KEY="first\nsecond"
ENV
cat >read.py <<'PY'
import os

import decouple
import dotenv
import environ
import honcho.environ
from starlette.config import Config

NAMES = ("ACCESS_TOKEN", "VERIFY_TOKEN", "FLOWS_KEY")
environ.Env.read_env(".env")
for reader, values in {
    "python-dotenv": dotenv.dotenv_values(".env"),
    "python-decouple": decouple.RepositoryEnv(".env").data,
    "starlette": Config(".env").file_values,
    "honcho": honcho.environ.parse(open(".env").read()),
    "django-environ": os.environ,
}.items():
    print(f"{reader:16}", *(repr(values.get(name)) for name in NAMES))
PY
seen=$(venv/bin/python read.py)
shell=$(set -a; . ./.env; printf '%s|%s|%s' "$ACCESS_TOKEN" "$VERIFY_TOKEN" "$FLOWS_KEY")
node=$(node --env-file=.env -p '[process.env.ACCESS_TOKEN, process.env.VERIFY_TOKEN, process.env.FLOWS_KEY].join("|")')
printf '%s\nshell            %s\nnode --env-file  %s\n' "$seen" "$shell" "$node"
[ "$seen" = "python-dotenv    'EAAJBshop7' 'shop 7' 'first\nsecond'
python-decouple  None '\"shop 7\"  # ours' 'first\\\\nsecond'
starlette        None '\"shop 7\"  # ours' 'first\\\\nsecond'
honcho           None 'shop 7' 'first\nsecond'
django-environ   'EAAJBshop7' '\"shop 7\"  # ours' 'first\\\\nsecond'" ]
[ "$shell" = 'EAAJBshop7|shop 7|first\nsecond' ]
[ "$node" = "EAAJBshop7|shop 7|first
second" ]
