"""What a token alone leads to."""
