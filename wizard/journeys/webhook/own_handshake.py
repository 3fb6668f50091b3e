"""A handshake of our own through the public address, before Meta makes its."""

from __future__ import annotations

import asyncio

from wizard.checks.callback.handshake import finding_for_probe_error, finding_for_response
from wizard.findings import Finding, Status, new_finding
from wizard.values.credentials import Secret
from wizard.webhook.headers import MARKER_HEADER
from wizard.webhook.probe import ProbeError, handshake

_PAUSES = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0)
"""Seconds between tries: a tunnel's name is known to DNS a while after the tunnel is up."""
_NOT_YET = {"webhook.dns", "webhook.connect", "webhook.server_error", "tunnel.offline"}


async def verify_through_tunnel(
    url: str, verify_token: Secret, marker: str, *, patient: bool
) -> Finding:
    """The finding that the handshake amounts to; `webhook.verified` where the endpoint with this
    `marker` answered well. A `patient` one is tried again while the address may yet come up."""
    finding = await _shaken(url, verify_token, marker)
    for pause in _PAUSES if patient else ():
        if finding.id not in _NOT_YET:
            break
        await asyncio.sleep(pause)
        finding = await _shaken(url, verify_token, marker)
    return finding


async def _shaken(url: str, verify_token: Secret, marker: str) -> Finding:
    try:
        answer = await handshake(url, verify_token, marker=marker)
    except ProbeError as error:
        return finding_for_probe_error(error)
    finding = finding_for_response(answer, url)
    good = finding.status in {Status.PASS, Status.WARN}
    if good and answer.headers.get(MARKER_HEADER.lower()) != marker:
        return new_finding("webhook.other_server", f"{url} responds without this endpoint's marker")
    return finding
