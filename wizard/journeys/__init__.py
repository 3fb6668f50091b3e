"""What a person sets out to do, from its first step to its last; no face, no questions."""
