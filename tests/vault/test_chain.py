"""A chain in which others' back ends stand before the system's own store."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest

from tests.vault.backends import Chain, Held, Lying, ReadOnly
from tests.vault.contract import TOKEN
from wizard.values.credentials import Secret
from wizard.vault import KeyringVault, Reason, VaultError


class Keychain(Held):
    """By its module the system's own."""


Keychain.__module__ = "keyring.backends.macOS"


class Bitwarden(Held):
    """By its module that of bitwarden-keyring, which has the higher priority."""


Bitwarden.__module__ = "bitwarden_keyring"


@pytest.fixture(autouse=True)
def keyring_stays_as_it_was() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def vault_on(*members: Held) -> KeyringVault:
    keyring.set_keyring(Chain(*members))
    return KeyringVault("test", limit=0.4)


@pytest.mark.parametrize("old", [None, "old"])
async def test_who_drops_what_the_system_s_own_would_store_is_named(old: str | None) -> None:
    """keyrings.onepassword 0.4.0 does: the write ends well, and the next is never asked."""
    own = Keychain()
    if old is not None:
        own.set_password("whatsapp-wizard:test", "access_token", old)
    with pytest.raises(VaultError) as caught:
        await vault_on(Lying(), own).put("access_token", TOKEN)
    assert caught.value.reason is Reason.WRITE_FAILED
    assert "backends Lying is asked before macOS Keychain" in caught.value.detail


async def test_others_that_decline_leave_the_value_to_the_system_s_own() -> None:
    vault = vault_on(ReadOnly(), own := Keychain())
    await vault.put("access_token", TOKEN)
    assert (await vault.load()).access_token == TOKEN
    assert [Secret(value) for value in own.entries.values()] == [TOKEN]


async def test_a_password_manager_is_named_where_it_is_the_one_that_stores() -> None:
    assert (await vault_on(Bitwarden(), Keychain()).describe()).name == "Bitwarden"
    assert (await vault_on(Keychain(), Bitwarden()).describe()).name == "macOS Keychain"
