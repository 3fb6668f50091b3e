#!/usr/bin/env bash
# PyPI: httpx 0.28.1, beside requests 2.34.2.
# Expected: NO_PROXY=127.0.0.0/8 keeps the proxy out of the way of 127.0.0.1, as with curl, Go and
#   requests; and [::1] or fd00::/8 in that list does the same for its own, or nothing.
# Seen: httpx takes a network for the name of a host, and goes through the proxy. With [::1], or with
#   any network of IPv6, `httpx.Client()` itself raises InvalidURL ("Invalid port"), whatever address
#   is asked for later, and even where no proxy is set at all.
# Matters: NO_PROXY on a cluster's machines lists networks. An entry of the list of exceptions stops
#   the call to Meta, and the error speaks of a port that nobody wrote.
# Source: https://github.com/encode/httpx/issues/3221
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install httpx==0.28.1 requests==2.34.2
for name in http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY; do
  unset "$name"
done
venv/bin/python - <<'PY'
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import requests

def server(name):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(name.encode())

        def log_message(self, *_):
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=made.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{made.server_port}"

target, proxy = server("direct"), server("proxy")

def ways(exceptions, proxied=True):
    os.environ["NO_PROXY"] = exceptions
    os.environ.pop("HTTP_PROXY", None)
    if proxied:
        os.environ["HTTP_PROXY"] = proxy
    try:
        by_httpx = httpx.get(target).text
    except httpx.InvalidURL as error:
        by_httpx = f"InvalidURL, {error}"
    told = by_httpx, requests.get(target).text
    print(f"NO_PROXY={exceptions}{'' if proxied else ', no proxy set'}: httpx {told[0]}; requests {told[1]}")
    return told

assert ways("127.0.0.1") == ("direct", "direct")
assert ways("127.0.0.0/8") == ("proxy", "direct")
for entry in ("[::1]", "fd00::/8"):
    by_httpx, by_requests = ways(entry, proxied=False)
    assert by_httpx.startswith("InvalidURL, Invalid port") and by_requests == "direct"
PY
