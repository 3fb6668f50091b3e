#!/usr/bin/env bash
# npm: whatsapp-business 1.7.2.
# Expected: the error of a call says what Meta said.
# Seen: `message` is replaced with a fixed one for the code. Whatever makes code 190 becomes "Access
#   token has expired", a token that was cut short while copying too; whatever makes 100 becomes
#   "Invalid parameter", without the name of the parameter. Meta's own text is gone. Where Meta sends
#   no subcode, NaN stands for it, which JSON writes as null.
# Matters: a new token is made, and fails alike, since not the time but the paste was wrong; and a 100
#   with subcode 33, a wrong ID or a missing permission, reads like a mistake in the call. `code`
#   and `error_subcode`, where it is a number, stay Meta's: go by these.
# Source: https://developers.facebook.com/docs/graph-api/guides/error-handling/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-business@1.7.2
cat >ask.js <<'JS'
const { once } = require("node:events");
const { createServer } = require("node:http");
const { WABAClient } = require("whatsapp-business");

const errors = [
  { message: "Error validating access token: Session has expired on Monday, 30-Nov-26 03:00:00 PST.",
    type: "OAuthException", code: 190, error_subcode: 463 },
  { message: "Invalid OAuth access token - Cannot parse access token", type: "OAuthException", code: 190 },
  { message: "(#100) Tried accessing nonexisting field (about_us)", type: "OAuthException", code: 100 },
  { message: "Object with ID '1' does not exist, or cannot be loaded due to missing permissions",
    type: "GraphMethodException", code: 100, error_subcode: 33 },
];
(async () => {
  let error;
  const graph = createServer((request, response) => {
    response.writeHead(400, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ error }));
  }).listen(0, "127.0.0.1");
  await once(graph, "listening");
  const client = new WABAClient({ apiToken: "t", phoneId: "106540352242922", accountId: "102290129340398" });
  client.restClient.fetch.defaults.baseURL = `http://127.0.0.1:${graph.address().port}/`;
  for (error of errors) {
    await client.getBusinessProfile().catch((told) =>
      console.log(told.code, told.error_subcode, told.message, JSON.stringify(told).includes(error.message)));
  }
  graph.close();
})();
JS
seen=$(env -u HTTP_PROXY -u http_proxy node ask.js)
echo "code, subcode, message, whether Meta's own is in it:"
echo "$seen"
[ "$seen" = "190 463 Access token has expired false
190 NaN Access token has expired false
100 NaN Invalid parameter false
100 33 Invalid parameter false" ]
