"""Verify token: its shape, and a handshake with the callback that is known to be ours."""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext
from wizard.findings import Finding, Status, new_finding
from wizard.values.credentials import Secret
from wizard.values.shapes import check_shape as judge_shape


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    token, url = context.values.verify_token, context.world.webhook.callback_url
    shape = judge_shape("verify_token", token)
    if shape.finding:
        yield new_finding(shape.finding, shape.note)
    if context.taken is not None:
        yield new_finding("verify_token.valid", f"{context.taken} accepted it")
    elif context.met is not None or token is None or url is None:
        yield new_finding("verify_token.untested", context.met or "")
    else:
        answer = await _shaken(url, token, context.world.webhook.marker)
        good = answer.status in {Status.PASS, Status.WARN}
        said = f"{url} accepted it" if good else f"{url}: {answer.title}"
        yield new_finding("verify_token.valid" if good else "verify_token.untested", said)


async def _shaken(url: str, token: Secret, marker: str | None) -> Finding:
    # Most who test their credentials run no callback, and wait for nothing that meets one.
    from wizard.checks.callback.handshake import finding_for_probe_error, finding_for_response
    from wizard.webhook.probe import ProbeError, handshake

    try:
        return finding_for_response(await handshake(url, token, marker=marker), url)
    except ProbeError as error:
        return finding_for_probe_error(error)
