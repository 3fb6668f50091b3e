"""From a token to all six values."""
