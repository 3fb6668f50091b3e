"""`rotate`: a new access token in, tested, then swapped for the old one."""

from __future__ import annotations

import click

from wizard.cli.input.options import json_option, profile_option
from wizard.cli.input.settings import settings_for
from wizard.cli.input.stdin import refuse_arguments
from wizard.cli.input.world import layout_of
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import report_lines
from wizard.cli.runs.walk import has_terminal, rotate_on_screen
from wizard.settings import Settings

_EXAMPLES = """\b
Examples:
  whatsapp-wizard rotate
  printf %s "$TOKEN" | whatsapp-wizard rotate --stdin --json
  whatsapp-wizard rotate --long-lived

Exit codes: 0 replaced, or it never expires, 1 the new token failed, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES, context_settings={"allow_extra_args": True})
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the token from standard input.")
@click.option(
    "--long-lived",
    is_flag=True,
    help="Exchange it for a long-lived token (60 days) first; without a token, exchange the "
    "stored one.",
)
@json_option
@profile_option
def rotate(from_stdin: bool, long_lived: bool, as_json: bool, profile: str | None) -> int:
    """Test a new access token and replace the stored one if it passes.

    It must belong to the same app, be granted for the same WABA, and have every permission the
    old one has. If any test fails, the old one stays.
    """
    refuse_arguments()
    settings = settings_for(profile)
    if has_terminal() and not from_stdin and not as_json:
        return _on_screen(settings, long_lived)
    from wizard.cli.runs.rotation import rotate as run

    rotated = run(settings, from_stdin, long_lived)
    if as_json:
        said = rotated.report.as_dict() | {"swapped": rotated.swapped}
        say(json_text(said))
    else:
        say_all(report_lines(rotated.report.in_layout(layout_of(settings))))
    return rotated.report.exit_code


def _on_screen(settings: Settings, long_lived: bool) -> int:
    """On a screen; what came of it is said when that is gone."""
    rotated, code = rotate_on_screen(settings, long_lived=long_lived)
    if rotated is None:
        say("Nothing was changed.", err=True)
    else:
        say_all(report_lines(rotated.report.in_layout(layout_of(settings))))
    return code
