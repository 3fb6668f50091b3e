#!/usr/bin/env bash
# PyPI: heyoo 0.1.2, whatsloon 3.1.0, pywa 4.5.0; npm: whatsapp-cloud-api 0.3.1.
# Expected: a person with a username, who does not share the number, can be told from others. Such a
#   message bears `from_user_id`, and lacks `from` and `wa_id`.
# Seen: heyoo raises KeyError. whatsapp-cloud-api hands over a message without `from`, so an answer
#   has no addressee. whatsloon gives an empty `sender`, and loses `parent_user_id`, which it looks
#   up by the number. pywa gives `bsuid`, and None for the number.
# Matters: since 2026 this is an ordinary message; code that keeps customers by their number mixes
#   up all of those who have none.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-cloud-api@0.3.1 express@4.21.2
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install heyoo==0.1.2 whatsloon==3.1.0 pywa==4.5.0
cat >payload.json <<'JSON'
{"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": {
  "messaging_product": "whatsapp",
  "metadata": {"display_phone_number": "15550001111", "phone_number_id": "106540352242922"},
  "contacts": [{"profile": {"name": "A customer", "username": "customer"}, "user_id": "US.1001",
                "parent_user_id": "US.ENT.2002"}],
  "messages": [{"from_user_id": "US.1001", "from_parent_user_id": "US.ENT.2002", "id": "wamid.1",
                "timestamp": "1780000000", "type": "text", "text": {"body": "hi"}}]}}]}]}
JSON
python=$(venv/bin/python -W ignore -c '
import json, pathlib
from heyoo import WhatsApp as Heyoo
from pywa import WhatsApp as Pywa
from whatsloon.webhooks.parser import parse_body
raw = pathlib.Path("payload.json").read_bytes()
try:
    print(Heyoo("t", "1").get_mobile(json.loads(raw)))
except KeyError as error:
    print("heyoo KeyError", error)
(event,) = parse_body(raw)
print("whatsloon", repr(event.sender), event.user_id, repr(event.parent_user_id))
client = Pywa(phone_id="106540352242922", token="t", server=None, verify_token="v", validate_updates=False)
client.on_message(lambda _, message: print("pywa", message.from_user.wa_id, message.from_user.bsuid))
client.webhook_update_handler(raw)
')
cat >receive.js <<'JS'
const { createBot } = require("whatsapp-cloud-api");
const { readFileSync } = require("node:fs");
const express = require("express");
const app = express();
const bot = createBot("106540352242922", "t");
bot.startExpressServer({ app, webhookVerifyToken: "v" }).then(() => {
  bot.on("message", (message) => console.log("whatsapp-cloud-api", message.from, message.data.text));
  const server = app.listen(0, "127.0.0.1", async () => {
    const url = `http://127.0.0.1:${server.address().port}/webhook/whatsapp`;
    const headers = { "Content-Type": "application/json" };
    await fetch(url, { method: "POST", headers, body: readFileSync("payload.json") });
    setTimeout(() => server.close(), 50);
  });
});
JS
node=$(node receive.js)
echo "$python"
echo "$node"
[ "$python" = "heyoo KeyError 'wa_id'
whatsloon '' US.1001 ''
pywa None US.1001" ]
[ "$node" = "whatsapp-cloud-api undefined hi" ]
