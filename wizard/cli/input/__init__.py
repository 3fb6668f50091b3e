"""What comes in: flags, prompts, standard input."""
