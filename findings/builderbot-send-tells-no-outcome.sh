#!/usr/bin/env bash
# npm: @builderbot/provider-meta 1.2.2 (with @builderbot/bot 1.2.2).
# Expected: `await provider.sendText(…)` ends once Meta has answered, with the message's id, and
#   throws what Meta refused. Its sendMessageToApi does just that.
# Seen: sendText and all its sisters put that call in a queue, and end at once with nothing, before
#   anything is sent. When Meta refuses, the promise has long been kept: the console shows "Request
#   failed with status code 400", without Meta's code and text, and no caller hears of it.
# Matters: 131030 (recipient not in the allowed list), 131047 (24 hours are over) and 190 (token) all
#   look like a message that was sent, and no status can be matched to a message without its id.
# Source: https://github.com/Bartozzz/queue-promise (there `add` and `enqueue` return nothing)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @builderbot/provider-meta@1.2.2 @builderbot/bot@1.2.2 axios@1.21.1
cat >send.js <<'JS'
const { once } = require("node:events");
const axios = require("axios");
const { MetaProvider } = require("@builderbot/provider-meta");

const refusal = { error: { message: "(#131030) Recipient phone number not in allowed list", type: "OAuthException", code: 131030 } };
let asked, answers;
axios.defaults.adapter = async (config) => {
  asked += 1;
  if (answers === 200) return { data: { messages: [{ id: "wamid.1" }] }, status: 200, headers: {}, config };
  throw new axios.AxiosError("Request failed with status code 400", "ERR_BAD_REQUEST", config, null,
    { data: refusal, status: 400, headers: {}, config });
};
console.error = (...said) => console.log("  console:", ...said);
const outcome = (sent) => sent.then((value) => JSON.stringify(value) ?? "nothing", (error) => `error ${error.response?.data.error.code}`);

(async () => {
  for (answers of [200, 400]) {
    asked = 0;
    const provider = new MetaProvider({ jwtToken: "t", numberId: "106540352242922", verifyToken: "v", version: "v23.0" });
    const done = once(provider.queue, "end");
    const told = await outcome(provider.sendText("16505551234", "hi"));
    console.log(`${answers}: sendText ended with ${told} after ${asked} requests`);
    await done;
    const body = { messaging_product: "whatsapp", to: "16505551234", type: "text", text: { body: "hi" } };
    console.log(`${answers}: sendMessageToApi ended with ${await outcome(provider.sendMessageToApi(body))}`);
  }
})();
JS
seen=$(node send.js)
echo "$seen"
[ "$seen" = '200: sendText ended with nothing after 0 requests
200: sendMessageToApi ended with {"messages":[{"id":"wamid.1"}]}
400: sendText ended with nothing after 0 requests
  console: Request failed with status code 400
  console: Request failed with status code 400
400: sendMessageToApi ended with error 131030' ]
