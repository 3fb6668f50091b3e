"""All profiles."""
