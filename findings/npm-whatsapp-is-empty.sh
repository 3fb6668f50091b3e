#!/usr/bin/env bash
# npm: whatsapp 1.0.0 (tag latest) and 0.0.5-Alpha.
# Expected: `npm install whatsapp`, as the README of Meta's archived Node.js SDK has it, brings that SDK.
# Seen: it brings a package of one file, package.json, by another author. Meta's SDK is the older
#   version 0.0.5-Alpha, which has no tag; `require("whatsapp")` fails until it is named in full.
# Matters: the first line of many a tutorial for the Cloud API ends in "Cannot find module".
# Source: https://github.com/WhatsApp/WhatsApp-Nodejs-SDK#installation
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir latest named
(cd latest && npm init -y >/dev/null && npm install --silent --no-audit --no-fund whatsapp@latest)
(cd named && npm init -y >/dev/null && npm install --silent --no-audit --no-fund whatsapp@0.0.5-Alpha)

files=$(cd latest/node_modules/whatsapp && find . -type f | sort | tr '\n' ' ')
version=$(node -p 'require("./latest/node_modules/whatsapp/package.json").version')
code=$(cd latest && node -e 'try { require("whatsapp"); console.log("loaded") } catch (e) { console.log(e.code) }')
sdk=$(cd named && NODE_ENV=production node -e 'console.log(typeof require("whatsapp"))')
echo "latest is $version, files: $files; require: $code"
echo "0.0.5-Alpha: require gives a $sdk"
[ "$version" = 1.0.0 ]
[ "$files" = "./package.json " ]
[ "$code" = MODULE_NOT_FOUND ]
[ "$sdk" = function ]
