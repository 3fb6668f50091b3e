"""From a port on this machine to a callback that Meta has verified."""
