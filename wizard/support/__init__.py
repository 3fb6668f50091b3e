"""Small general helpers with no word of this domain in them."""
