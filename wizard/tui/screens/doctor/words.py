"""What the doctor says of the whole: its keys, its question and answer, and what mends a cause."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from wizard.findings import SIGNS, Finding, Report
from wizard.journeys.diagnosis import Ladder, QuickFix, quick_fixes
from wizard.journeys.labels import label
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import Expiry, expiry_at
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.widgets.once import Static
from wizard.world import World

QUESTION = "Why does my webhook not verify?"
WELL = "✓  No problems found from this machine."
DOCTOR_KEYS: list[BindingType] = [
    Binding("t", "again", "run all", tooltip="Run all checks"),
    Binding("r", "register", "register", tooltip="Register with Meta"),
    Binding("r", "rotate", "replace token", tooltip="Replace the access token"),
    Binding("s", "subscribe", "subscribe", tooltip="Subscribe the app to the WABA"),
    Binding("p", "restore", "restore", tooltip="Restore the previous URL"),
    Binding("w", "renew", "new URL", tooltip="Start a tunnel and register its URL"),
    Binding("u", "url", "other URL", show=False, tooltip="Diagnose another URL"),
    Binding("w", "webhook", "webhook", show=False, tooltip="Open the webhook"),
    Binding("o", "open", "open page", tooltip="Open the page"),
    Binding("g", "go", "go to step", tooltip="Go to the fix"),
    Binding("y", "copy", "copy report", tooltip="Copy the report"),
    Binding("escape", "dismiss(None)", "back", key_display="esc"),
]
LIVE = "Sends test messages to the callback URL. Your server's code runs on them."
LETS_META_CALL = (
    "Meta sends a real verification request and reports any error. The settings don't change."
)


def title(ladder: Ladder, report: Report) -> str:
    """The question, until it is answered."""
    if ladder.asking or not ladder.found:
        return QUESTION
    primary = report.primary
    return f"{SIGNS[primary.status]}  {primary.title}" if primary else WELL


def show_title(line: Static, ladder: Ladder, report: Report) -> None:
    """Draws the title, in the colour of what was found."""
    primary = None if ladder.asking else report.primary
    line.update(title(ladder, report))
    line.set_classes(f"-{primary.status}" if primary else "")


def progress(webhook: WebhookController, ladder: Ladder, again: str | None, seconds: float) -> str:
    """What is being done, or was; `again` names the one check that is run again."""
    if webhook.job is not None:
        return f"◌ {webhook.job} …"
    checked = len(ladder.found)
    if again is not None:
        now, then = f"checking {label(again)} again", f"{label(again)} checked again"
    else:
        now, then = f"{checked} of {len(ladder.rungs)} checked", f"{checked} checked"
    return f"◌ {now}" if ladder.asking else f"{then} · {seconds:.1f} s"


def fix_keys(
    webhook: WebhookController, finding: Finding, *, met: bool
) -> tuple[tuple[str, str], ...]:
    """The keys that mend a finding, and what each does; one that was `met` while mending is looked
    into on the webhook's own screen."""
    wanted = (QuickFix.OPEN,) if met else quick_fixes(finding)
    renew = ("w", "start a tunnel to this machine and register it with Meta")
    register = ("r", f"register {webhook.callback_url} with Meta")
    does = {
        QuickFix.REGISTER: register if webhook.is_open else renew,
        QuickFix.SUBSCRIBE: ("s", "subscribe the app to this WABA"),
        QuickFix.RESTORE: ("p", "restore the previous callback URL"),
        QuickFix.OPEN: ("w", "open the webhook screen and start it there") if met else renew,
        QuickFix.ROTATE: ("r", "replace the access token"),
    }
    return tuple(dict.fromkeys(does[fix] for fix in wanted))


def life_of(ladder: Ladder, world: World) -> Expiry | None:
    """How long the access token has to live, as it was found to have."""
    said = ladder.found.get("access_token", ())
    facts = next((finding.facts for finding in said if finding.facts), None)
    return expiry_at(facts.kind, facts.expires_at, world) if facts else None


def world_of(onboarding: Onboarding) -> World:
    """What is stored, with what is typed over it."""
    return onboarding.world.with_values(onboarding.values)
