"""The webhook and what it receives."""
