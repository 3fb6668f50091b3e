"""Secrets that are looked for wherever anything is shown, written or handed on."""
