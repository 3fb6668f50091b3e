"""One callback URL, met as Meta meets it."""
