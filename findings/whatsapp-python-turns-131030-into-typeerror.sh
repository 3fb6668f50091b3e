#!/usr/bin/env bash
# PyPI: whatsapp-python 4.3.0.
# Expected: an error of Meta's comes as an exception that says what Meta said.
# Seen: for a code that is not in its table `send_template` ends in TypeError, "exceptions must derive
#   from BaseException", since what the library then raises is none. Among those codes is 131030, the
#   recipient is not in the allowed list. `Message.send` raises nothing of either kind: it returns
#   the body of the error where the body of success is expected.
# Matters: 131030 is the first error of nearly every setup with a test number, and the TypeError names
#   neither the code nor the list; a text that was refused looks sent. Look for "error" in the result.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install whatsapp-python==4.3.0 requests==2.34.2
venv/bin/python -W ignore - <<'PY'
import logging
from unittest import mock

import requests
from whatsapp import Message, WhatsApp

logging.disable()
ERRORS = {
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
}

def refused(code):
    error = {"message": f"(#{code}) {ERRORS[code]}", "type": "OAuthException", "code": code}
    return mock.Mock(status_code=400, json=lambda: {"error": error})

with mock.patch.object(requests, "get", return_value=mock.Mock(text="")):
    client = WhatsApp(
        token="t", phone_number_id={"shop": "106540352242922"}, version="v23.0", update_check=False)

def outcome(do):
    try:
        told = do()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"returned {told}"

seen = {}
for code in ERRORS:
    with mock.patch.object(requests, "post", return_value=refused(code)):
        text = Message(instance=client, to="16505551234", content="hi")
        seen[code] = (outcome(lambda: client.send_template("hello_world", "16505551234")), outcome(text.send))
    print(code, *seen[code], sep="\n  ")
assert seen[131026][0].startswith("DeliveryFailureException") and "131026" in seen[131026][0]
assert seen[131030][0] == "TypeError: exceptions must derive from BaseException"
assert all(text.startswith("returned {'error'") for _, text in seen.values())
PY
