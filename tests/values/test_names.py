"""Names that people give their values: told by their words, and never a wrong one."""

from __future__ import annotations

import json

from tests.tables import each_line
from wizard.values.credentials import CREDENTIALS, Secret, Value
from wizard.values.names import match_name
from wizard.values.paste import find_credentials, find_unknown, variable_credential

TOKEN = "EAA" + "aB3" * 60
SECRET = "0123456789abcdef" * 2
NUMBER, WABA, APP = "106540352242922", "102290129340398", "634974688087057"
PHRASE = "aVerifyToken0123456789"
RIGHT = {
    "app_id": APP,
    "app_secret": SECRET,
    "access_token": TOKEN,
    "phone_number_id": NUMBER,
    "waba_id": WABA,
    "verify_token": PHRASE,
}

NAMES = {
    "access_token": """
        WABA_TOKEN WABA_ACCESS_TOKEN JWT_TOKEN WHATSAPP_BUSINESS_ACCESS_TOKEN WHATSAPP_TOKEN
        WHATSAPP_API_TOKEN WHATSAPP_CLOUD_API_TOKEN WA_TOKEN META_ACCESS_TOKEN TOKEN ACCESS_TOKEN
        WHATSAPP_PERMANENT_TOKEN WHATSAPP_SYSTEM_USER_TOKEN SYSTEM_USER_ACCESS_TOKEN
        WHATSAPP_LONG_LIVED_TOKEN META_WA_TOKEN FB_TOKEN GRAPH_API_TOKEN WHATSAPP_BEARER_TOKEN
        whatsappToken waAccessToken WhatsAppApiKey NEXT_PUBLIC_WHATSAPP_TOKEN VITE_WA_TOKEN
        jwtToken META_WHATSAPP_ACCESS_TOKEN WHATSAPP_BOT_TOKEN ACME_WHATSAPP_TOKEN
        WHATSAPP_PROD_ACCESS_TOKEN whatsapp-access-token WHATSAPP_AUTH_TOKEN TOKEN_WHATSAPP
        WHATSAPP_GRAPH_TOKEN META_SYSTEM_USER_TOKEN WBA_TOKEN WHATSAPP_BEARER WHATSAPP_DEV_TOKEN
        WHATSAPP_STAGING_ACCESS_TOKEN NUXT_WHATSAPP_TOKEN WhatsApp:AccessToken whatsapp.api.token
    """,
    "phone_number_id": """
        WABA_PHONE_ID WABA_NUMBER_ID NUMBER_ID WHATSAPP_BUSINESS_PHONE_NUMBER_ID PHONE_ID
        WHATSAPP_PHONE_ID WA_PHONE_NUMBER_ID FROM_PHONE_NUMBER_ID phoneNumberID phonenumberid
        WHATSAPP_NUMBER_ID META_PHONE_NUMBER_ID WHATSAPP_FROM_PHONE_NUMBER_ID
        numberId wa_phone_id WHATSAPP_CLOUD_PHONE_NUMBER_ID WABA_PHONE_NUMBER_ID
        WHATSAPP_BUSINESS_ACCOUNT_PHONE_NUMBER_ID WhatsAppPhoneNumberId WHATSAPP_PHONE_NO_ID
        whatsapp.phone-number-id WHATSAPP_SENDER_PHONE_ID ID_PHONE_NUMBER META_WA_PHONE_NUMBER_ID
    """,
    "waba_id": """
        WA_ACCOUNT_ID WHATSAPP_ACCOUNT_ID WHATSAPP_BUSINESS_ID WABA_ID WABA wabaId
        WHATSAPP_BUSINESS_ACCOUNT_ID BUSINESS_ACCOUNT_ID MESSAGING_ACCOUNT_ID WABA_ACCOUNT_ID
        WHATSAPP_WABA_ID META_WABA_ID WHATSAPP_MESSAGING_ACCOUNT_ID paid_messaging_account_id
        whatsappBusinessAccountId WA_BUSINESS_ID META_WHATSAPP_BUSINESS_ACCOUNT_ID ID_WABA WBA_ID
        WHATSAPP_BUSINESS_ACC_ID WHATSAPP_BIZ_ACCOUNT_ID WHATSAPP_BUSINESS_ACCOUNT WABA_BUSINESS_ID
    """,
    "verify_token": """
        WHATSAPP_WEBHOOK_TOKEN WA_WEBHOOK_TOKEN VERIFY_TOKEN WEBHOOK_VERIFY_TOKEN verifyToken
        WHATSAPP_WEBHOOK_VERIFICATION_TOKEN HUB_VERIFY_TOKEN META_WEBHOOK_VERIFY_TOKEN
        WHATSAPP_HOOK_TOKEN WEBHOOK_VERIFICATION_TOKEN TOKEN_VERIFY WHATSAPP_CALLBACK_TOKEN
        MY_VERIFY_TOKEN WHATSAPP_WEBHOOK_VERIFY hub.verify_token META_WEBHOOK_TOKEN
    """,
    "app_secret": """
        APP_SECRET META_APP_SECRET FB_APP_SECRET WHATSAPP_APP_SECRET WHATSAPP_SECRET
        appSecret META_SECRET CLIENT_SECRET FACEBOOK_CLIENT_SECRET META_APPLICATION_SECRET
        WHATSAPP_APP_SECRET_KEY
    """,
    "app_id": """
        APP_ID META_APP_ID FACEBOOK_APP_ID appId APPID WHATSAPP_APPLICATION_ID CLIENT_ID
        META_CLIENT_ID FB_APP_ID M4D_APP_ID
    """,
}
PAIRS = [(name, one) for name, them in NAMES.items() for one in them.split()]

FOREIGN = """
    GITHUB_TOKEN TELEGRAM_BOT_TOKEN SLACK_VERIFICATION_TOKEN TWILIO_AUTH_TOKEN OPENAI_API_KEY
    STRIPE_WEBHOOK_SECRET MESSENGER_VERIFY_TOKEN INSTAGRAM_ACCESS_TOKEN FB_PAGE_ACCESS_TOKEN
    INSTAGRAM_BUSINESS_ACCOUNT_ID GITHUB_APP_ID FIREBASE_APP_ID SHOPIFY_APP_SECRET ACCOUNT_ID
    BUSINESS_ID META_BUSINESS_ID FACEBOOK_AD_ACCOUNT_ID META_AD_ACCOUNT_ID PAGE_ID WA_ID
    WHATSAPP_ID WHATSAPP_PHONE_NUMBER PHONE_NUMBER WHATSAPP_NUMBER USER_ID MY_APP_ID SECRET_KEY
    APP_KEY JWT_SECRET NEXTAUTH_SECRET SESSION_SECRET WHATSAPP_WEBHOOK_SECRET REFRESH_TOKEN
    CSRF_TOKEN WEBHOOK_TOKEN WHATSAPP_TOKEN_EXPIRY WHATSAPP_API_URL
    WHATSAPP_RECIPIENT_PHONE_NUMBER WHATSAPP_TEMPLATE_ID AD_ACCOUNT_ID CUSTOMER_PHONE_NUMBER_ID
    STRIPE_ACCESS_TOKEN FACEBOOK_PAGE_ID INSTAGRAM_ACCOUNT_ID FACEBOOK_PAGE_ACCESS_TOKEN
    META_PIXEL_ACCESS_TOKEN META_CAPI_TOKEN VAPI_PHONE_NUMBER_ID MAPBOX_ACCESS_TOKEN
    EMAIL_VERIFICATION_TOKEN
    GOOGLE_CLIENT_ID SMS_VERIFY_TOKEN THREADS_APP_SECRET INSTAGRAM_APP_ID FCM_SENDER_ID
    WECHAT_APP_ID PUSHER_APP_SECRET WHATSAPP_CATALOG_ID WHATSAPP_FLOW_ID META_CONFIG_ID
    WHATSAPP_SYSTEM_USER_ID WHATSAPP_TO_PHONE_NUMBER_ID META_CLIENT_TOKEN WHATSAPP_REFRESH_TOKEN
    EVOLUTION_API_KEY DEV_APP_ID TEST_VERIFY_TOKEN MY_TOKEN MY_APP_SECRET WHATSAPP_VERIFY_URL
    TOKENS HOME PORT TEST_PHONE_NUMBER_ID WHATSAPP_PIN WHATSAPP_WEBHOOK_URL WHATSAPP_WEBHOOK_ID
"""


@each_line(("name", "variable"), PAIRS)
def test_a_name_is_told_by_its_words(name: str, variable: str) -> None:
    expected = {name: CREDENTIALS[name].wrap(RIGHT[name])}
    assert variable_credential(variable) == name
    for line in (f"{variable}={RIGHT[name]}", f'export {variable}="{RIGHT[name]}"'):
        assert find_credentials(line) == expected


@each_line("variable", [*FOREIGN.split(), "WHATSAPP_SENDER_ID"])
def test_what_is_anothers_is_never_taken(variable: str) -> None:
    assert match_name(variable) is None
    for value in ("ghp_0123456789012345678901234567890123456", "something-else-1", "31"):
        assert find_credentials(f"{variable}={value}") == {}


@each_line(
    ("line", "unknown"),
    [
        ("JWT_TOKEN=eyJhbGciOiJIUzI1NiJ9.x.y", "JWT_TOKEN"),
        ("TOKEN=123456:ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678", "TOKEN"),
        ("API_TOKEN=xoxb-123456789012-abc", "API_TOKEN"),
        ("CLIENT_SECRET=GOCSPX-abcdefghijklmnop", "CLIENT_SECRET"),
        ("CLIENT_ID=1234567890-abc.apps.googleusercontent.com", None),
        ("NUMBER_ID=7", None),
        ("TWILIO_WHATSAPP_TOKEN=0123456789abcdef0123456789abcdef", "TWILIO_WHATSAPP_TOKEN"),
        ("WHATSAPP_SECRET=not-hexadecimal-at-all", "WHATSAPP_SECRET"),
        (f"SOMETHING={TOKEN}", "SOMETHING"),
        (f"cipher={SECRET}", "cipher"),
        ("DATABASE_PASSWORD=correct-horse", "DATABASE_PASSWORD"),
        ("WHATSAPP_ACCESS_TOKEN=${META_TOKEN}", None),
        ("access_token = os.environ['WHATSAPP_TOKEN']", None),
        ("verify_token: process.env.VERIFY_TOKEN,", None),
        ("LOG_LEVEL=debug", None),
        ("TOKEN_TTL=3600", None),
    ],
)
def test_a_vague_name_is_taken_by_the_shape_of_its_value_or_said(
    line: str, unknown: str | None
) -> None:
    assert find_credentials(line) == {}
    assert find_unknown(line) == ((unknown,) if unknown else ())


APPSETTINGS = {
    "Logging": {"LogLevel": {"Default": "Information"}},
    "ConnectionStrings": {"Main": "Server=.;Password=x"},
    "WhatsApp": {
        "ApiVersion": "v25.0",
        "AccessToken": TOKEN,
        "PhoneNumberId": NUMBER,
        "BusinessAccountId": WABA,
        "Webhook": {"VerifyToken": PHRASE},
        "App": {"Id": APP, "Secret": SECRET},
    },
    "Github": {"Token": "ghp_012345678901234567890123", "AppId": "999999999999999"},
}
ALL = {name: CREDENTIALS[name].wrap(value) for name, value in RIGHT.items()}
FILES: dict[str, tuple[str, dict[str, Value]]] = {
    "appsettings.json": (json.dumps(APPSETTINGS, indent=2), ALL),
    "appsettings.json with a comment": (
        "// settings\n" + json.dumps(APPSETTINGS, indent=2) + "\n",
        ALL,
    ),
    "sections of sections": (
        json.dumps({"production": {"services": {"meta": {"phoneId": NUMBER, "token": TOKEN}}}}),
        {"phone_number_id": NUMBER, "access_token": Secret(TOKEN)},
    ),
    "an app's own section": (
        json.dumps({"shop": {"phone_number_id": NUMBER, "access_token": TOKEN, "app_id": APP}}),
        {"phone_number_id": NUMBER, "access_token": Secret(TOKEN)},
    ),
    "Spring properties": (
        f"server.port=8080\nwhatsapp.access-token={TOKEN}\nwhatsapp.phone-number-id={NUMBER}\n"
        f"whatsapp.webhook.verify-token={PHRASE}\nmeta.app.secret={SECRET}\n"
        f"spring.datasource.password=hunter2hunter2\nwhatsapp.waba-id={WABA}\nmeta.app-id={APP}",
        ALL,
    ),
    "Spring YAML": (
        f"spring:\n  datasource:\n    password: x\nwhatsapp:\n  access-token: {TOKEN}\n"
        f"  phone-number-id: '{NUMBER}'\n  business-account-id: {WABA} # ours\n  webhook:\n"
        f"    verify-token: {PHRASE}\n  app:\n    id: {APP}\n    secret: {SECRET}\n",
        ALL,
    ),
    "YAML with a list": (
        f"env:\n  - WABA_TOKEN={TOKEN}\n  - WABA_PHONE_ID={NUMBER}\nother:\n  token: abcdefgh\n",
        {"access_token": Secret(TOKEN), "phone_number_id": NUMBER},
    ),
    "TOML": (
        f'[whatsapp]\ntoken = "{TOKEN}"\nphone_id = "{NUMBER}"\n[telegram]\ntoken = "123:abcdefgh"',
        {"access_token": Secret(TOKEN), "phone_number_id": NUMBER},
    ),
    "JavaScript": (
        f"const provider = createProvider(MetaProvider, {{\n  jwtToken: '{TOKEN}',\n"
        f"  numberId: '{NUMBER}',\n  verifyToken: '{PHRASE}',\n  version: 'v25.0',\n}})",
        {
            "access_token": Secret(TOKEN),
            "phone_number_id": NUMBER,
            "verify_token": Secret(PHRASE),
        },
    ),
    "double underscores": (
        f"WhatsApp__AccessToken={TOKEN}\nWhatsApp__PhoneNumberId={NUMBER}",
        {"access_token": Secret(TOKEN), "phone_number_id": NUMBER},
    ),
    "other services' sections": (
        json.dumps(
            {
                "slack": {"verification_token": "abcdefghijklmnop", "app_id": "A0123456789"},
                "vapi": {"phone_number_id": "0b8f6b5e-0000-4000-8000-000000000000"},
                "messenger": {"verify_token": "messengers-own-token"},
                "github": {"app_id": "999999999999999", "client_secret": SECRET},
                "whatsapp": {"verify_token": PHRASE},
            }
        ),
        {"verify_token": Secret(PHRASE)},
    ),
    "the same in YAML": (
        "messenger:\n  verify_token: messengers-own-token\nslack:\n  app-id: 999999999999999\n",
        {},
    ),
    "both accounts of the portal": (
        f"WhatsApp account ID: 222222222222222\nMessaging account ID: {WABA}\n",
        {"waba_id": WABA},
    ),
    "a call to register": (
        f"curl -X POST https://graph.facebook.com/v25.0/{NUMBER}/register -H 'Authorization: Bearer"
        f' {TOKEN}\' -d \'{{"messaging_product": "whatsapp", "pin": "123456"}}\'',
        {"phone_number_id": NUMBER, "access_token": Secret(TOKEN)},
    ),
    "a call to subscribe": (
        f"curl -X POST 'https://graph.facebook.com/v25.0/{WABA}/subscribed_apps'",
        {"waba_id": WABA},
    ),
    "an address of WhatsApp Manager": (
        "https://business.facebook.com/latest/whatsapp_manager/phone_numbers/?business_id="
        f"506914307656634&tab=phone-numbers&asset_id={WABA}",
        {"waba_id": WABA},
    ),
    "an older one": (
        f"https://business.facebook.com/wa/manage/home/?business_id=9&asset_id={WABA}",
        {"waba_id": WABA},
    ),
    "an address of the ads": (
        "https://business.facebook.com/latest/billing_hub/accounts/details?asset_id=1234567890123",
        {},
    ),
}


@each_line(("text", "found"), FILES.values(), ids=FILES)
def test_files_of_any_form_are_read(text: str, found: dict[str, Value]) -> None:
    assert find_credentials(text) == found


def test_of_several_that_fit_whatsapps_own_wins_in_any_order() -> None:
    lines = [f"ACCESS_TOKEN=EAA{'x' * 60}", f"WHATSAPP_TOKEN={TOKEN}", f"META_TOKEN=EAA{'y' * 60}"]
    for text in ("\n".join(lines), "\n".join(reversed(lines))):
        assert find_credentials(text) == {"access_token": Secret(TOKEN)}


def test_what_is_unknown_is_named_with_its_sections_and_never_shown() -> None:
    text = json.dumps({"crm": {"token": "crm-secret-value"}, "whatsapp": {"token": TOKEN}})
    assert find_unknown(text) == ("crm.token",)
