#!/usr/bin/env bash
# PyPI: whatsapp-python 4.3.0.
# Expected: `WhatsApp(logger=False)` keeps the library itself from logging, and making the object
#   asks nothing of the network.
# Seen: `logger=False`, and `debug=False` alike, calls `logging.disable(logging.ERROR)`, which mutes
#   each logger of the process up to ERROR: the web server's, the application's. What is made later
#   with both left on does not undo it. And each object fetches a page of Meta's documentation, the
#   version of the API given or not, and asks the package index for updates unless told not to.
# Matters: the traceback of the handler that failed upon Meta's delivery is never written. Where
#   only graph.facebook.com may be reached, the program does not start.
# Source: https://docs.python.org/3/library/logging.html#logging.disable
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install whatsapp-python==4.3.0 requests==2.34.2
venv/bin/python -W ignore - <<'PY'
import io
import logging
from unittest import mock

import requests
from whatsapp import WhatsApp

written, asked = io.StringIO(), []
logging.basicConfig(level=logging.DEBUG, stream=written, format="%(levelname)s")

def answered(url, **_):
    asked.append("documentation" if "//developers.facebook.com/" in url else "package index")
    return mock.Mock(text="", json=lambda: {"info": {"version": "4.3.0"}})

def unreachable(url, **_):
    raise requests.ConnectionError(url)

def client(get=answered, **options):
    with mock.patch.object(requests, "get", get):
        WhatsApp(token="t", phone_number_id={"shop": "106540352242922"}, version="v23.0", **options)

def said():
    """What the application's own logger still writes."""
    written.truncate(0)
    written.seek(0)
    for level in (logging.DEBUG, logging.WARNING, logging.ERROR, logging.CRITICAL):
        logging.getLogger("shop.orders").log(level, "said")
    return written.getvalue().split()

client()
first, usual = asked.copy(), said()
asked.clear()
client(update_check=False)
print("asked:", *first, "; with update_check=False:", *asked)
assert (first, asked) == (["documentation", "package index"], ["documentation"])
try:
    client(unreachable, update_check=False)
except requests.ConnectionError as error:
    print("without the documentation:", type(error).__name__)
else:
    raise SystemExit("it was made without the documentation")

print("written:", *usual)
assert usual == ["DEBUG", "WARNING", "ERROR", "CRITICAL"]
for option in ("logger", "debug"):
    logging.disable(logging.NOTSET)
    client(**{option: False})
    quiet = said()
    client()
    print(f"{option}=False:", *quiet, "; after another client:", *said())
    assert quiet == said() == ["CRITICAL"]
PY
