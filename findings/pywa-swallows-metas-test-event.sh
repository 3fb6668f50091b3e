#!/usr/bin/env bash
# PyPI: pywa 4.5.0.
# Expected: the button Test in Meta's dashboard shows whether one's code gets messages.
# Seen: Meta's sample is of another number (phone_number_id 123456123, entry id 0). pywa, given a
#   `phone_id`, filters it out and answers 200; at the usual log level it says nothing of that.
#   Without `phone_id`, or with `filter_updates=False`, the handler is called.
# Matters: the dashboard says it was delivered, the handler stays silent, and one looks for a fault
#   in the tunnel. The first real message does arrive.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install pywa==4.5.0
venv/bin/python - <<'PY'
import io
import json
import logging

from pywa import WhatsApp

said = io.StringIO()
logging.basicConfig(level=logging.WARNING, stream=said)
message = {"from": "16315551181", "from_user_id": "US.1001", "id": "wamid.1", "timestamp": "1780000000", "type": "text",
           "text": {"body": "this is a text message"}}
value = {"messaging_product": "whatsapp",
         "metadata": {"display_phone_number": "16505551111", "phone_number_id": "123456123"},
         "contacts": [{"profile": {"name": "test user name"}, "wa_id": "16315551181", "user_id": "US.1001"}],
         "messages": [message]}
sample = {"object": "whatsapp_business_account",
          "entry": [{"id": "0", "changes": [{"field": "messages", "value": value}]}]}

def told(**options):
    seen = []
    client = WhatsApp(token="t", server=None, verify_token="v", validate_updates=False, **options)
    client.on_message(lambda _, heard: seen.append(heard.text))
    return client.webhook_update_handler(json.dumps(sample).encode())[1], len(seen)

own = told(phone_id="106540352242922")
unfiltered = told(phone_id="106540352242922", filter_updates=False)
print(f"status and messages: {own}; filter_updates=False: {unfiltered}; logged: {said.getvalue()!r}")
assert (own, unfiltered, said.getvalue()) == ((200, 0), (200, 1), "")
PY
