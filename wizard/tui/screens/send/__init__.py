"""A message, written, reviewed, sent and tracked."""
