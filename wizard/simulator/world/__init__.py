"""The simulated world as plain data."""
