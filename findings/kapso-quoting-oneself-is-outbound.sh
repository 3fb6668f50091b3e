#!/usr/bin/env bash
# npm: @kapso/whatsapp-cloud-api 0.3.0; PyPI: kapso-whatsapp-cloud-api 0.3.0.
# Expected: a message that a customer sent, and that quotes an earlier one of the same customer, is
#   "inbound".
# Seen: both take whoever wrote the quoted message (`context.from`) for the business, so such a
#   message comes out as "outbound", as if the business had sent it. The same message without the
#   quotation, or with one of the business's own, is "inbound".
# Matters: an assistant that skips its own messages never answers somebody who replied to themself.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/text/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @kapso/whatsapp-cloud-api@0.3.0
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install kapso-whatsapp-cloud-api==0.3.0
cat >payload.json <<'JSON'
{"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": {
  "messaging_product": "whatsapp",
  "metadata": {"display_phone_number": "15550001111", "phone_number_id": "106540352242922"},
  "contacts": [{"profile": {"name": "A customer"}, "wa_id": "16505551234"}],
  "messages": [
    {"from": "16505551234", "id": "wamid.1", "timestamp": "1780000000", "type": "text", "text": {"body": "hi"}},
    {"from": "16505551234", "id": "wamid.2", "timestamp": "1780000001", "type": "text", "text": {"body": "hi"},
     "context": {"from": "15550001111", "id": "wamid.0"}},
    {"from": "16505551234", "id": "wamid.3", "timestamp": "1780000002", "type": "text", "text": {"body": "hi"},
     "context": {"from": "16505551234", "id": "wamid.1"}}
  ]}}]}]}
JSON
node=$(node --input-type=module -e '
import { readFileSync } from "node:fs";
import { normalizeWebhook } from "@kapso/whatsapp-cloud-api/server";
const told = normalizeWebhook(JSON.parse(readFileSync("payload.json")));
console.log(told.messages.map((one) => one.kapso.direction).join(" "));
')
python=$(venv/bin/python -c '
import json, pathlib
from kapso_whatsapp.webhooks import normalize_webhook
told = normalize_webhook(json.loads(pathlib.Path("payload.json").read_text()))
print(*(one["kapso"]["direction"] for one in told.messages))
')
echo "no quotation, the business quoted, oneself quoted: $node (npm), $python (PyPI)"
[ "$node" = "inbound inbound outbound" ]
[ "$python" = "$node" ]
