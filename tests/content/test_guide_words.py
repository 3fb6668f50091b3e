"""The portal's own words stand in the guide letter for letter: labels, titles, codes, addresses."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.tables import each_line
from wizard.guide import CALLBACK, Step, guide
from wizard.values.credentials import CREDENTIALS

FOLDER: Final = Path(__file__).parents[2] / "wizard" / "content" / "guide"
TEXT_KEYS: Final = {"body", "see", "link", "where", "copied"}
ENTRY_KEYS: Final = TEXT_KEYS | {"id", "title", "short", "yields", "early", "skip", "layout"}
CHAPTER_KEYS: Final = {"proof", "layouts", "layout", "sources"}
CLASSIC: Final = "classic"
PAGE_KEYS: Final = ENTRY_KEYS | {"summary", "renews"}
DASHBOARD: Final = "https://developers.facebook.com/apps/{YOUR_APP_ID}/dashboard/"
API_SETUP: Final = (
    "https://developers.facebook.com/apps/{YOUR_APP_ID}/use_cases/customize/wa-dev-console/"
)
WEBHOOK: Final = (
    "https://developers.facebook.com/apps/{YOUR_APP_ID}/use_cases/customize/wa-settings/"
)
BASIC: Final = "https://developers.facebook.com/apps/{YOUR_APP_ID}/settings/basic/"

WORDS: dict[str, tuple[str, ...]] = {
    "1": (
        "Facebook account",
        "mobile phone number",
        "SMS verification",
        "business email address",
        "Gmail",
    ),
    "2.1": ("https://developers.facebook.com",),
    "2.2": ("Get Started",),
    "2.3": ("Verify Your Account", "Indonesia (+62)", "Send via SMS"),
    "2.4": ("6-digit", "Continue"),
    "2.5": ("Let's confirm your contact info", "Confirm Email", "Change email"),
    "2.6": ("About you", "Developer", "Marketer", "Analyst", "Complete Registration"),
    "3.1": ("App Dashboard", "No apps yet", "Create App"),
    "3.2": ("Continue", "Next"),
    "3.3": (
        "App details",
        "App name",
        "my-whatsapp-webhook",
        "App contact email",
        "youremail@gmail.com",
        "Next",
    ),
    "3.4": (
        "Use cases",
        "Connect with customers through WhatsApp",
        "Start a WhatsApp conversation, send notifications, create ads that click-to-WhatsApp and"
        " provide support.",
        "Next",
    ),
    "3.5": ("Business", "Next", "No businesses available"),
    "4.1": ("Business Portfolio", "Create a new one", "Create a business portfolio"),
    "4.2": (
        "Create a business portfolio",
        "Business portfolio name",
        "My Company",
        "special characters",
        "First name",
        "Last name",
        "Business email",
    ),
    "4.3": ("Create portfolio",),
    "4.4": (
        "[Your Business Name] was created",
        "Verify later",
        "production mode",
        "App Review",
    ),
    "4.5": ("Business", "Next"),
    "5.1": (
        "Requirements",
        "No requirements identified. This may change if you add more to this app.",
        "Next",
    ),
    "5.2": (
        "Overview",
        "App Name",
        "App Email",
        "Use Case: Connect with customers through WhatsApp",
        "Business",
        "(Unverified business)",
        "Requirements: No requirements for the use cases on this app",
        "Go to dashboard",
    ),
    "5.3": ("Dashboard", DASHBOARD),
    "6.1": ("Customize the Connect with customers through WhatsApp use case",),
    "6.2": (
        "Customize use case",
        "Permissions and features",
        "Quickstart",
        "API Setup",
        "Configuration",
        "Resources",
    ),
    "6.3": (
        "WhatsApp Business Platform Quickstart",
        "Select a business portfolio",
        "WhatsApp test phone number",
        "maximum of 5 phone numbers",
        "Continue",
    ),
    "6.4": ("Welcome to the WhatsApp Business Platform",),
    "6.5": ("API Setup",),
    "6.6": (
        "Access Token",
        "Generate access token",
        "Send and receive messages",
        "Step 1: Select phone numbers",
        "From",
        "Test number: +1 555 123 4567",
        "Phone number ID",
        "123456789012345",
        "WhatsApp Business Account ID",
        "987654321098765",
    ),
    "7.1": ("API Setup", "Generate access token"),
    "7.2": (
        "Facebook Login for Business",
        "Continue as [Your Name]?",
        "Click Continue as [Your Name].",
    ),
    "7.3": (
        "Opt in to all current and future WhatsApp accounts",
        "Opt in to current WhatsApp accounts only",
        "Continue",
    ),
    "7.4": (
        "Manage your WhatsApp accounts",
        "Manage and access conversations in WhatsApp",
        "Save",
    ),
    "7.5": ("API Setup", "Access Token", "temporary token", "~24 hours"),
    "8.1": ("Configuration",),
    "8.2": (
        "Webhook",
        "Callback URL",
        "https://yourdomain.com/webhook",
        "https://abc123.ngrok-free.app/webhook",
        "Verify token",
        "you create yourself",
    ),
    "8.3": ("Callback URL", "Verify token", "before you click Verify and save"),
    "8.4": (
        "Verify and save",
        "GET https://yourdomain.com/webhook?hub.mode=subscribe&hub.verify_token=YOUR_VERIFY_TOKEN"
        "&hub.challenge=CHALLENGE_STRING",
        "hub.mode",
        "subscribe",
        "hub.verify_token",
        "hub.challenge",
        "HTTP status 200",
        "plain text",
    ),
    "8.5": (
        "Configuration",
        "Webhook fields",
        "Manage",
        "Subscribe",
        "messages",
        "Done",
        "| Field | Description | Subscribe? |",
        "| messages |",
        "Yes (Required)",
        "| message_template_status_update |",
        "| account_alerts |",
        "Optional",
    ),
    "9.1": ("App settings",),
    "9.2": ("App settings", "Basic"),
    "9.3": ("Basic Settings", "App ID", "1234567890123456", "App secret", "Show"),
    "9.4": ("Show", "App secret"),
    "9.5": ("App Secret", "client-side code", "public repositories", "logs"),
    "10": (
        "| Credential | Where to Find |",
        "| App ID | App Settings > Basic |",
        "| App Secret | App Settings > Basic > Click Show |",
        "| Access Token | WhatsApp > API Setup > Generate access token |",
        "| Phone Number ID | WhatsApp > API Setup |",
        "| WABA ID | WhatsApp > API Setup |",
        "| Verify Token | You created this yourself |",
    ),
    "11.1": (
        "test WhatsApp Business Account",
        "up to 5 phone numbers",
        "WhatsApp > API Setup",
        "Step 2: Send messages with the API",
        "the To dropdown",
        "Manage phone number list",
        "Add phone number",
        "628xxxxxxxxxx",
        "verification code",
        "press m in this wizard",
        "whatsapp-wizard send TO",
    ),
    "11.2": ("24-hour customer service window", "any type of message", "template messages"),
    "11.3": (
        "| Message Type | When to Use | Allowed List Required? (Test Account) |",
        "| Template Message |",
        "| Yes |",
        "| Text Message |",
        "| No |",
        "24-hour window",
    ),
    "11.4": (
        "Recipient phone number not in allowed list",
        "131030",
        "template message",
        "outside the 24-hour window",
        "text messages",
        "allowed list",
        "go to production",
    ),
    "11.5": (
        "Business account is restricted from messaging users in this country",
        "130497",
        "test phone number",
        "+1 555...",
        "Indonesia",
        "Add your own phone number (Recommended)",
        "WhatsApp > API Setup",
        "press Add phone number",
        "Complete business verification",
        "Meta Business Suite > Settings > Business Info",
        "Test with a supported country",
        "US",
        "UK",
    ),
    "11.6": (
        "Business verification",
        "Meta Business Suite",
        "real phone number",
        "reviewed and approved",
        "message templates approved",
    ),
    "11.7": (
        "| Page | URL |",
        "| Meta for Developers | https://developers.facebook.com |",
        f"| Your App Dashboard | {DASHBOARD} |",
        f"| API Setup | {API_SETUP} |",
        "| Webhook Configuration | WhatsApp > Configuration |",
        f"| App Settings (Basic) | {BASIC} |",
        "| WhatsApp API Docs | https://developers.facebook.com/docs/whatsapp/cloud-api |",
    ),
    "11.8": (
        "Verify and save",
        "case-sensitive",
        "200 OK",
        "hub.challenge",
        "Subscribe to the webhook field messages",
        "right phone number",
        "Temporary tokens",
        "~24 hours",
        "API Setup",
    ),
    "12.1": ("system user", "business portfolio", "never", "60 days", "rotate --long-lived"),
    "12.2": ("https://business.facebook.com", "Settings", "Users > System users", "Add", "Admin"),
    "12.3": ("Assign assets", "Apps", "Manage app", "WhatsApp accounts", "full control"),
    "12.4": (
        "Generate token",
        "Never",
        "60 days",
        "whatsapp_business_messaging",
        "whatsapp_business_management",
        "business_management",
    ),
    "12.5": ("only once", "whatsapp-wizard rotate"),
}
COUNTS: Final = {1: 1, 2: 6, 3: 5, 4: 5, 5: 3, 6: 6, 7: 5, 8: 5, 9: 5, 10: 1, 11: 8, 12: 5}
LINKS: Final = {
    "2.1": "https://developers.facebook.com",
    "5.3": DASHBOARD,
    "6.1": DASHBOARD,
    **dict.fromkeys(["6.5", "6.6"], API_SETUP),
    **{f"7.{n}": API_SETUP for n in range(1, 6)},
    **{f"8.{n}": WEBHOOK for n in range(1, 6)},
    **{f"9.{n}": BASIC for n in range(1, 6)},
}


@cache
def chapter_files() -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]


@cache
def entries() -> dict[str, dict[str, Any]]:
    """Every step and page as its file has it, by id, with the text of the classic layout."""
    return {
        entry["id"]: entry | entry.get("layout", {}).get(CLASSIC, {})
        for chapter in chapter_files()
        for entry in [*chapter.get("step", ()), *chapter.get("page", ())]
    }


def plain_text(entry: dict[str, Any]) -> str:
    """An entry's words without Markdown's marks and quotation marks."""
    parts = (entry["title"], entry["body"], entry.get("see", ""), entry.get("link", ""))
    return " ".join(re.sub(r"[*`\"]|(?m:^> ?)", "", " ".join(parts)).split())


@each_line("id_", WORDS)
def test_the_words_of_the_portal_stand_letter_for_letter(id_: str) -> None:
    text = plain_text(entries()[id_])
    assert [word for word in WORDS[id_] if word not in text] == []


def test_every_step_and_page_is_in_the_table_of_words() -> None:
    assert list(WORDS) == list(entries()) == [step.id for step in guide().steps]


@each_line("chapter", chapter_files(), ids=lambda chapter: chapter["short"])
def test_a_chapter_has_the_keys_that_the_reader_knows(chapter: dict[str, Any]) -> None:
    known = {"number", "title", "short", "page" if "page" in chapter else "step"}
    assert known <= set(chapter) <= known | CHAPTER_KEYS
    assert len(chapter["short"]) <= 18
    assert set[str]().union(*chapter.get("step", ())) <= ENTRY_KEYS
    assert set[str]().union(*chapter.get("page", ())) <= PAGE_KEYS
    for entry in (*chapter.get("step", ()), *chapter.get("page", ())):
        for text in entry.get("layout", {}).values():
            assert set(text) <= TEXT_KEYS


@each_line("id_", LINKS)
def test_a_link_opens_the_page_that_the_step_is_about(id_: str) -> None:
    assert entries()[id_]["link"] == LINKS[id_].replace("{YOUR_APP_ID}", "{app_id}")


def test_there_are_forty_steps_in_order_and_so_many_a_chapter() -> None:
    counted = [step.id for step in guide().counted]
    assert len(counted) == 40
    assert (counted[0], counted[-1]) == ("2.1", "9.5")
    assert {chapter.number: len(chapter.steps) for chapter in guide().chapters} == COUNTS
    for chapter in guide().chapters:
        numbered = [step.id for step in chapter.steps if step.counted]
        assert numbered == [f"{chapter.number}.{n}" for n in range(1, len(numbered) + 1)]


def test_each_credential_is_captured_at_its_step_and_nowhere_else() -> None:
    yielded = {name: step.id for step in guide().steps for name in step.yields}
    assert yielded == {name: credential.step for name, credential in CREDENTIALS.items()}
    assert sum(len(step.yields) for step in guide().steps) == len(CREDENTIALS)


@each_line("step", guide().steps, ids=lambda step: step.id)
def test_titles_fit_their_places(step: Step) -> None:
    assert len(step.title) <= 44
    assert len(step.short) <= 18
    assert step.body
    assert not re.search(r"[!<]|(?m:^#)", step.title + step.body + step.see)


@each_line("step", guide().counted, ids=lambda step: step.id)
def test_a_step_says_what_one_should_see_and_where(step: Step) -> None:
    assert step.see
    assert (step.link or "").startswith("https://developers.facebook.com")


def test_a_chapter_is_proven_by_what_one_can_have_only_behind_it() -> None:
    proofs = {chapter.number: chapter.proof for chapter in guide().chapters if chapter.proof}
    assert proofs == {
        **dict.fromkeys((1, 2, 3, 5), ("app_id",)),
        **dict.fromkeys((4, 6), ("waba_id",)),
        7: ("access_token",),
        8: (CALLBACK,),
        9: ("app_secret",),
    }
    assert {name for proof in proofs.values() for name in proof} <= {*CREDENTIALS, CALLBACK}


def test_the_app_id_may_be_captured_early_from_the_address_of_the_dashboard() -> None:
    assert {step.id: step.early for step in guide().steps if step.early} == {"5.3": ("app_id",)}


def test_the_permanent_token_takes_the_place_of_the_one_that_is_stored() -> None:
    renewing = {step.id: step.renews for step in guide().steps if step.renews}
    assert renewing == {"12.5": ("access_token",)}
    last = guide().chapter_of("12.5").steps[-1]
    assert last.id == "12.5"
    assert set(last.renews) <= set(CREDENTIALS)


def test_what_one_may_have_already_can_be_left_out() -> None:
    offers = {step.id: step.skip.chapter for step in guide().steps if step.skip}
    assert offers == {"2.1": 2, "3.5": 4, "4.1": 4}
