#!/usr/bin/env bash
# PyPI: environs 14.6.0 and 15.2.0 (it came with 15.0.0).
# Expected: `Env.read_env()` puts what is in .env into os.environ, as it did for years, so that other
#   libraries find their variables there.
# Seen: since 15 the values stay within the Env object. `env.str("PYWA_TOKEN")` works, yet whatever
#   reads os.environ itself finds nothing there, and a child process lacks it too.
# Matters: after an upgrade the same .env file no longer reaches a client that reads PYWA_TOKEN,
#   NGROK_AUTHTOKEN or HTTPS_PROXY for itself.
# Source: https://github.com/sloria/environs/blob/main/CHANGELOG.md
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset PYWA_TOKEN
echo 'PYWA_TOKEN=from-the-file' >.env
cat >read.py <<'PY'
import os
import subprocess
import sys

import environs

env = environs.Env()
env.read_env(".env")
ask = "import os; print(os.environ.get('PYWA_TOKEN'))"
child = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
print(env.str("PYWA_TOKEN"), os.environ.get("PYWA_TOKEN"), child.stdout.strip())
PY
for version in 14.6.0 15.2.0; do
  python3 -m venv --without-pip "$version"
  python3 -m pip -q --disable-pip-version-check --python "$version/bin/python" install "environs==$version"
done
old=$(14.6.0/bin/python read.py)
new=$(15.2.0/bin/python read.py)
echo "Env, os.environ, child: 14 $old; 15 $new"
[ "$old" = "from-the-file from-the-file from-the-file" ]
[ "$new" = "from-the-file None None" ]
