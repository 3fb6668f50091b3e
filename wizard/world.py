"""What checks and journeys are given, and all they are given."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from wizard.graph.clock import MetaClock
from wizard.graph.limits import LIMIT
from wizard.settings import Settings, WarnAhead
from wizard.state import ReplacedCallback, StateFile, StoredWebhook
from wizard.values.credentials import Secret, Values
from wizard.vault import VaultError

if TYPE_CHECKING:
    from wizard.findings import Finding
    from wizard.graph import Graph, Pool
    from wizard.tunnel.tunnel import Tunnel
    from wizard.vault import MachineVault, Vault
    from wizard.webhook.endpoint import Endpoint

TunnelKind: TypeAlias = Literal["ngrok", "cloudflared", "url"]


@dataclass(frozen=True)
class TunnelOptions:
    """The way in that somebody wants: through which tunnel, or at a `url` of their own.

    `port` is the one on this machine that the URL leads to, 0 for any free one; `domain` is a
    reserved one of ngrok's; `on_download_progress` is told of a download, in percent.
    """

    kind: TunnelKind = "ngrok"
    url: str | None = None
    port: int = 0
    domain: str | None = None
    authtoken: Secret | None = None
    on_download_progress: Callable[[int], None] | None = None


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class World:
    """One profile's values and the rooms around them.

    `vault` is `None` where the values came from the environment or a file; `vault_error` is what
    the vault said when they could not be read from it; `timeout` is the seconds a request may take.
    """

    profile: str
    values: Values
    graph_url: str
    graph_version: str
    vault: Vault | None = None
    vault_error: VaultError | None = None
    clock: Callable[[], datetime] = utc_now
    timeout: float = LIMIT
    warn_ahead: WarnAhead = field(default_factory=WarnAhead)
    webhook: StoredWebhook = field(default_factory=StoredWebhook)
    """What is remembered of our own callback."""
    not_restored: tuple[ReplacedCallback, ...] = ()
    """What is remembered, of whichever profile, to be put back with nobody there to do it."""
    target: str | None = None
    """The URL that is to be diagnosed, where it is not the one that Meta or we know."""
    may_deliver: bool = True
    """Whether test messages may be posted to a callback: to its server they are live ones."""
    is_token_theirs: bool = False
    """Whether the verify token is the target's, given for this run, and not the profile's own."""
    may_verify: bool = False
    """Whether Meta may be asked to verify its callback anew, which sets it once more."""
    folder: Path | None = None
    """Where running agents are written down; the platform's own folder by default."""
    tunnels: Callable[[TunnelOptions, Path], Tunnel] | None = None
    """Makes the tunnels, where they are not to be the real ones."""
    machine_vault: MachineVault | None = None
    """Keeps ngrok's authtoken, where there is a keyring."""
    also_secret: frozenset[Secret] = frozenset()
    """What must not be shown beside the values: those before them, and ngrok's authtoken."""
    pool: Pool | None = None
    """The connections to Graph, where other worlds share them."""
    meta_clock: MetaClock = field(default_factory=MetaClock)
    """What Graph's replies tell of the time, for all worlds that were made of this one."""
    _graph: Graph | None = field(default=None, repr=False)

    @classmethod
    def from_settings(
        cls, settings: Settings, values: Values | None = None, vault: Vault | None = None
    ) -> World:
        """A world at the address that the settings name."""
        return cls(
            settings.profile,
            values or Values(),
            settings.graph_url,
            settings.graph_version,
            vault,
            warn_ahead=settings.warn_ahead,
            folder=settings.state_dir,
        )

    @property
    def is_empty(self) -> bool:
        """Whether the vault was read, and held none of the six."""
        read = self.vault is not None and self.vault_error is None
        return read and not any(self.values.present())

    async def load(self) -> World:
        """Reads the values from the vault; where it can't be read, `vault_error` says why."""
        if self.vault is not None:
            try:
                self.values, self.vault_error = await self.vault.load(), None
            except VaultError as error:
                self.vault_error = error
        return self

    @property
    def secrets(self) -> frozenset[Secret]:
        """Every secret at hand."""
        own = {value for _, value in self.values.present() if isinstance(value, Secret)}
        machines = Secret(os.environ.get("NGROK_AUTHTOKEN", "").strip())
        return self.also_secret | own | ({machines} if len(machines) else set())

    def redact(self, text: str) -> str:
        """The text with no secret in it, in whatever form."""
        from wizard.values.redaction import redact

        return redact(text, self.secrets)

    def presentable(self, finding: Finding) -> Finding:
        """The finding with no secret in what strangers wrote there."""
        return finding.with_texts(self.redact)

    @property
    def graph(self) -> Graph:
        if self._graph is None:
            from wizard.graph import Graph

            self._graph = Graph(
                self.graph_url,
                self.graph_version,
                secret=self.values.app_secret,
                limit=self.timeout,
                pool=self.pool,
                app=self.values.app_id or "",
                secrets=self.secrets,
                clock=self.meta_clock,
            )
        return self._graph

    @property
    def now(self) -> datetime:
        """The time at Meta, which decides when a token ends; this machine's where no reply has
        told it."""
        machine = self.clock()
        return machine - self.meta_clock.ahead(machine)

    def endpoint(self, port: int = 0, path: str = "/webhook") -> Endpoint:
        """An endpoint that knows this world's verify token and App Secret. Raises `LookupError`
        without a verify token."""
        from wizard.webhook.endpoint import Endpoint

        if self.values.verify_token is None:
            raise LookupError("verify_token")
        return Endpoint(self.values.verify_token, self.values.app_secret, port=port, path=path)

    def tunnel(self, way: TunnelOptions) -> Tunnel:
        """The tunnel for this way, still closed. Raises `ValueError` for a URL that is none."""
        folder = StateFile(self.folder).folder / "agents"
        return (self.tunnels or _real_tunnel)(way, folder)

    def with_values(self, values: Values) -> World:
        """The same rooms with other values, for testing what is not stored yet."""
        return replace(self, values=values, also_secret=self.secrets, _graph=None)

    async def close(self) -> None:
        if self._graph is not None:
            await self._graph.close()
            self._graph = None

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _real_tunnel(way: TunnelOptions, folder: Path) -> Tunnel:
    if way.kind == "url":
        from wizard.tunnel.tunnel import OwnUrl

        return OwnUrl(way.url or "")
    if way.kind == "cloudflared":
        from wizard.tunnel.cloudflared import Cloudflared

        return Cloudflared(folder)
    from wizard.tunnel.ngrok import Ngrok

    return Ngrok(folder, way.authtoken, domain=way.domain, progress=way.on_download_progress)
