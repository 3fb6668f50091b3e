"""What every vault promises, run against each kind of them."""

from __future__ import annotations

from typing import ClassVar

import pytest

from wizard.values.credentials import CREDENTIALS, Secret, Values
from wizard.vault import KeyringVault, MachineVault, Vault

TOKEN = Secret("EAA" + "x" * 210)


class VaultContract:
    """Subclasses give a `vault` fixture: empty, and the same one throughout a test."""

    async def test_an_empty_one_holds_nothing(self, vault: Vault) -> None:
        assert await vault.load() == Values()

    async def test_all_six_come_back_as_they_went_in(self, vault: Vault) -> None:
        for number, (name, credential) in enumerate(CREDENTIALS.items()):
            await vault.put(name, credential.wrap(f"value-{number}"))
        values = await vault.load()
        assert [type(value) for _, value in values.present()] == [
            Secret if credential.secret else str for credential in CREDENTIALS.values()
        ]
        assert values.app_id == "value-0"
        assert values.verify_token == Secret("value-5")

    async def test_a_value_takes_the_place_of_the_one_before(self, vault: Vault) -> None:
        await vault.put("access_token", Secret("old"))
        await vault.put("access_token", TOKEN)
        assert (await vault.load()).access_token == TOKEN

    async def test_what_is_forgotten_is_gone_and_the_rest_stays(self, vault: Vault) -> None:
        await vault.put("app_id", "1234567890123456")
        await vault.put("access_token", TOKEN)
        assert await vault.delete("access_token")
        assert not await vault.delete("access_token")
        assert await vault.load() == Values(app_id="1234567890123456")

    @pytest.mark.parametrize("value", ["ü€𝄞", "a b", "=+/&%#'\"\\", "x" * 1200])
    async def test_odd_values_come_back_to_the_letter(self, vault: Vault, value: str) -> None:
        await vault.put("verify_token", Secret(value))
        assert (await vault.load()).verify_token == Secret(value)


class MachineContract:
    """Subclasses give a `machine` fixture: empty at first."""

    async def test_ngroks_authtoken_is_kept_and_forgotten(self, machine: MachineVault) -> None:
        assert await machine.authtoken() is None
        for token in (Secret("first"), Secret("second")):
            await machine.keep_authtoken(token)
            assert await machine.authtoken() == token
        assert await machine.delete("ngrok_authtoken")
        assert not await machine.delete("ngrok_authtoken")
        assert await machine.authtoken() is None


class SessionContract(VaultContract, MachineContract):
    """What a desktop's keyring promises, in a D-Bus session in which it has this `name`."""

    name: ClassVar[str]

    @pytest.fixture
    def machine(self) -> MachineVault:
        return MachineVault(limit=20)

    @pytest.fixture
    async def vault(self) -> Vault:
        vault = KeyringVault("test", limit=20)
        for name in CREDENTIALS:
            await vault.delete(name)
        return vault

    async def test_it_is_called_by_its_name(self, vault: Vault) -> None:
        assert (await vault.describe()).name == self.name
