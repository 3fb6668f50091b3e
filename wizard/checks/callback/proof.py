"""Whether a callback that rejects our verify token is this app's all the same."""

from __future__ import annotations

from wizard.checks.callback.deliveries import took
from wizard.checks.callback.probes import CallbackProbes, random_token
from wizard.values.credentials import Secret
from wizard.webhook.probe import ProbeResponse


async def takes_our_signature(url: str, secret: Secret, marker: str | None = None) -> bool:
    """Whether a delivery is taken that is signed with this App Secret, and none that is signed
    with another: a server that made a verify token of its own still knows the app's secret."""
    calls = CallbackProbes(url, None, secret, marker)
    if not took(await calls.post(secret)):
        return False
    forged = await calls.post(random_token())
    return isinstance(forged, ProbeResponse) and not took(forged)
