"""The doctor for one URL, of whom nothing else is known."""
