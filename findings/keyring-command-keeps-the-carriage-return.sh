#!/usr/bin/env bash
# PyPI: keyring 25.7.0, with keyrings.alt 5.0.2 as the store.
# Expected: `keyring set` takes the value off a pipe without the end of the line.
# Seen: exactly one "\n" goes. From a line that ends as on Windows the "\r" stays, and is stored; so
#   does the first of two newlines. An empty pipe makes it ask on the terminal instead.
# Matters: a token piped from PowerShell, or out of a file with Windows line ends, is stored with an
#   invisible character at its end. An Authorization header with it is refused before it is sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install keyring==25.7.0 keyrings.alt==5.0.2
export XDG_DATA_HOME=$folder PYTHON_KEYRING_BACKEND=keyrings.alt.file.PlaintextKeyring

stored() {
  printf "$1" | venv/bin/keyring set app token
  venv/bin/python -c 'import keyring; print(repr(keyring.get_password("app", "token")))'
}
unix=$(stored 'abc\n') windows=$(stored 'abc\r\n') twice=$(stored 'abc\n\n')
echo "stored of abc with \\n: $unix; with \\r\\n: $windows; with \\n\\n: $twice"
[ "$unix" = "'abc'" ]
[ "$windows" = "'abc\\r'" ]
[ "$twice" = "'abc\\n'" ]
