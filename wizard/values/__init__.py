"""The six credentials as data: what they are, look like, and are called elsewhere."""
