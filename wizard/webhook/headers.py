"""Headers by which this program knows its own endpoint, and the endpoint its own probes."""

from __future__ import annotations

MARKER_HEADER = "X-Whatsapp-Wizard"
"""Bears the marker of an endpoint, which is no secret."""
PATH_HEADER = "X-Whatsapp-Wizard-Path"
"""Tells a probe of our own under which path it reached us, where that is another than ours."""
