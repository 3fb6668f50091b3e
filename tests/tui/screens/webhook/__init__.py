"""The webhook on screen: opened, verified, watched, passed on, and ended."""
