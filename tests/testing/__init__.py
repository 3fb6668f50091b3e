"""The pytest plugin, as other people use it."""
