#!/usr/bin/env bash
# npm: whatsapp 0.0.5-Alpha (Meta's archived Node.js SDK).
# Expected: the SDK needs what its package.json declares, and reads the .env file before it is used.
# Seen: outside NODE_ENV=production it imports dotenv, which it does not declare: without dotenv the
#   process ends with MODULE_NOT_FOUND a moment after `require`. With dotenv, .env is read one turn
#   of the event loop too late: `new WhatsApp()` right after `require` misses the phone number ID.
# Matters: "Missing WhatsApp sender phone number Id" although .env is right. Real variables, or
#   `node --env-file=.env`, are there in time.
# Source: https://github.com/WhatsApp/WhatsApp-Nodejs-SDK#configuration
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset NODE_ENV WA_PHONE_NUMBER_ID CLOUD_API_VERSION CLOUD_API_ACCESS_TOKEN
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp@0.0.5-Alpha
printf 'WA_PHONE_NUMBER_ID=106540352242922\nCLOUD_API_VERSION=v23.0\nCLOUD_API_ACCESS_TOKEN=x\n' >.env

alone=$(node -e 'process.on("unhandledRejection", (e) => console.log(e.code)); require("whatsapp")')
production=$(NODE_ENV=production node -e 'require("whatsapp"); console.log("loads")')
npm install --silent --no-audit --no-fund dotenv@16.4.5
cat >make.js <<'JS'
const WhatsApp = require("whatsapp");
const make = () => { try { new WhatsApp(); return "made"; } catch (e) { return e.message; } };
const atOnce = make();
setTimeout(() => console.log(`at once: ${atOnce}; later: ${make()}`), 50);
JS
file=$(node make.js)
variables=$(node --env-file=.env make.js)
echo "without dotenv: $alone; in production: $production"
echo "with dotenv: $file"
echo "node --env-file: $variables"
[ "$alone" = MODULE_NOT_FOUND ]
[ "$production" = loads ]
[ "$file" = "at once: Missing WhatsApp sender phone number Id.; later: made" ]
[ "$variables" = "at once: made; later: made" ]
