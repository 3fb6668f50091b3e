#!/usr/bin/env bash
# npm: whatsapp 0.0.5-Alpha, @great-detail/whatsapp 8.4.0 (its heir) and 9.2.0.
# Expected: the enumeration of message types says "reaction" for a reaction, as the Cloud API does.
# Seen: in both `Reaction` has the value "sticker"; the heir kept it through 8.x and mended it in 9.
# Matters: whoever sends a reaction by the enumeration sends `type: "sticker"` with a `reaction`
#   object, and whoever compares a webhook's `type` with it takes stickers for reactions.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund whatsapp@0.0.5-Alpha heir8@npm:@great-detail/whatsapp@8.4.0 \
  heir9@npm:@great-detail/whatsapp@9.2.0
seen=$(NODE_ENV=production node --input-type=module -e '
import { createRequire } from "node:module";
import { join } from "node:path";
const require = createRequire(join(process.cwd(), "x.js"));
const file = join(process.cwd(), "node_modules/whatsapp/build/types/enums.js");
const old = require(file).MessageTypesEnum;
const [eight, nine] = [await import("heir8"), await import("heir9")];
console.log([old, eight.MessageType, nine.MessageType].map((one) => one.Reaction).join(" "));
')
echo "Reaction in 0.0.5-Alpha, 8.4.0, 9.2.0: $seen"
[ "$seen" = "sticker sticker reaction" ]
