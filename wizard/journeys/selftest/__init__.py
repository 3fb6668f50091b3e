"""What the simulator claims, proved at Meta."""
