#!/usr/bin/env bash
# npm: @chat-adapter/whatsapp 4.41.1 (with chat 4.41.1 and @chat-adapter/state-memory 4.41.0).
# Expected: what is posted as Markdown or as a card reaches the customer as text. WhatsApp's marks for
#   bold and the like know no escape: a backslash, or "&#x30;", is shown as it is.
# Seen: Markdown goes out escaped for another Markdown reader, with "\~" for "~", and a letter beside
#   an emphasis as a character reference. In a card without buttons each "_", "*" and "~" gets a
#   backslash, those of a link included. A plain text, and a card with a button, go out untouched.
# Matters: an assistant's answers are Markdown. Customers read "3&#x30;_&#x34;", and the link to
#   their order leads to an address with backslashes in it. A plain string, or `raw`, is safe.
# Source: https://github.com/vercel/chat/issues/908 (of the tilde)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @chat-adapter/whatsapp@4.41.1 chat@4.41.1 @chat-adapter/state-memory@4.41.0
cat >post.mjs <<'JS'
import { once } from "node:events";
import { createServer } from "node:http";
import { createMemoryState } from "@chat-adapter/state-memory";
import { createWhatsAppAdapter } from "@chat-adapter/whatsapp";
import { Actions, Button, Card, CardText, Chat, ConsoleLogger } from "chat";

const graph = createServer(async (request, response) => {
  const { text, interactive } = JSON.parse(Buffer.concat(await request.toArray()));
  console.log((text?.body ?? interactive.body.text).trim());
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ messaging_product: "whatsapp", messages: [{ id: "wamid.1" }] }));
}).listen(0, "127.0.0.1");
await once(graph, "listening");

const whatsapp = createWhatsAppAdapter({
  accessToken: "t", appSecret: "s", verifyToken: "v", phoneNumberId: "106540352242922", userName: "bot",
  apiUrl: `http://127.0.0.1:${graph.address().port}`, logger: new ConsoleLogger("silent"),
});
const chat = new Chat({ userName: "bot", adapters: { whatsapp }, state: createMemoryState(), logger: "silent" });
await chat.initialize();
const thread = whatsapp.encodeThreadId({ phoneNumberId: "106540352242922", userWaId: "16505551234" });
const link = "https://shop.example/my_order/7";
for (const message of [
  `~2 days ${link}`,
  { markdown: "about ~2 days" },
  { markdown: "30*40*50 cm" },
  Card({ children: [CardText(link)] }),
  Card({ children: [CardText(link), Actions([Button({ id: "ok", label: "OK" })])] }),
]) await whatsapp.postMessage(thread, message);
graph.close();
JS
seen=$(node post.mjs)
echo "a text, Markdown twice, a card without and one with a button:"
echo "$seen"
[ "$seen" = '~2 days https://shop.example/my_order/7
about \~2 days
3&#x30;_&#x34;&#x30;_&#x35;0 cm
https://shop.example/my\_order/7
https://shop.example/my_order/7' ]
