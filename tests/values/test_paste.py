"""What is found in a paste that holds more than a value."""

from __future__ import annotations

import subprocess
import sys
import time

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.values.credentials import CREDENTIALS, Secret, Value, plain
from wizard.values.paste import find_credentials, variable_credential

TOKEN = "EAA" + "aB3" * 60
SECRET = "0123456789abcdef" * 2
NUMBER, WABA, APP = "106540352242922", "102290129340398", "634974688087057"
PHRASE = "aVerifyToken0123456789"

BODY = '{ "messaging_product": "whatsapp", "to": "15551234567", "type": "template" }'
ESCAPED = BODY.replace('"', '\\"')
URL = f"https://graph.facebook.com/v22.0/{NUMBER}/messages"
SAMPLES = {
    "bash": f"""curl -i -X POST \\
  {URL} \\
  -H 'Authorization: Bearer {TOKEN}' \\
  -H 'Content-Type: application/json' \\
  -d '{BODY}'""",
    "one line": f"curl -i -X POST {URL} -H 'Authorization: Bearer {TOKEN}' -d '{BODY}'",
    "no quotes": f"curl {URL} --header Authorization:\\ Bearer\\ x -H Bearer {TOKEN}",
    "cmd": f"""curl -i -X POST ^
  {URL} ^
  -H "Authorization: Bearer {TOKEN}" ^
  -d "{ESCAPED}\"""",
    "powershell": f"""curl.exe -i -X POST `
  "{URL}" `
  -H 'Authorization: Bearer {TOKEN}' `
  -d '{ESCAPED}'""",
    "powershell, its own way": f"""$headers = @{{ "Authorization" = "Bearer {TOKEN}" }}
Invoke-RestMethod -Method Post -Uri "{URL}" -Headers $headers -Body '{BODY}'""",
    "python": f"""requests.post("{URL}",
    headers={{"Authorization": "Bearer {TOKEN}"}}, json={BODY})""",
    "carriage returns": f"curl -X POST \\\r\n {URL} \\\r\n -H 'Authorization: Bearer {TOKEN}'\r\n",
}

PAGES = {
    "label and colon": f"""Step 1: Select phone numbers
From
Test number: +1 555 123 4567
Phone number ID: {NUMBER}
WhatsApp Business Account ID: {WABA}
To""",
    "one below the other": f"""From
Test number: +1 555 123 4567
Phone number ID

{NUMBER}

WhatsApp Business Account ID

{WABA}
""",
    "in a table": f"Phone number ID\t{NUMBER}\nWhatsApp Business Account ID\t{WABA}\n",
    "Windows line ends": f"Phone number ID:\r\n{NUMBER}\r\nWhatsApp Business Account ID:\r\n{WABA}",
    "a button between": f"Phone number ID\nCopy\n{NUMBER}\n\nWABA ID\nCopy\n{WABA}",
    "on one line": f"Phone number ID: {NUMBER} WhatsApp Business Account ID: {WABA}",
    "Markdown": f"- **Phone number ID**: `{NUMBER}`\n- **WhatsApp Business Account ID**: `{WABA}`",
    "Markdown table": f"| Phone number ID | {NUMBER} |\n| WABA ID | {WABA} |",
    "small letters": f"phone number id = {NUMBER}\nwaba id = {WABA}",
    "YAML": f"phone_number_id: {NUMBER}\nwaba_id: '{WABA}'\n",
    "a piece of JSON": f'"phone_number_id": "{NUMBER}",\n"waba_id": "{WABA}"',
    "nested JSON": f'{{"whatsapp": {{"phoneNumberId": "{NUMBER}", "wabaId": {WABA}}}}}',
    "no-break spaces": f"Phone number ID:\u00a0{NUMBER}\nWhatsApp Business Account ID:\u00a0{WABA}",
}

ENVS = {
    "plain": f"WHATSAPP_APP_ID={APP}\nWHATSAPP_APP_SECRET={SECRET}",
    "quotes": f"WHATSAPP_APP_ID=\"{APP}\"\nWHATSAPP_APP_SECRET='{SECRET}'",
    "YAML": f"env:\n  WHATSAPP_APP_ID: '{APP}'\n  WHATSAPP_APP_SECRET: {SECRET}",
    "export": f"export WHATSAPP_APP_ID={APP}\nexport WHATSAPP_APP_SECRET={SECRET}",
    "comments": f"# both\nWHATSAPP_APP_ID={APP} # the app\n#x=1\nWHATSAPP_APP_SECRET={SECRET}",
    "spaces": f"  WHATSAPP_APP_ID = {APP}  \n\n\tWHATSAPP_APP_SECRET\t=\t{SECRET}",
    "Windows": f"\ufeffWHATSAPP_APP_ID={APP}\r\nWHATSAPP_APP_SECRET={SECRET}\r\n",
    "cmd": f"set WHATSAPP_APP_ID={APP}\nSET WHATSAPP_APP_SECRET={SECRET}",
    "PowerShell": f'$env:WHATSAPP_APP_ID = "{APP}"\n$Env:WHATSAPP_APP_SECRET="{SECRET}"',
    "compose": f"environment:\n  - WHATSAPP_APP_ID={APP}\n  - WHATSAPP_APP_SECRET={SECRET}",
    "docker": f"-e WHATSAPP_APP_ID={APP}\n-e WHATSAPP_APP_SECRET={SECRET}",
    "others": f"DATABASE_URL=postgres://x:y@z/w\nAPP_ID={APP}\nMETA_APP_SECRET={SECRET}\nPORT=1",
    "no shell": f"X=${{WHATSAPP_APP_ID}}\nWHATSAPP_APP_ID={APP}\nFACEBOOK_APP_SECRET={SECRET}",
    "prose around": f"Here you are:\n\nWHATSAPP_APP_ID={APP}\nWHATSAPP_APP_SECRET={SECRET}\n\nBye",
    "broken lines": f"=\n'\"=\n== =\nWHATSAPP_APP_ID={APP}\nA='\nWHATSAPP_APP_SECRET={SECRET}",
}


@each_line("sample", SAMPLES.values(), ids=SAMPLES)
def test_the_sample_of_api_setup_gives_token_and_number(sample: str) -> None:
    assert find_credentials(sample) == {"access_token": Secret(TOKEN), "phone_number_id": NUMBER}


@each_line("page", PAGES.values(), ids=PAGES)
def test_a_copied_piece_of_the_page_gives_both_ids(page: str) -> None:
    assert find_credentials(page) == {"phone_number_id": NUMBER, "waba_id": WABA}


@each_line("env", ENVS.values(), ids=ENVS)
def test_lines_of_an_environment_are_read_as_they_are_written(env: str) -> None:
    assert find_credentials(env) == {"app_id": APP, "app_secret": Secret(SECRET)}


@each_line(
    ("text", "found"),
    [
        (
            f"App ID\n{APP}\nApp secret\n{SECRET}\nHide\nDisplay name\nDemo",
            {"app_id": APP, "app_secret": Secret(SECRET)},
        ),
        (f"App ID: {APP}\nApp secret\n••••••••\nShow", {"app_id": APP}),
        (f"Access Token\n{TOKEN}\nCopy\nGenerate access token", {"access_token": Secret(TOKEN)}),
        (f"Temporary access token: {TOKEN}", {"access_token": Secret(TOKEN)}),
        (f"-H 'Authorization: Bearer {TOKEN}_x-9'", {"access_token": Secret(f"{TOKEN}_x-9")}),
        (f"https://developers.facebook.com/apps/{APP}/dashboard/?business_id=1", {"app_id": APP}),
        (f"developers.facebook.com/apps/{APP}/use_cases/customize/", {"app_id": APP}),
        (f"https://business.facebook.com/x/?business_id=99&waba_id={WABA}", {"waba_id": WABA}),
        (f"https://graph.facebook.com/v25.0/{WABA}/phone_numbers", {"waba_id": WABA}),
        (f"Verify token: {PHRASE}", {"verify_token": Secret(PHRASE)}),
        ("verify_token: 'with+signs/and=more'", {"verify_token": Secret("with+signs/and=more")}),
        ('{"waba_id": 1, "verify_token": "x y"}', {"waba_id": "1", "verify_token": Secret("x y")}),
        (f'\n {{"WHATSAPP_APP_ID": {APP}, "other": [1]}}', {"app_id": APP}),
        ('{"appId": "7", "accessToken": "x"}', {"app_id": "7", "access_token": Secret("x")}),
        ('WHATSAPP_PHONE_NUMBER_ID="+1 555 010 0001"', {"phone_number_id": "+1 555 010 0001"}),
        ("WHATSAPP_VERIFY_TOKEN=a$b${HOME}c", {"verify_token": Secret("a$b${HOME}c")}),
        (f"WHATSAPP_ACCESS_TOKEN='Bearer {TOKEN}'", {"access_token": Secret(TOKEN)}),
    ],
)  # fmt: skip
def test_every_value_with_its_name_beside_it_is_found(text: str, found: dict[str, Value]) -> None:
    assert find_credentials(text) == found


def test_all_six_come_in_their_own_order_and_the_secret_ones_masked() -> None:
    lines = [f"{credential.env}=value-of-{name}" for name, credential in CREDENTIALS.items()]
    found = find_credentials("\n".join(reversed(lines)))
    assert list(found) == list(CREDENTIALS)
    for name, value in found.items():
        assert isinstance(value, Secret) is CREDENTIALS[name].secret
        assert plain(value) == f"value-of-{name}"


@each_line(
    "text",
    [
        "",
        " \n",
        TOKEN,
        f"Bearer {SECRET}",
        NUMBER,
        SECRET,
        PHRASE,
        f"{APP}|{SECRET}",
        "base64==",
        "hello",
        "a=b",
        "{",
        "{]",
        "[1, 2]",
        '{"app_id": true, "waba_id": null, "access_token": {}}',
        "WHATSAPP_APP_ID=\nWHATSAPP_APP_SECRET=''",
        "App secret\n••••••••",
        "Phone number ID\nWhatsApp Business Account ID",
        "curl https://graph.facebook.com/v22.0/<PHONE_NUMBER_ID>/messages -H 'Bearer <TOKEN>'",
        "Phone number: +1 555 123 4567",
        "Choose a verify token everybody understands",
        "Verify token\nSubscription fields",
    ],
)
def test_a_bare_value_or_nothing_of_ours_is_left_to_its_field(text: str) -> None:
    assert find_credentials(text) == {}


@each_line(
    "text",
    [
        f"WHATSAPP_APP_ID=111111111111111\nWHATSAPP_APP_ID={APP}",
        f"WHATSAPP_APP_ID={APP}\nAPP_ID=111111111111111\nCLIENT_ID=222222222222222",
        f"App ID: 111111111111111\nWHATSAPP_APP_ID={APP}",
        f'{{"app_id": "{APP}", "client_id": "111111111111111"}}',
        f"App ID: {APP}\nApp ID: 111111111111111",
    ],
)
def test_of_several_the_last_of_a_shell_the_surest_name_or_the_first_wins(text: str) -> None:
    assert find_credentials(text) == {"app_id": APP}


@each_line(
    ("variable", "name"),
    [
        ("WHATSAPP_ACCESS_TOKEN", "access_token"),
        ("whatsapp_access_token", "access_token"),
        ("Whatsapp-Access-Token", "access_token"),
        (" ACCESS_TOKEN ", "access_token"),
        ("CLOUD_API_ACCESS_TOKEN", "access_token"),
        ("WHATSAPP_TOKEN", "access_token"),
        ("WHATSAPP_API_TOKEN", "access_token"),
        ("WHATSAPP_CLOUD_API_ACCESS_TOKEN", "access_token"),
        ("PYWA_TOKEN", "access_token"),
        ("accessToken", "access_token"),
        ("M4D_APP_ID", "app_id"),
        ("M4D_APP_SECRET", "app_secret"),
        ("FACEBOOK_APP_SECRET", "app_secret"),
        ("FB_APP_ID", "app_id"),
        ("WA_PHONE_NUMBER_ID", "phone_number_id"),
        ("WHATSAPP_PHONE_ID", "phone_number_id"),
        ("phoneNumberId", "phone_number_id"),
        ("WA_BUSINESS_ACCOUNT_ID", "waba_id"),
        ("WHATSAPP_BUSINESS_ACCOUNT_ID", "waba_id"),
        ("META_WABA_ID", "waba_id"),
        ("WEBHOOK_VERIFICATION_TOKEN", "verify_token"),
        ("WHATSAPP_WEBHOOK_VERIFY_TOKEN", "verify_token"),
        ("HOME", None),
        ("TOKENS", None),
        ("MY_APP_ID", None),
        ("GITHUB_TOKEN", None),
        ("", None),
        ("WHATSAPP_", None),
    ],
)
def test_other_libraries_spellings_are_known(variable: str, name: str | None) -> None:
    assert variable_credential(variable) == name


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert find_credentials(text).keys() <= CREDENTIALS.keys()


@given(
    st.lists(
        st.sampled_from(["WHATSAPP_APP_ID", "app id", "TOKEN", "export", APP, TOKEN, SECRET])
        | st.sampled_from("=:\"'{}\\\n #$\ufeff\x00\ud800*|")
    )
)
def test_no_mixture_of_names_and_signs_is_too_odd(parts: list[str]) -> None:
    for name, value in find_credentials("".join(parts)).items():
        assert isinstance(value, Secret) is CREDENTIALS[name].secret
        assert plain(value)


@each_line("opening", ["{", '{"a":', '{"a":[', "["])
def test_json_without_a_bottom_is_no_trouble(opening: str) -> None:
    assert find_credentials(opening * 30_000) == {}


@each_line(
    "text",
    [
        "phone number id",
        "access token",
        "verify token",
        "app secret",
        "Bearer",
        "graph.facebook.com/v1.0/",
        "TOKEN='\\'",
        "= ",
    ],
)
@each_line("filling", [" ", "\n", "*", "1"])
def test_a_large_paste_does_not_hold_up_the_screen(text: str, filling: str) -> None:
    begun = time.process_time()
    find_credentials(text + filling * 20_000)
    find_credentials(f"{text}{filling}" * 1_000)
    assert time.process_time() - begun < 1


def test_a_line_that_makes_no_sense_says_nothing_to_the_terminal() -> None:
    code = """from wizard.values.paste import find_credentials
for text in ("=\\n== =\\n'\\"=", "WHATSAPP_APP_ID='123", "\\x00="):
    find_credentials(text)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (ended.stdout, ended.stderr) == (b"", b"")
