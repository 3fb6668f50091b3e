#!/usr/bin/env bash
# npm: express 4.21.2 and 5.1.0.
# Expected: a handshake answered with `res.send(Number(challenge))` sends the challenge.
# Seen: Express 4 takes a lone number for the status of the answer: a challenge of Meta's, such as
#   1158201444, ends in RangeError and a page of HTML with status 500, `res.status(200)` before it or
#   not. Express 5 sends the number, as application/json. `res.send(String(…))` is right in both.
# Matters: Meta says that the callback URL couldn't be validated, and code that works on one machine
#   fails on the next, which has the other major version.
# Source: https://expressjs.com/en/guide/migrating-5.html
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund express4@npm:express@4.21.2 express5@npm:express@5.1.0
cat >ask.js <<'JS'
async function ask(name) {
  const app = require(name)();
  app.get("/number", (req, res) => res.status(200).send(Number(req.query["hub.challenge"])));
  app.get("/text", (req, res) => res.status(200).send(req.query["hub.challenge"]));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const told = [name];
  for (const path of ["number", "text"]) {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/${path}?hub.challenge=1158201444`);
    const body = await answer.text();
    told.push(path, answer.status, body === "1158201444" ? body : body.match(/RangeError/)[0]);
  }
  server.close();
  return told.join(" ");
}
(async () => { for (const name of ["express4", "express5"]) console.log(await ask(name)); })();
JS
seen=$(NODE_ENV=development node ask.js 2>/dev/null)
echo "$seen"
[ "$seen" = "express4 number 500 RangeError text 200 1158201444
express5 number 200 1158201444 text 200 1158201444" ]
