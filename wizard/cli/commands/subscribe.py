"""`subscribe`: the WABA sends its messages to the app, and every callback stays as it is."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import click

from wizard.checks.graph import version_findings
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.settings import settings_for
from wizard.cli.input.world import await_keyring, layout_for, world_from_flags
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import report_lines
from wizard.findings import Finding, Report
from wizard.journeys.webhook.subscription import subscribe_waba
from wizard.world import World

_EXAMPLES = """\b
Examples:
  whatsapp-wizard subscribe
  whatsapp-wizard subscribe --env-file .env --json

Exit codes: 0 the app is subscribed, 1 Meta refused it, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES)
@values_options
@json_option
@profile_option
def subscribe(*, env: bool, env_file: Path | None, as_json: bool, profile: str | None) -> int:
    """Subscribe the app to the WABA, so that Meta sends it the WABA's messages.

    Reads the subscription back. No callback URL changes, and a subscription that exists stays.
    """
    settings = settings_for(profile)
    begun = time.monotonic()
    world = world_from_flags(settings, env, env_file)
    findings = asyncio.run(_subscribe(world))
    report = Report.of(settings.profile, findings, round((time.monotonic() - begun) * 1000))
    if as_json:
        say(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
    else:
        say_all(report_lines(report.in_layout(layout_for(settings, world))))
    return report.exit_code


async def _subscribe(world: World) -> list[Finding]:
    async with world:
        await await_keyring(world.load())
        if world.vault_error is not None:
            return [finding_for_vault_error(world.vault_error)]
        return [await subscribe_waba(world), *version_findings(world.graph)]
