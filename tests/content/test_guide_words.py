"""The portal's own words stand in the guide letter for letter: labels, titles, codes, addresses."""

from __future__ import annotations

import re

import pytest

from wizard.credentials import CREDENTIALS
from wizard.guide import Step, guide

WORDS: dict[str, tuple[str, ...]] = {
    "1": ("Facebook account", "SMS", "business email address", "Gmail"),
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
    "4.4": ("[Your Business Name] was created", "Verify later", "App Review"),
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
    "5.3": ("Dashboard", "https://developers.facebook.com/apps/{YOUR_APP_ID}/dashboard/"),
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
    "7.2": ("Facebook Login for Business", "Continue as [Your Name]"),
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
    "8.3": ("Callback URL", "Verify token", "Verify and save"),
    "8.4": (
        "Verify and save",
        "GET https://yourdomain.com/webhook?hub.mode=subscribe&hub.verify_token=YOUR_VERIFY_TOKEN"
        "&hub.challenge=CHALLENGE_STRING",
        "hub.mode",
        "subscribe",
        "hub.verify_token",
        "hub.challenge",
        "200",
    ),
    "8.5": (
        "Configuration",
        "Webhook fields",
        "Manage",
        "Subscribe",
        "messages",
        "Done",
        "message_template_status_update",
        "account_alerts",
        "Yes (Required)",
        "Optional",
    ),
    "9.1": ("App settings",),
    "9.2": ("Basic",),
    "9.3": ("Basic Settings", "App ID", "1234567890123456", "App secret", "Show"),
    "9.4": ("Show", "App secret"),
    "9.5": ("App Secret",),
    "10": (
        "App Settings > Basic",
        'App Settings > Basic > Click "Show"',
        "WhatsApp > API Setup > Generate access token",
        "WhatsApp > API Setup",
        "You created this yourself",
        "Phone Number ID",
        "WABA ID",
        "Verify Token",
    ),
    "11.1": (
        "up to 5 phone numbers",
        "WhatsApp > API Setup",
        "Step 2: Send messages with the API",
        "To",
        "Manage phone number list",
        "Add phone number",
        "628xxxxxxxxxx",
    ),
    "11.2": ("24-hour customer service window", "any type of message", "template messages"),
    "11.3": (
        "Message Type",
        "When to Use",
        "Allowed List Required? (Test Account)",
        "Template Message",
        "Text Message",
        "Yes",
        "No",
    ),
    "11.4": ("Recipient phone number not in allowed list", "131030", "text message"),
    "11.5": (
        "Business account is restricted from messaging users in this country",
        "130497",
        "Indonesia",
        "+1 555",
        "Add your own phone number",
        "(Recommended)",
        "Add phone number",
        "Complete business verification",
        "Meta Business Suite > Settings > Business Info",
        "Test with a supported country",
    ),
    "11.6": (
        "Business verification",
        "Meta Business Suite",
        "real phone number",
        "reviewed and approved",
        "message templates",
    ),
    "11.7": (
        "https://developers.facebook.com",
        "https://developers.facebook.com/apps/{YOUR_APP_ID}/dashboard/",
        "https://developers.facebook.com/apps/{YOUR_APP_ID}/use_cases/customize/wa-dev-console/",
        "WhatsApp > Configuration",
        "https://developers.facebook.com/apps/{YOUR_APP_ID}/settings/basic/",
        "https://developers.facebook.com/docs/whatsapp/cloud-api",
    ),
    "11.8": (
        "Verify and save",
        "case-sensitive",
        "200 OK",
        "hub.challenge",
        "messages",
        "~24 hours",
    ),
}
COUNTS = {1: 1, 2: 6, 3: 5, 4: 5, 5: 3, 6: 6, 7: 5, 8: 5, 9: 5, 10: 1, 11: 8}


def plain_text(step: Step) -> str:
    """A step's words without Markdown's marks."""
    text = " ".join([step.title, step.body, step.see, step.link or ""])
    return " ".join(re.sub(r"[*`]|(?m:^> ?)", "", text).split())


@pytest.mark.parametrize("id_", WORDS)
def test_the_words_of_the_portal_stand_letter_for_letter(id_: str) -> None:
    text = plain_text(guide().by_id[id_])
    assert [word for word in WORDS[id_] if word not in text] == []


def test_every_step_and_page_is_in_the_table_of_words() -> None:
    assert list(WORDS) == [step.id for step in guide().steps]


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


@pytest.mark.parametrize("step", guide().steps, ids=lambda step: step.id)
def test_titles_fit_their_places(step: Step) -> None:
    assert len(step.title) <= 44
    assert len(step.short) <= 18
    assert step.body
    assert "!" not in step.body.replace("`", "")


@pytest.mark.parametrize("step", guide().counted, ids=lambda step: step.id)
def test_a_step_says_what_one_should_see_and_where(step: Step) -> None:
    assert step.see
    assert (step.link or "").startswith("https://developers.facebook.com")


def test_what_one_may_have_already_can_be_left_out() -> None:
    offers = {step.id: step.skip.chapter for step in guide().steps if step.skip}
    assert offers == {"2.1": 2, "3.5": 4, "4.1": 4}
