#!/usr/bin/env bash
# npm: whatsapp-api-js 6.3.0.
# Expected: an event that the library does not handle is answered with 200, as its own code means to.
# Seen: the fields about the account and its templates have no `metadata`, which the library reads
#   before it looks at `field`: a TypeError, which its handlers turn into status 500. A field that
#   does have `metadata` gets the 200.
# Matters: with account_update or message_template_status_update ticked, Meta meets 500 and sends
#   the event again for days. Only the fields that the code handles should be ticked.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-api-js@6.3.0
cat >post.mjs <<'JS'
import { createHmac } from "node:crypto";
import { WhatsAppAPI } from "whatsapp-api-js/middleware/web-standard";

const api = new WhatsAppAPI({ token: "t", appSecret: "s", webhookVerifyToken: "v", v: "v23.0" });
const metadata = { display_phone_number: "15550001111", phone_number_id: "106540352242922" };

async function post(field, value) {
  const changes = [{ field, value }];
  const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
  const digest = createHmac("sha256", "s").update(body).digest("hex");
  const headers = { "Content-Length": String(body.length), "X-Hub-Signature-256": `sha256=${digest}` };
  return api.handle_post(new Request("http://localhost/", { method: "POST", body, headers }));
}

console.log(
  await post("account_update", { event: "VERIFIED_ACCOUNT", phone_number: "15550001111" }),
  await post("message_template_status_update", {
    event: "APPROVED", message_template_id: 594425479261596, message_template_name: "order",
    message_template_language: "en_US", reason: "NONE",
  }),
  await post("history", { messaging_product: "whatsapp", metadata, history: [] }),
);
JS
seen=$(node post.mjs)
echo "account_update, message_template_status_update, history: $seen"
[ "$seen" = "500 500 200" ]
