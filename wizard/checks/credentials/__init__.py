"""One file a credential: what is asked, and what the answer means."""
