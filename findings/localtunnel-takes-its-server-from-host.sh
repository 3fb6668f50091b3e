#!/usr/bin/env bash
# npm: localtunnel 2.0.2.
# Expected: `lt --port 8000` asks localtunnel's own server for a tunnel, or says why there is none.
# Seen: each option can come from a variable of the environment that has its plain name, HOST too, and
#   HOST is whom to ask for the tunnel. With HOST=0.0.0.0 nobody answers; lt tries again each second
#   and prints nothing. A server's refusal, such as of a name with "_", it keeps to itself likewise.
#   DEBUG=localtunnel:client shows the attempts, and `--host` goes before the variable.
# Matters: HOST=0.0.0.0 is in many a .env file, for the web server that is to get the webhook. There
#   is no URL to register then, and no word that it is about HOST. The README shows PORT alone.
# Source: https://github.com/localtunnel/localtunnel/blob/master/bin/lt.js,
#   https://github.com/localtunnel/localtunnel/issues/249 (of the refusal)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund localtunnel@2.0.2
cat >run.js <<'JS'
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createServer } = require("node:http");
const net = require("node:net");

// What a server of localtunnel's answers: https://github.com/localtunnel/server
const refusal = "Invalid subdomain. Subdomains must be lowercase and between 4 and 63 alphanumeric characters.";
const tunnels = net.createServer().listen(0, "127.0.0.1");
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  const given = request.url === "/?new";
  response.writeHead(given ? 200 : 403, { "Content-Type": "application/json" });
  response.end(JSON.stringify(given
    ? { id: "shop", url: "https://shop.tunnel.example", port: tunnels.address().port, max_conn_count: 1 }
    : { message: refusal }));
}).listen(0, "127.0.0.1");

/** What lt prints until it has printed, or been refused three times, or five seconds are over. */
async function lt(env, ...args) {
  asked = 0;
  const child = spawn(process.execPath, [require.resolve("localtunnel/bin/lt.js"), "--port", "8000", ...args],
    { env: { PATH: process.env.PATH, ...env } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => { printed += text; });
  for (const end = Date.now() + 5000; Date.now() < end && !printed && asked < 3;)
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill();
  return printed.trim() || "nothing is printed";
}
(async () => {
  await once(server, "listening");
  const here = `http://127.0.0.1:${server.address().port}`;
  console.log("HOST is a server:", await lt({ HOST: here }));
  console.log("HOST=0.0.0.0:", await lt({ HOST: "0.0.0.0" }));
  const debugged = await lt({ HOST: "0.0.0.0", DEBUG: "localtunnel:client" });
  console.log("the same with DEBUG:", debugged.match(/tunnel server offline|retry 1s/g).join(", "));
  console.log("HOST=0.0.0.0 and --host:", await lt({ HOST: "0.0.0.0" }, "--host", here));
  console.log("refused:", await lt({}, "--host", here, "--subdomain", "my_shop"), "after", asked, "requests");
  process.exit();
})();
JS
seen=$(node run.js)
echo "$seen"
[ "$seen" = "HOST is a server: your url is: https://shop.tunnel.example
HOST=0.0.0.0: nothing is printed
the same with DEBUG: tunnel server offline, retry 1s
HOST=0.0.0.0 and --host: your url is: https://shop.tunnel.example
refused: nothing is printed after 3 requests" ]
