"""Which profile is meant."""

from __future__ import annotations

from wizard.settings import DEFAULT_PROFILE, SettingError
from wizard.state import ProfileIndex


def resolve_profile(register: ProfileIndex, named: str | None) -> str:
    """The profile that is named, or else the one that was switched to, or else the default one.

    Raises `SettingError` for one that differs from another in letter case alone.
    """
    if named is None:
        return register.current or DEFAULT_PROFILE
    refuse_alike(register, named)
    return named


def refuse_alike(register: ProfileIndex, name: str) -> None:
    alike = register.alike(name)
    if alike not in {None, name}:
        raise SettingError(
            f"{name!r} can't be a profile's name beside {alike!r}: Windows and macOS can't tell "
            "them apart."
        )
