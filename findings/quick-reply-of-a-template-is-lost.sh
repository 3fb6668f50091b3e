#!/usr/bin/env bash
# npm: whatsapp-cloud-api 0.3.1, @microfox/whatsapp-business 1.5.2; PyPI: wa-cloud-py 0.2.0.
# Expected: a tap on a template's quick reply reaches the app, as a tap on a button does that was sent
#   in a conversation.
# Seen: the two come in different form, the latter as "interactive", the former as "button" with
#   `button.payload`. whatsapp-cloud-api answers 200 to a "button" and tells no handler, not even that
#   of every message. wa-cloud-py writes "Unsupported message type" into the log and gives back None.
#   The webhook schema of @microfox/whatsapp-business refuses it, with all else in the same delivery.
# Matters: a template is the one message that a business may begin with, so its buttons are what most
#   customers ever tap: "Confirm" and "Stop promotions" are taken, and nothing happens.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/button
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-cloud-api@0.3.1 @microfox/whatsapp-business@1.5.2
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install wa-cloud-py==0.2.0 requests==2.34.2
cat >write.py <<'PY'
import json

context = {"from": "15550001111", "id": "wamid.0"}
taps = {
    "interactive": {"interactive": {"type": "button_reply", "button_reply": {"id": "confirm", "title": "Confirm"}}},
    "button": {"button": {"payload": "confirm", "text": "Confirm"}},
}
for kind, tap in taps.items():
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "A customer"}, "wa_id": "16505551234"}],
        "messages": [{"context": context, "from": "16505551234", "id": "wamid.1", "timestamp": "1780000000", "type": kind, **tap}],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    with open(f"{kind}.json", "w") as file:
        json.dump({"object": "whatsapp_business_account", "entry": [entry]}, file)
PY
venv/bin/python write.py
cat >read.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { WebhookPayloadSchema } = require("@microfox/whatsapp-business");
const { createBot } = require("whatsapp-cloud-api");
const express = require("express");

(async () => {
  const app = express();
  const bot = createBot("106540352242922", "t");
  await bot.startExpressServer({ app, webhookVerifyToken: "v" });
  let told;
  bot.on("message", (message) => { told = `${message.type} ${message.data.id}`; });
  const server = app.listen(0, "127.0.0.1", async () => {
    for (const kind of ["interactive", "button"]) {
      const body = readFileSync(`${kind}.json`, "utf8");
      told = "nothing";
      const { status } = await fetch(`http://127.0.0.1:${server.address().port}/webhook/whatsapp`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body });
      await new Promise((resolve) => setTimeout(resolve, 300)); // its events come a moment later
      console.log(`whatsapp-cloud-api: ${kind} ${status}, told ${told}`);
    }
    for (const kind of ["interactive", "button"]) {
      const { success } = WebhookPayloadSchema.safeParse(JSON.parse(readFileSync(`${kind}.json`, "utf8")));
      console.log(`@microfox/whatsapp-business: ${kind} ${success ? "accepted" : "refused"}`);
    }
    process.exit();
  });
})();
JS
cat >read.py <<'PY'
from loguru import logger
from wa_cloud_py import WhatsApp

logger.remove()
for kind in ("interactive", "button"):
    logger.add(lambda line: print("  log:", line.strip()), format="{message}")
    told = WhatsApp(access_token="t", phone_number_id="1").parse(open(f"{kind}.json").read())
    logger.remove()
    print(f"wa-cloud-py: {kind}", getattr(told, "reply_id", told))
PY
seen=$(node read.cjs; venv/bin/python read.py)
echo "$seen"
[ "$seen" = "whatsapp-cloud-api: interactive 200, told button_reply confirm
whatsapp-cloud-api: button 200, told nothing
@microfox/whatsapp-business: interactive accepted
@microfox/whatsapp-business: button refused
wa-cloud-py: interactive confirm
  log: Unsupported message type: button
wa-cloud-py: button None" ]
