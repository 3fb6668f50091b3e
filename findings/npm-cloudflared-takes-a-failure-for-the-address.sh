#!/usr/bin/env bash
# npm: cloudflared 0.7.3, with a script in place of the program, which prints what cloudflared prints
#   when Cloudflare's service for quick tunnels can't be reached.
# Expected: no address, and the error.
# Seen: the event "url" comes with https://api.trycloudflare.com. It stands in the message of the
#   error, and the library takes each address below trycloudflare.com for the tunnel's.
# Matters: a callback URL that belongs to Cloudflare goes to Meta, which then says that verification
#   failed; the true cause, no way out to Cloudflare, is gone from sight.
# Source: https://github.com/cloudflare/cloudflared/blob/master/cmd/cloudflared/tunnel/quick_tunnel.go
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts cloudflared@0.7.3
cat >program <<'SH'
#!/bin/sh
echo '2026-11-30T03:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...' >&2
echo 'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup api.trycloudflare.com: no such host' >&2
exit 1
SH
chmod +x program
seen=$(node -e '
const { Tunnel, use } = require("cloudflared");
use(`${process.cwd()}/program`);
const tunnel = Tunnel.quick("http://localhost:8000");
tunnel.on("url", (url) => console.log("url", url));
tunnel.on("exit", (code) => console.log("exit", code));
')
echo "$seen"
[ "$seen" = "url https://api.trycloudflare.com
exit 1" ]
