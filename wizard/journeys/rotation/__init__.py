"""A new access token in place of the stored one."""
