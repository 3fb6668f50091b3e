#!/usr/bin/env bash
# npm: @builderbot/provider-meta 1.2.2 (with @builderbot/bot 1.2.2).
# Expected: a status "failed" is taken like any other: it is told, and Meta gets its 200.
# Seen: it is told as a notice, and Meta gets status 400. What came in the same delivery is dropped: a
#   customer's message beside it never reaches the bot.
# Matters: to Meta 400 is a delivery that did not arrive. It comes again for up to seven days, is
#   refused each time, and the notice is there again. One recipient who has no WhatsApp is enough.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @builderbot/provider-meta@1.2.2 @builderbot/bot@1.2.2 axios@1.21.1
cat >deliver.js <<'JS'
const { createServer } = require("node:net");
const axios = require("axios");
const { MetaProvider } = require("@builderbot/provider-meta");

// It asks Meta for the number's profile as it starts; nothing is to leave this machine.
axios.defaults.adapter = async (config) => ({ data: {}, status: 200, statusText: "OK", headers: {}, config });
const bot = new MetaProvider({ jwtToken: "t", numberId: "106540352242922", verifyToken: "v", version: "v23.0" });
let told = [];
bot.on("message", (message) => told.push(`message "${message.body}"`));
bot.on("notice", ({ instructions }) => told.push(`notice "${instructions}"`));

const change = (value) => ({ field: "messages", value: {
  messaging_product: "whatsapp", metadata: { display_phone_number: "15550001111", phone_number_id: "106540352242922" }, ...value } });
const status = (word, more) => change({ statuses: [
  { id: "wamid.0", status: word, timestamp: "1780000000", recipient_id: "16505551234", ...more }] });
const failed = status("failed", { errors: [{ code: 131026, title: "Message undeliverable",
  message: "Message undeliverable", error_data: { details: "Message Undeliverable." } }] });
const message = change({ contacts: [{ profile: { name: "A customer" }, wa_id: "16505555678" }], messages: [
  { id: "wamid.1", from: "16505555678", timestamp: "1780000001", type: "text", text: { body: "are you open?" } }] });

async function deliver(name, changes, port) {
  told = [];
  const { status } = await fetch(`http://127.0.0.1:${port}/webhook`, {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "102290129340398", changes }] }) });
  await new Promise((resolve) => setTimeout(resolve, 300)); // its queue runs each 100 ms
  console.log(`${name}: ${status}`, ...told);
}
const free = createServer().listen(0, "127.0.0.1", () => {
  const { port } = free.address();
  free.close(() => {
    bot.on("ready", async () => {
      await deliver("delivered", [status("delivered")], port);
      await deliver("a message", [message], port);
      await deliver("failed", [failed], port);
      await deliver("a message and failed", [message, failed], port);
      process.exit();
    });
    bot.initAll(port, {});
  });
});
JS
seen=$(node deliver.js)
echo "$seen"
[ "$seen" = 'delivered: 200
a message: 200 message "are you open?"
failed: 400 notice "Number(16505551234): Message Undeliverable."
a message and failed: 400 notice "Number(16505551234): Message Undeliverable."' ]
