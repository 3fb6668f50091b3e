"""Values in the files and calls that people keep them in: each is read, and none as another."""

from __future__ import annotations

import base64
import json

from tests.tables import each_line
from tests.values.test_names import ALL, APP, NUMBER, PHRASE, SECRET, TOKEN, WABA
from wizard.values.credentials import Secret, Value
from wizard.values.paste import find_credentials, find_unknown

BOTH: dict[str, Value] = {"access_token": Secret(TOKEN), "phone_number_id": NUMBER}
OF_APP: dict[str, Value] = {"app_id": APP, "app_secret": Secret(SECRET)}
OTHERS = "EAA" + "z" * 80


def sealed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, tuple[str, dict[str, Value]]] = {
    "a Secret of Kubernetes": (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: whatsapp\ndata:\n"
        f"  WHATSAPP_TOKEN: {sealed(TOKEN)}\n  phone-number-id: {sealed(NUMBER)}\n"
        f"  waba-id: {sealed(WABA)}\n  verify-token: {sealed(PHRASE)}\n"
        f"  app-secret: {sealed(SECRET)}\n  app-id: {sealed(APP)}\n",
        ALL,
    ),
    "the same as JSON": (
        json.dumps({"kind": "Secret", "data": {"WHATSAPP_TOKEN": sealed(TOKEN + "\n")}}),
        {"access_token": Secret(TOKEN)},
    ),
    "a Secret with plain strings": (
        f"kind: Secret\nstringData:\n  WHATSAPP_TOKEN: {TOKEN}\n  phone-id: '{NUMBER}'\n",
        BOTH,
    ),
    "a ConfigMap beside a Secret": (
        f"kind: ConfigMap\ndata:\n  PHONE_NUMBER_ID: '{NUMBER}'\n---\nkind: Secret\ndata:\n"
        f"  WHATSAPP_TOKEN: {sealed(TOKEN)}\n",
        BOTH,
    ),
    "a pod's environment": (
        "spec:\n  containers:\n    - name: bot\n      env:\n        - name: WHATSAPP_TOKEN\n"
        f'          value: "{TOKEN}"\n        - name: WA_PHONE_ID\n          value: "{NUMBER}"\n'
        "        - name: APP_SECRET\n          valueFrom:\n            secretKeyRef:\n"
        "              name: wa\n              key: app-secret\n",
        BOTH,
    ),
    "a task of ECS": (
        json.dumps({"environment": [{"name": "WHATSAPP_TOKEN", "value": TOKEN},
                                    {"name": "PHONE_NUMBER_ID", "value": NUMBER}]}),
        BOTH,
    ),
    "an environment of Postman": (
        json.dumps({"values": [{"key": "User-Access-Token", "value": TOKEN, "enabled": True},
                               {"key": "Phone-Number-ID", "value": NUMBER},
                               {"key": "Version", "value": "v25.0"}]}),
        BOTH,
    ),
    "a list with one account": (
        json.dumps([{"type": "whatsAppApi", "data": {"accessToken": TOKEN,
                                                     "businessAccountId": WABA}}]),
        {"access_token": Secret(TOKEN), "waba_id": WABA},
    ),
    "user secrets of .NET": (
        json.dumps({"WhatsApp:AccessToken": TOKEN, "WhatsApp:PhoneNumberId": NUMBER,
                    "Stripe:Secret": SECRET}),
        BOTH,
    ),
    "the account's ID beside the business's": (
        json.dumps({"WhatsApp": {"BusinessAccountId": WABA, "BusinessId": "506914307656634"}}),
        {"waba_id": WABA},
    ),
    "the same in an environment": (
        f"WHATSAPP_BUSINESS_ACCOUNT_ID={WABA}\nWHATSAPP_BUSINESS_ID=506914307656634",
        {"waba_id": WABA},
    ),
    "two stages": (
        f"WHATSAPP_TOKEN={TOKEN}\nWHATSAPP_DEV_TOKEN={OTHERS}\nWHATSAPP_TEST_TOKEN={OTHERS}",
        {"access_token": Secret(TOKEN)},
    ),
    "PHP": (
        f"define('WHATSAPP_TOKEN', '{TOKEN}');\n$phone_number_id = '{NUMBER}';",
        BOTH,
    ),
    "XML of .NET": (
        f'<add key="WhatsAppToken" value="{TOKEN}" />\n<add key="PhoneNumberId" value="{NUMBER}"/>',
        BOTH,
    ),
    "docker run": (
        f"docker run -e WHATSAPP_TOKEN={TOKEN} --env PHONE_NUMBER_ID='{NUMBER}' -e SECRET=$X me",
        BOTH,
    ),
    "heroku": (f"heroku config:set WHATSAPP_TOKEN={TOKEN} PHONE_NUMBER_ID={NUMBER}", BOTH),
    "one export of two": (f"export WHATSAPP_TOKEN={TOKEN} PHONE_NUMBER_ID={NUMBER}", BOTH),
    "a call without a version": (
        f"curl -X POST 'https://graph.facebook.com/{WABA}/subscribed_apps?access_token={TOKEN}'",
        {"access_token": Secret(TOKEN), "waba_id": WABA},
    ),
    "a call with an app token": (
        f"curl -F access_token='x' 'https://graph.facebook.com/v25.0/{APP}/subscriptions"
        f"?access_token={APP}%7C{SECRET}'",
        OF_APP,
    ),
    "a call that inspects a token": (
        f"curl 'https://graph.facebook.com/debug_token?input_token={TOKEN}"
        f"&access_token={APP}|{SECRET}'",
        {**OF_APP, "access_token": Secret(TOKEN)},
    ),
    "a call that exchanges one": (
        "curl 'https://graph.facebook.com/v25.0/oauth/access_token?grant_type=fb_exchange_token"
        f"&client_id={APP}&client_secret={SECRET}&fb_exchange_token={TOKEN}'",
        {**OF_APP, "access_token": Secret(TOKEN)},
    ),
    "Messenger's section": (
        json.dumps({"messenger": {"access_token": OTHERS, "app_secret": SECRET}}),
        {},
    ),
    "Instagram's section": (f"instagram:\n  access_token: {OTHERS}\n  account_id: {APP}\n", {}),
    "Meta's ads": (f"[meta.ads]\naccess_token = '{OTHERS}'\n", {}),
    "Meta's other products beside WhatsApp": (
        json.dumps({"meta": {"messenger": {"token": OTHERS}, "whatsapp": {"token": TOKEN}}}),
        {"access_token": Secret(TOKEN)},
    ),
}  # fmt: skip


@each_line(("text", "found"), FORMS.values(), ids=FORMS)
def test_a_form_is_read(text: str, found: dict[str, Value]) -> None:
    assert find_credentials(text) == found


@each_line(
    ("text", "unknown"),
    [
        (json.dumps({"instagram": {"access_token": OTHERS}}), "instagram.access_token"),
        (f"docker run -e STRIPE_SECRET={SECRET} -e PORT=1 me", "STRIPE_SECRET"),
        (json.dumps({"env": [{"name": "CRM_TOKEN", "value": "crm-secret"}]}), "env.CRM_TOKEN"),
        (f"kind: Secret\ndata:\n  crm: {sealed(OTHERS)}\n", "data.crm"),
    ],
)
def test_what_nobody_knows_is_said_in_any_form(text: str, unknown: str) -> None:
    assert find_credentials(text) == {}
    assert find_unknown(text) == (unknown,)
