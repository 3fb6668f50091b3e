"""Modules that are loaded when they are used, and not when they are imported."""

from __future__ import annotations

import sys
import types

import pytest

from wizard.support import imports

HOME = "xml.dom.pulldom"
"""A module that nothing else here loads."""


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program that has loaded neither keyring nor what it seldom needs."""
    monkeypatch.setattr(imports, "_OF_KEYRING", (HOME, "absent_from_everywhere"))
    for name in ("keyring", HOME):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.usefixtures("late")
def test_what_is_imported_in_the_block_is_loaded_with_the_first_look_into_it() -> None:
    with imports.late_for_keyring():
        import xml.dom.pulldom as seldom
    assert HOME not in sys.modules
    assert callable(seldom.parseString)
    assert isinstance(sys.modules[HOME], types.ModuleType)
    assert sys.modules[HOME].parseString is seldom.parseString


@pytest.mark.usefixtures("late")
def test_whoever_imports_it_from_another_thread_meanwhile_has_all_of_it() -> None:
    with imports.late_for_keyring():
        from xml.dom.pulldom import parseString

        real = sys.modules[HOME]
    assert sys.modules[HOME] is real
    assert vars(real)["parseString"] is parseString


@pytest.mark.usefixtures("late")
def test_whoever_imports_it_later_has_the_module_itself() -> None:
    with imports.late_for_keyring():
        import xml.dom.pulldom as stand_in
    import xml.dom.pulldom

    assert xml.dom.pulldom is not stand_in
    assert xml.dom.pulldom.parseString is stand_in.parseString


@pytest.mark.usefixtures("late")
def test_what_is_not_installed_stays_so() -> None:
    with imports.late_for_keyring(), pytest.raises(ImportError):
        __import__("absent_from_everywhere")


@pytest.mark.usefixtures("late")
def test_with_keyring_loaded_nothing_is_put_in_anybodys_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", types.ModuleType("keyring"))
    with imports.late_for_keyring():
        assert HOME not in sys.modules
