"""Sockets on this machine alone."""

from __future__ import annotations

import errno

import pytest

from wizard.support.loopback import bind


def test_a_port_in_use_is_the_systems_own_error() -> None:
    with bind(0) as taken, pytest.raises(OSError, match="in use") as caught:
        bind(taken.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_overflows(port: int) -> None:
    with pytest.raises(OverflowError):
        bind(port)
