#!/usr/bin/env bash
# npm: whatsapp-api-js 6.3.0.
# Expected: X-Hub-Signature-256 is compared with the HMAC of the bytes that came.
# Seen: the library first turns each character that is not ASCII into \uXXXX, and signs that. What
#   came already escaped, as from Meta, passes; the same JSON as plain UTF-8, correctly signed, is
#   refused as soon as it holds one letter with an accent.
# Matters: a relay, simulator or test that sends UTF-8 and signs what it sends works with English
#   texts and fails with the first "é".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp-api-js@6.3.0
seen=$(node --input-type=module -e '
import { createHmac } from "node:crypto";
import { WhatsAppAPI } from "whatsapp-api-js";
const api = new WhatsAppAPI({ token: "t", appSecret: "s", webhookVerifyToken: "v", v: "v23.0" });
const passes = (body) =>
  api.verifyRequestSignature(body, "sha256=" + createHmac("sha256", "s").update(body).digest("hex"));
const escaped = String.raw`{"body":"caf\u00e9"}`;
console.log(await passes(`{"body":"coffee"}`), await passes(escaped), await passes(`{"body":"café"}`));
')
echo "ASCII, escaped, UTF-8: $seen"
[ "$seen" = "true true false" ]
