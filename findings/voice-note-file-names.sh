#!/usr/bin/env bash
# PyPI: whatsapp-python 4.3.0, pygwan 0.3.6, wa-cloud-py 0.2.0, python-whatsapp-bot 2.0.3, heyoo 0.1.2.
# Expected: `download_media` saves a voice note as the .ogg file that it is.
# Seen: the mime_type of a voice note has a parameter, "audio/ogg; codecs=opus". whatsapp-python and
#   pygwan put that into the name too, "note.ogg; codecs=opus". wa-cloud-py looks up the whole in its
#   table, and saves "note" without an ending. python-whatsapp-bot does the same, and Python's
#   `mimetypes.guess_extension` finds nothing either: "note.bin". A picture is named right by each,
#   and heyoo, which has the same few lines as two of them, cuts the parameter off.
# Matters: a service that turns speech into text goes by the ending, and refuses such a file. Pictures
#   and documents work, so it shows with the first customer who speaks.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/audio
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install \
  whatsapp-python==4.3.0 pygwan==0.3.6 wa-cloud-py==0.2.0 python-whatsapp-bot==2.0.3 heyoo==0.1.2 requests==2.34.2
cat >save.py <<'PY'
import pathlib
import sys
from unittest import mock

import requests

name = sys.argv[1]
address = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
saved = []
for mime_type in ("image/jpeg", "audio/ogg; codecs=opus"):
    answer = mock.MagicMock(status_code=200, content=b"OggS", text="")
    answer.json.return_value = {"id": "1", "url": address, "mime_type": mime_type, "info": {"version": ""}}
    answer.__enter__.return_value.iter_content.return_value = [b"OggS"]
    with mock.patch.object(requests, "get", return_value=answer):
        if name == "whatsapp-python":
            from whatsapp import WhatsApp

            client = WhatsApp(token="t", phone_number_id={"shop": "1"}, version="v23.0", update_check=False)
            path = client.download_media(address, mime_type, "note")
        elif name == "wa-cloud-py":
            from wa_cloud_py import WhatsApp

            WhatsApp(access_token="t", phone_number_id="1").download_media("1", "note", "kept")
            path = max(pathlib.Path("kept").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        elif name == "python-whatsapp-bot":
            from python_whatsapp_bot import Whatsapp

            path = Whatsapp("1", "t").download_media("note", "kept")
        else:
            client = __import__(name).WhatsApp(token="t", phone_number_id="1")
            path = client.download_media(address, mime_type, "note")
    saved.append(f'"{pathlib.Path(path).name}"')
print(f"{name}: picture {saved[0]}, voice note {saved[1]}")
PY
seen=$(for one in whatsapp-python pygwan wa-cloud-py python-whatsapp-bot heyoo; do
  venv/bin/python -W ignore save.py "$one" 2>/dev/null
done)
echo "$seen"
[ "$seen" = 'whatsapp-python: picture "note.jpeg", voice note "note.ogg; codecs=opus"
pygwan: picture "note.jpeg", voice note "note.ogg; codecs=opus"
wa-cloud-py: picture "note.jpeg", voice note "note"
python-whatsapp-bot: picture "note.jpg", voice note "note.bin"
heyoo: picture "note.jpeg", voice note "note.ogg"' ]
