#!/usr/bin/env bash
# PyPI: python-dotenv 1.2.4, django-environ 0.14.0; npm: dotenv 16.4.5 and 17.2.3; Node.js --env-file.
# Expected: one .env file means the same to a Python and to a Node.js program.
# Seen: a `#` within a value without quotes (VERIFY_TOKEN=abc#def) belongs to it for python-dotenv,
#   django-environ and a shell, and starts a comment for npm's dotenv and `node --env-file`, which
#   read "abc". Behind a blank (abc #def) it is a comment for all but django-environ, which keeps it.
# Matters: a verify token or secret with "#" in it is right for one half of the services and cut
#   short, silently, for the other. In quotes all of them read it alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund dotenv16@npm:dotenv@16.4.5 dotenv17@npm:dotenv@17.2.3
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install python-dotenv==1.2.4 django-environ==0.14.0
printf '%s\n' 'INSIDE=abc#def' 'BEHIND=abc #def' 'QUOTED="abc#def"' >.env

shell=$(. ./.env 2>/dev/null; echo "$INSIDE" "$QUOTED")
python=$(venv/bin/python -c '
from dotenv import dotenv_values
print(*dotenv_values(".env").values(), sep="|")')
django=$(venv/bin/python -c '
import os, environ
environ.Env.read_env(".env")
print(*map(os.environ.get, ("INSIDE", "BEHIND", "QUOTED")), sep="|")')
npm16=$(node -p 'Object.values(require("dotenv16").parse(require("fs").readFileSync(".env"))).join("|")')
npm17=$(node -p 'Object.values(require("dotenv17").parse(require("fs").readFileSync(".env"))).join("|")')
node=$(node --env-file=.env -p '["INSIDE", "BEHIND", "QUOTED"].map((name) => process.env[name]).join("|")')
cat <<END
python-dotenv   $python
django-environ  $django
dotenv 16, 17   $npm16  $npm17
node --env-file $node
END
[ "$python" = "abc#def|abc|abc#def" ]
[ "$django" = "abc#def|abc #def|abc#def" ]
[ "$npm16" = "abc|abc|abc#def" ]
[ "$npm17" = "$npm16" ]
[ "$node" = "$npm16" ]
[ "$shell" = "abc#def abc#def" ]
