"""`listen`: endpoint, tunnel and registration in one, and every event as it comes."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.endpoint import EndpointOptions, endpoint_options
from wizard.cli.input.options import profile_option, values_options
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.urls import check_url
from wizard.cli.input.world import await_keyring, layout_of, progress_of, world_from_flags
from wizard.cli.output.lines import say_all
from wizard.cli.output.reports import problem_lines
from wizard.cli.runs.listen import ListenOptions, ListenRun
from wizard.cli.runs.signals import run_to_end
from wizard.cli.runs.webhook_memory import Memory
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.registration import Scope
from wizard.settings import Settings
from wizard.state import StoredWebhook
from wizard.world import World

_EXAMPLES = """\b
Examples:
  whatsapp-wizard listen
  whatsapp-wizard listen --forward-to http://localhost:8000/webhook
  whatsapp-wizard listen --tunnel cloudflared --json
  whatsapp-wizard listen --url https://dev.example.com --port 8080

Ctrl+C stops everything and restores the previous callback URL.
"""


@click.command(epilog=_EXAMPLES)
@click.option("--forward-to", metavar="URL", help="Forward every event to your own app, unchanged.")
@click.option("--tunnel", type=click.Choice(["ngrok", "cloudflared"]), help="[default: ngrok]")
@click.option("--url", metavar="URL", help="Your own public URL that leads to this machine.")
@click.option("--domain", metavar="NAME", help="Your reserved ngrok domain.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port to listen on. [default: a free one]"
)
@click.option(
    "--path",
    metavar="PATH",
    help="Path on this machine, if a proxy in front strips a prefix of --url.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default="app",
    show_default=True,
    help="Register for the app, the WABA or the number only.",
)
@click.option("--no-register", is_flag=True, help="Change nothing at Meta.")
@click.option(
    "--replace",
    "may_replace",
    is_flag=True,
    help="Replace a callback URL that is already registered.",
)
@click.option("--keep", is_flag=True, help="Keep yours registered on exit.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per event.")
@values_options
@profile_option
def listen(
    *,
    forward_to: str | None,
    tunnel: str | None,
    url: str | None,
    domain: str | None,
    port: int | None,
    path: str | None,
    scope: str,
    no_register: bool,
    may_replace: bool,
    keep: bool,
    as_json: bool,
    env: bool,
    env_file: Path | None,
    profile: str | None,
) -> int:
    """Receive webhooks on this machine, registered with Meta, until Ctrl+C."""
    check_url(forward_to, "--forward-to")
    place = endpoint_options(tunnel, url, domain, port, path)
    settings = settings_for(profile)
    world = world_from_flags(settings, env, env_file)
    wishes = ListenOptions(
        register=not no_register,
        scope=Scope(scope),
        may_replace=may_replace,
        keep=keep,
        as_json=as_json,
        layout=None if as_json else layout_of(settings),
    )
    with state_file(settings).using(settings.profile):
        return run_to_end(_listen(world, settings, place, forward_to, wishes))


async def _listen(
    world: World,
    settings: Settings,
    place: EndpointOptions,
    forward_to: str | None,
    wishes: ListenOptions,
) -> int:
    async with world:
        await await_keyring(world.load())
        if world.vault_error is not None:
            say_all(problem_lines(finding_for_vault_error(world.vault_error)), err=True)
            return 4
        before = progress_of(settings).webhook
        # Values from elsewhere are another app's, perhaps; what has to be put back is kept all
        # the same.
        stored = world.vault is not None
        world.webhook = before if stored else StoredWebhook(replaced=before.replaced)

        remember = Memory(settings, before, stored=stored).remember
        connection = WebhookConnection(
            world,
            place.tunnel_options,
            port=place.port,
            path=place.path,
            forward_to=forward_to,
            remember=remember,
            state=state_file(settings),
        )
        return await ListenRun(connection, wishes).run()
