"""How fast, how large, how many at once: run by hand, and in small by the tests beside them."""
