"""The shell and the pretended Meta of the command line's tests, for a terminal."""

from tests.cli.conftest import meta, shell

__all__ = ["meta", "shell"]
