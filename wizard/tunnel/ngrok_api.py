"""What is asked of the agent's own API: an endpoint opened, and which are open."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.support.threads import run_in_thread
from wizard.tunnel.agent_text import tidy
from wizard.tunnel.ngrok_errors import find_code, reason_of
from wizard.tunnel.ngrok_log import NgrokLog
from wizard.tunnel.proxy_variables import direct_loopback
from wizard.tunnel.tunnel import Reason, TunnelError

if TYPE_CHECKING:
    from pyngrok.ngrok import NgrokTunnel
    from pyngrok.process import NgrokProcess

Result = TypeVar("Result")


class NgrokApi:
    """pyngrok's calls to one agent, off the loop, each within a limit and none by a proxy."""

    def __init__(self, known: NgrokProcess, log: NgrokLog, *, limit: float) -> None:
        """`known` is the process as pyngrok knows it; `limit` is for a request."""
        known.api_url = log.api
        self._config = known.pyngrok_config
        self._log = log
        self._limit = limit

    async def open(self, port: int, domain: str | None = None) -> str:
        """The public URL of a new endpoint; raises `TunnelError`."""
        from pyngrok import ngrok
        from pyngrok.exception import PyngrokError, PyngrokNgrokURLError

        # Else the agent keeps every header and body, the verify token among them, for whoever on
        # this machine asks its API: https://ngrok.com/docs/agent/web-inspection-interface/
        options: dict[str, Any] = {"inspect": False}
        if domain:
            options["url"] = _host(domain)
        address = f"http://127.0.0.1:{port}"
        connect = partial(ngrok.connect, address, pyngrok_config=self._config, **options)
        try:
            return _public(await self._asked(connect))
        except PyngrokNgrokURLError:
            # The agent may have gone on and opened it: asking twice would meet 334.
            return await self._opened_after_all(connect)
        except PyngrokError as error:
            raise self._refusal(error) from None

    async def listed(self) -> str | None:
        """The public URL of the endpoint that is open now."""
        from pyngrok import ngrok

        opened = await self._asked(partial(ngrok.get_tunnels, self._config))
        return _public(opened[0]) if opened else None

    async def _opened_after_all(self, connect: Callable[[], NgrokTunnel]) -> str:
        from pyngrok.exception import PyngrokError

        try:
            return await self.listed() or _public(await self._asked(connect))
        except PyngrokError as error:
            raise self._refusal(error) from None

    async def _asked(self, call: Callable[[], Result]) -> Result:
        def ask() -> Result:
            with direct_loopback():
                return call()

        try:
            return await run_in_thread(ask, timeout=self._limit + 2)
        except TimeoutError:
            raise TunnelError(Reason.AGENT_FAILED, "The agent's API did not respond.") from None

    def _refusal(self, error: Exception) -> TunnelError:
        """Only a failure at the start carries `ngrok_error_code`; a refused endpoint has a body."""
        body = getattr(error, "body", None)
        code = find_code(getattr(error, "ngrok_error", None), body, str(error))
        if code:
            detail = tidy(_said(body) or str(error), self._log.secret)
            return TunnelError(reason_of(code), detail, code)
        if getattr(error, "status_code", None) == 404:
            return TunnelError(Reason.AGENT_TOO_OLD, "The agent has no /api/endpoints.")
        if self._log.over:
            return self._log.error("The agent stopped.")
        return TunnelError(Reason.AGENT_FAILED, tidy(str(error), self._log.secret))


def _host(domain: str) -> str:
    return domain if "://" in domain else f"https://{domain}"


def _public(tunnel: NgrokTunnel) -> str:
    return (tunnel.public_url or "").rstrip("/")


def _said(body: str | None) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(body or "")["details"]["err"])
    return ""
