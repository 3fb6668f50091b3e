"""A new access token in ten seconds."""
