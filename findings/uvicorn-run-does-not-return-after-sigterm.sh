#!/usr/bin/env bash
# PyPI: uvicorn 0.54.0.
# Expected: uvicorn.run() ends alike after SIGINT and SIGTERM: shuts down in order, then the program
#   goes on with what stands below it.
# Seen: after SIGINT it does. After SIGTERM it shuts down in order, lifespan included, and then raises
#   the signal again with the system's handler: the process is gone, without what stands below,
#   without `finally`, without `atexit`.
# Matters: whoever puts Meta's callback URL back, or deletes a key, after uvicorn.run() does it upon
#   Ctrl+C and never upon `docker stop` or systemd. It belongs into the lifespan.
# Source: https://www.uvicorn.org/release-notes/ (0.29.0)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install uvicorn==0.54.0
cat >serve.py <<'PY'
import atexit
import signal

import uvicorn

# A shell starts what runs in the background with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

def say(text):
    print(text, flush=True)

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        say("up")
        await receive()
        say("lifespan")
        await send({"type": "lifespan.shutdown.complete"})

atexit.register(say, "atexit")
try:
    uvicorn.run(app, port=0, log_level="critical")
    say("below")
finally:
    say("finally")
PY
for signal in INT TERM; do
  : >"$signal"
  venv/bin/python serve.py >"$signal" &
  until grep -q up "$signal"; do sleep 0.1; done
  sleep 0.2
  kill "-$signal" $!
  code=0
  wait $! || code=$?
  echo "exit $code" >>"$signal"
  echo "$signal: $(tr '\n' ' ' <"$signal")"
done
[ "$(tr '\n' ' ' <INT)" = "up lifespan below finally atexit exit 0 " ]
[ "$(tr '\n' ' ' <TERM)" = "up lifespan exit 143 " ]
