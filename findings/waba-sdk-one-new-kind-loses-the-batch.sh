#!/usr/bin/env bash
# PyPI: waba-sdk 1.1.1.
# Expected: a kind of message that the library does not know is skipped, or told as unknown.
# Seen: `WebhookHandler.handle` returns no event at all: one message of a kind it does not know
#   (`edit`, `revoke`), one forwarded message (its `context` bears no `id`) or one status `played`
#   makes it drop everything else in that delivery too. Without an `on_error` nothing is said, and
#   the FastAPI route still answers 200.
# Matters: customers' texts are lost without a trace. Pass `on_error`, and log what it gets.
# Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip venv
python3 -m pip -q --disable-pip-version-check --python venv/bin/python install waba-sdk==1.1.1
venv/bin/python - <<'PY'
import asyncio

from waba_sdk.webhook import WebhookHandler

SENDER = {"from": "16505551234", "timestamp": "1780000000"}
TEXT = {**SENDER, "id": "wamid.1", "type": "text", "text": {"body": "hi"}}
EDIT = {**SENDER, "id": "wamid.2", "type": "edit", "edit": {
    "original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "hello"}}}}
FORWARDED = {**TEXT, "id": "wamid.3", "context": {"forwarded": True}}
PLAYED = {"id": "wamid.4", "status": "played", "timestamp": "1780000000", "recipient_id": "16505551234"}

async def told(*values):
    heard, errors = [], []
    async def on_message(event):
        heard.append(event.message.id)
    handler = WebhookHandler(
        verify_token="v", on_message=on_message, on_error=lambda error, _: errors.append(error))
    metadata = {"display_phone_number": "15550001111", "phone_number_id": "106540352242922"}
    both = {"messaging_product": "whatsapp", "metadata": metadata}
    changes = [{"field": "messages", "value": {**both, **value}} for value in values]
    entry = [{"id": "102290129340398", "changes": changes}]
    await handler.handle({"object": "whatsapp_business_account", "entry": entry})
    return len(heard), len(errors)

seen = {
    "text alone": asyncio.run(told({"messages": [TEXT]})),
    "with an edit": asyncio.run(told({"messages": [TEXT]}, {"messages": [EDIT]})),
    "with a forwarded one": asyncio.run(told({"messages": [TEXT]}, {"messages": [FORWARDED]})),
    "with a status played": asyncio.run(told({"messages": [TEXT]}, {"statuses": [PLAYED]})),
}
for name, (messages, errors) in seen.items():
    print(f"{name}: {messages} messages, {errors} errors")
assert list(seen.values()) == [(1, 0), (0, 1), (0, 1), (0, 1)]
PY
