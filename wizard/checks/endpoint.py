"""Our own endpoint: does it answer on this machine, where a run of ours said that it listens, and
did such a run leave its callback at Meta in the place of another?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from wizard.checks.context import CheckContext
from wizard.findings import Finding, Status, new_finding
from wizard.state import ReplacedCallback
from wizard.webhook.probe import ProbeError, handshake


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    if (before := await context.not_restored()) is not None:
        yield replace(_not_restored(context, before), status=Status.FAIL)
        return
    kept, token = context.world.webhook, context.values.verify_token
    url = kept.local_url
    if url is None or token is None or context.world.target is not None:
        return
    try:
        answer = await handshake(url, token, marker=kept.marker)
    except ProbeError as error:
        yield new_finding("webhook.not_listening", f"{url}: {error.detail}")
        return
    yield new_finding("webhook.listening", f"{url} responds in {round(answer.seconds * 1000)} ms")


def _not_restored(context: CheckContext, before: ReplacedCallback) -> Finding:
    was = before.callback_url or "none"
    said = f"Meta calls {before.by}, where nothing listens now; the previous URL is {was}"
    return new_finding("webhook.not_restored", said, app_id=context.app_id)
