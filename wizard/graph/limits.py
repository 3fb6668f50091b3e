"""How long is waited for Graph."""

from __future__ import annotations

LIMIT = 10.0
"""Seconds that a request may take."""
