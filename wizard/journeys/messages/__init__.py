"""A message out, its statuses, and who may be written to."""
