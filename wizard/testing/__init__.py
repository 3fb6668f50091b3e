"""The simulator in other people's tests: the pytest plugin, and what its fixture hands over."""
