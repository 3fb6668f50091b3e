"""Ways for Meta to reach an endpoint on loopback: ngrok, cloudflared, or a URL of one's own."""

from __future__ import annotations

from wizard.tunnel.tunnel import OwnUrl, Reason, Tunnel, TunnelChange, TunnelError

__all__ = ["OwnUrl", "Reason", "Tunnel", "TunnelChange", "TunnelError"]
