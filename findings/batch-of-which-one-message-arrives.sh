#!/usr/bin/env bash
# PyPI: pywa 4.5.0, heyoo 0.1.2; npm: whatsapp-api-js 6.3.0.
# Expected: each message of a delivery arrives. Meta sends one as a rule, but puts several into
#   `entry`, `changes` and `messages` when it has many (up to 1,000 updates a delivery, it says).
# Seen: all three read the first message of the first change of the first entry, answer 200 and say
#   nothing of the others; pywa's handler of raw updates still gets the whole.
# Matters: after an outage, or under load, messages vanish, and a 200 means that Meta does not send
#   them again.
# Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-api-js@6.3.0
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install pywa==4.5.0 heyoo==0.1.2
cat >payload.py <<'PY'
import json

def change(*ids):
    sender = {"from": "16505551234", "from_user_id": "US.1001", "timestamp": "1780000000"}
    return {"field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "A customer"}, "wa_id": "16505551234", "user_id": "US.1001"}],
        "messages": [{**sender, "id": one, "type": "text", "text": {"body": one}} for one in ids]}}

entry = [
    {"id": "102290129340398", "changes": [change("one", "two"), change("three")]},
    {"id": "102290129340398", "changes": [change("four")]},
]
print(json.dumps({"object": "whatsapp_business_account", "entry": entry}))
PY
python3 payload.py >payload.json
pywa=$(venv/bin/python -c '
import pathlib
from pywa import WhatsApp
client = WhatsApp(phone_id="106540352242922", token="t", server=None, verify_token="v", validate_updates=False)
seen = []
client.on_message(lambda _, message: seen.append(message.id))
client.on_raw_update(lambda _, update: seen.append("raw with %d entries" % len(update["entry"])))
_, status = client.webhook_update_handler(pathlib.Path("payload.json").read_bytes())
print(status, *seen)
')
heyoo=$(venv/bin/python -W ignore -c '
import json, pathlib
from heyoo import WhatsApp
print(WhatsApp("t", "1").get_message(json.loads(pathlib.Path("payload.json").read_text())))
')
node=$(node --input-type=module -e '
import { readFileSync } from "node:fs";
import { WhatsAppAPI } from "whatsapp-api-js";
const api = new WhatsAppAPI({ token: "t", secure: false, webhookVerifyToken: "v", v: "v23.0" });
const seen = [];
api.on.message = ({ message }) => { seen.push(message.id); };
await api.post(JSON.parse(readFileSync("payload.json")));
console.log(...seen);
')
echo "of one, two, three, four: pywa $pywa; heyoo $heyoo; whatsapp-api-js $node"
[ "$pywa" = "200 one raw with 2 entries" ]
[ "$heyoo" = one ]
[ "$node" = one ]
