#!/usr/bin/env bash
# PyPI: dynaconf 3.3.5.
# Expected: an environment variable is text until the program says otherwise.
# Seen: dynaconf reads each value as TOML. A phone number ID becomes an int, a verify token 1e5 the
#   float 100000.0, 1_000 the int 1000, 0x1f the int 31, and 2026-11-30 a date; 007 stays text.
#   Quotes within the value ('"1e5"') keep it as text.
# Matters: `hub.verify_token` is text, so the comparison fails for a token that looks like a number,
#   and an app secret of digits with one "e" among them would lose most of itself.
# Source: https://www.dynaconf.com/envvars/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install dynaconf==3.3.5
export DYNACONF_PHONE_NUMBER_ID=106540352242922 DYNACONF_VERIFY_TOKEN=1e5 DYNACONF_GROUPED=1_000 \
  DYNACONF_HEX=0x1f DYNACONF_DATE=2026-11-30 DYNACONF_ZEROS=007 DYNACONF_QUOTED='"1e5"'
seen=$(venv/bin/python -c '
from dynaconf import Dynaconf
settings = Dynaconf()
print(*(repr(settings[name]) for name in "PHONE_NUMBER_ID VERIFY_TOKEN GROUPED HEX DATE ZEROS QUOTED".split()))
')
echo "$seen"
[ "$seen" = "106540352242922 100000.0 1000 31 datetime.date(2026, 11, 30) '007' '1e5'" ]
