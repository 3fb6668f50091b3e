"""Where the values come from a keyring, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.checks.foreign import (
    VALUES,
    Server,
    served,
    statuses,
    world,
)
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.settings import GRAPH_VERSION
from wizard.values.credentials import CREDENTIALS, Value, Values
from wizard.vault import Backend, MemoryVault, Reason, Vault, VaultError
from wizard.world import World

ALL = {"graph", *CREDENTIALS}


@dataclass
class Cupboard:
    """A keyring that keeps what it is given, until it is said to be in some trouble."""

    values: Values = VALUES
    trouble: Reason | None = None
    backend: Backend = field(default_factory=lambda: Backend("a cupboard"))
    persistent: bool = True

    async def load(self) -> Values:
        return self._open().values

    async def put(self, name: str, value: Value) -> None:
        self.values = self._open().values.with_(name, value)

    async def delete(self, name: str) -> bool:
        return self._open().values.get(name) is not None

    async def describe(self) -> Backend:
        return self._open().backend

    def _open(self) -> Cupboard:
        if self.trouble is not None:
            raise VaultError(self.trouble, "The key is gone.")
        return self


async def stored(server: Server, vault: Vault, subjects: Iterable[str] | None = None) -> Report:
    async with World("test", Values(), server.base, GRAPH_VERSION, vault) as there:
        return await collect_report(await there.load(), subjects)


async def test_values_of_the_environment_have_no_keyring() -> None:
    async with served() as server, world(server) as there:
        report = await collect_report(there)

    assert report.about("keyring") == ()


async def test_values_kept_for_this_run_alone_have_no_keyring() -> None:
    async with served() as server:
        report = await stored(server, MemoryVault(VALUES))

    assert report.about("keyring") == ()
    assert report.as_dict()["ok"] is True


@each_line("subjects", [None, ["app_id"], ["verify_token"]])
async def test_values_of_a_keyring_are_asked_for_there(subjects: list[str] | None) -> None:
    async with served() as server:
        report = await stored(server, Cupboard(), subjects)

    (ok,) = report.about("keyring")
    assert ok.id == "keyring.ok"
    assert ok.evidence == "a cupboard, 6 of 6 stored"
    assert report.findings[0] is ok


async def test_a_keyring_in_clear_text_is_a_warning() -> None:
    async with served() as server:
        report = await stored(server, Cupboard(backend=Backend("a shelf", plaintext=True)))

    assert statuses(report)["keyring.plaintext"] is Status.WARN
    assert report.exit_code == 0


@each_line("reason", Reason)
async def test_a_keyring_in_trouble_is_the_root_of_all(reason: Reason) -> None:
    async with served() as server:
        report = await stored(server, Cupboard(trouble=reason))

    root = f"keyring.{reason}"
    assert report.as_dict()["primary"] == root
    assert report.exit_code == 4
    rest = [finding for finding in report.findings if finding.id != root]
    assert {finding.subject for finding in rest} == ALL
    assert {finding.id for finding in rest} == {f"{subject}.skipped" for subject in ALL}
    assert {finding.evidence for finding in rest} == {f"Skipped because of {root}"}
    assert server.asked == []


async def test_a_keyring_that_closes_while_it_is_read_is_told() -> None:
    vault = Cupboard()
    async with (
        served() as server,
        World("test", Values(), server.base, GRAPH_VERSION, vault) as there,
    ):
        await there.load()
        vault.trouble = Reason.LOCKED
        report = await collect_report(there)

    assert report.as_dict()["primary"] == "keyring.locked"
    assert report.exit_code == 4
