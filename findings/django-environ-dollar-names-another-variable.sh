#!/usr/bin/env bash
# PyPI: django-environ 0.14.0, beside python-dotenv 1.2.4.
# Expected: the value of VERIFY_TOKEN is what stands there; `$` matters in a shell, not in quotes.
# Seen: a value whose first character is "$" is taken for the name of another variable, and that one
#   is returned, or an error says that a variable of that name is not set. Quotes do not help: the
#   file is read right, and the name is followed later. "\$" with `escape_proxy = True` does.
# Matters: the error names a variable that nobody ever wrote, namely the rest of the secret, and so
#   puts it into the log. A "$" further in is harmless.
# Source: https://django-environ.readthedocs.io/en/latest/tips.html#proxy-value
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install django-environ==0.14.0 python-dotenv==1.2.4
cat >.env <<'ENV'
QUOTED='$ecret-42'
OTHER=other
PROXY=$OTHER
INSIDE=a$OTHER
ENV
venv/bin/python - <<'PY'
import environ
from dotenv import dotenv_values

environ.Env.read_env(".env")
env = environ.Env()

def read(name):
    try:
        return env(name)
    except environ.ImproperlyConfigured as error:
        return str(error)

seen = {name: read(name) for name in ("QUOTED", "PROXY", "INSIDE")}
plain = dotenv_values(".env")
for name, value in seen.items():
    print(f"{name}: django-environ {value!r}, python-dotenv {plain[name]!r}")
assert list(seen.values()) == ["Set the ecret-42 environment variable", "other", "a$OTHER"]
assert plain["QUOTED"] == "$ecret-42"
PY
