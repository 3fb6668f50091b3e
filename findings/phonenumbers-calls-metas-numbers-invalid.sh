#!/usr/bin/env bash
# PyPI: phonenumbers 9.0.43; npm: libphonenumber-js 1.13.16.
# Expected: a number that WhatsApp itself uses passes as a valid number.
# Seen: `is_valid_number` says no to a wa_id of Mexico with its "1" (521…), to one of Brazil without
#   the ninth digit, and to Meta's test numbers, which are +1 555. libphonenumber-js agrees on two
#   of them, and has two answers for the Brazilian one: valid with its usual metadata, invalid with
#   "/max". `is_number_match` sees no match at all between the two forms of Mexico and of Brazil.
# Matters: a form that checks numbers this way refuses customers who are writing at that moment, and
#   the number that Meta gave for the first try. wa_id is to be kept as it came.
# Source: https://github.com/google/libphonenumber/blob/master/FAQ.md
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libphonenumber-js@1.13.16
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install phonenumbers==9.0.43
cat >numbers.txt <<'TXT'
+5215512345678
+525512345678
+553182345678
+5531982345678
+15550001111
+16505551234
TXT
cat >ask.py <<'PY'
import phonenumbers
from phonenumbers import MatchType

for number in open("numbers.txt").read().split():
    print(number, str(phonenumbers.is_valid_number(phonenumbers.parse(number))).lower())
mexico = phonenumbers.is_number_match("+5215512345678", "+525512345678")
brazil = phonenumbers.is_number_match("+553182345678", "+5531982345678")
argentina = phonenumbers.is_number_match("+5491123456789", "+541123456789")
print("match", *(MatchType.to_string(one) for one in (mexico, brazil, argentina)))
PY
python=$(venv/bin/python ask.py)
node=$(node -e '
const { parsePhoneNumberFromString: usual } = require("libphonenumber-js");
const { parsePhoneNumberFromString: max } = require("libphonenumber-js/max");
for (const number of require("fs").readFileSync("numbers.txt", "utf8").trim().split("\n"))
  console.log(number, usual(number).isValid(), max(number).isValid());
')
echo "$python"
echo "libphonenumber-js, usual and max:"
echo "$node"
[ "$python" = "+5215512345678 false
+525512345678 true
+553182345678 false
+5531982345678 true
+15550001111 false
+16505551234 true
match SHORT_NSN_MATCH NO_MATCH SHORT_NSN_MATCH" ]
[ "$node" = "+5215512345678 false false
+525512345678 true true
+553182345678 true false
+5531982345678 true true
+15550001111 false false
+16505551234 true true" ]
