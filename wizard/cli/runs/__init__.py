"""What a command runs from its start to its end."""
