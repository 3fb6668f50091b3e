"""Short questions over a screen."""
