"""Profiles: listed, created, renamed, copied, deleted."""
