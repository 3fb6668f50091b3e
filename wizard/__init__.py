"""Walks a developer through Meta's WhatsApp Cloud API set-up."""

__version__ = "0.1.0"
