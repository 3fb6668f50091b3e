"""The doctor: every check, the cause, the fix."""
