"""Meta's own sample of a message, which the dashboard's Test button sends, and its signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

from wizard.values.credentials import Secret
from wizard.webhook.events import SAMPLE_ENTRY_ID, SAMPLE_NUMBER_ID, sign

_VALUE = {
    "messaging_product": "whatsapp",
    "metadata": {
        "display_phone_number": "16505551111",
        "phone_number_id": SAMPLE_NUMBER_ID,
    },
    "contacts": [{"profile": {"name": "test user name"}, "wa_id": "16315551181"}],
    "messages": [
        {
            "from": "16315551181",
            "id": "ABGGFlA5Fpa",
            "timestamp": "1504902988",
            "type": "text",
            "text": {"body": "this is a text message"},
        }
    ],
}
SAMPLE = json.dumps(
    {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": SAMPLE_ENTRY_ID, "changes": [{"field": "messages", "value": _VALUE}]},
        ],
    },
    separators=(",", ":"),
).encode()


def signatures(secret: Secret, body: bytes) -> Mapping[str, str]:
    """The headers by which Meta signs a body: today's, and the older one that may come too.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    key = secret.reveal().encode(errors="surrogatepass")
    older = hmac.new(key, body, hashlib.sha1).hexdigest()
    return {"X-Hub-Signature": f"sha1={older}", "X-Hub-Signature-256": sign(secret, body)}
