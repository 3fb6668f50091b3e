"""Values cleaned of what the way added, and judged by their shape alone."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.findings import catalogue
from wizard.values.credentials import CREDENTIALS, Secret, Values, plain
from wizard.values.shapes import Shape, ShapeResult, check_shape, clean, generate_verify_token

ID = "106540352242922"
TOKEN = "EAAJB" + "a1B2c3D4e5" * 8
APP_SECRET = "0123456789abcdef" * 2
PHRASE = "correct.horse_battery~staple-9"

NAMES = st.sampled_from(list(CREDENTIALS))
IDS = st.from_regex(r"[1-9][0-9]{14,17}", fullmatch=True)
TOKENS = st.from_regex(r"EAA[A-Za-z0-9]{57,497}", fullmatch=True)
APP_SECRETS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
PHRASES = st.from_regex(r"[A-Za-z0-9._~-]{8,64}", fullmatch=True)
REAL = st.one_of(
    st.tuples(st.sampled_from(["app_id", "phone_number_id", "waba_id"]), IDS),
    st.tuples(st.just("access_token"), TOKENS),
    st.tuples(st.just("app_secret"), APP_SECRETS),
    st.tuples(st.just("verify_token"), PHRASES),
)
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202a\u202c\x00\x1b\udcff"
BLANK = " \t\r\n\u00a0\u2003\u202f\u3000\u2028"
QUOTED = ("{}", '"{}"', "'{}'", "`{}`", "“{}”", "‘{}’", "«{}»", "„{}“", "''{}''", '" {} "')


def cleaned(name: str, text: str) -> str:
    return plain(clean(name, text))


def judged(name: str, text: str, others: Values | None = None) -> ShapeResult:
    return check_shape(name, clean(name, text), others)


@each_line(
    ("name", "text", "left"),
    [
        ("access_token", f"  {TOKEN}\n", TOKEN),
        ("access_token", f"Bearer {TOKEN}", TOKEN),
        ("access_token", f"bearer\t{TOKEN}", TOKEN),
        ("access_token", f"OAuth {TOKEN}", TOKEN),
        ("access_token", f"Authorization: Bearer {TOKEN}", TOKEN),
        ("access_token", f"authorization:bearer {TOKEN}", TOKEN),
        ("access_token", f"'Authorization: Bearer {TOKEN}'", TOKEN),
        ("access_token", f'"Authorization": "Bearer {TOKEN}",', TOKEN),
        ("access_token", f"Authorization: 'Bearer {TOKEN}'", TOKEN),
        ("access_token", f"Bearer Bearer {TOKEN}", TOKEN),
        ("access_token", f'Bearer "{TOKEN}"', TOKEN),
        ("access_token", f"{TOKEN[:40]}\n{TOKEN[40:]}", TOKEN),
        ("access_token", f"{TOKEN[:40]}\r\n    {TOKEN[40:]}", TOKEN),
        ("access_token", f"{TOKEN[:40]}\u200b{TOKEN[40:]}\ufeff", TOKEN),
        ("access_token", f'"{TOKEN}",', TOKEN),
        ("access_token", f"'{TOKEN}';", TOKEN),
        ("access_token", f'"{TOKEN},"', TOKEN),
        ("access_token", f'"{TOKEN}', TOKEN),
        ("access_token", f"“{TOKEN}”", TOKEN),
        ("access_token", f"{TOKEN} , ,", TOKEN),
        ("access_token", "", ""),
        ("access_token", ' "" ', ""),
        ("access_token", "\u200b\ufeff\n", ""),
        ("access_token", "bearer", "bearer"),
        ("app_secret", "0123456789abcdef 0123456789abcdef", APP_SECRET),
        ("app_secret", "0123456789abcdef\u00ad0123456789abcdef", APP_SECRET),
        ("app_secret", f"`{APP_SECRET}`", APP_SECRET),
        ("app_id", f"{ID}\u00a0", ID),
        ("app_id", "106 540 352 242 922", ID),
        ("waba_id", f"({ID})", f"({ID})"),
        ("phone_number_id", "106540\n352242922", ID),
        ("phone_number_id", "+1 555-010-0001", "+1 555-010-0001"),
        ("phone_number_id", "\u202a+1 555 010 0001\u202c", "+1 555 010 0001"),
        ("verify_token", f" {PHRASE}\n", PHRASE),
        ("verify_token", f'"{PHRASE}",', PHRASE),
        ("verify_token", "two words", "two words"),
        ("verify_token", "tab\tinside", "tab inside"),
    ],
)
def test_what_the_way_added_is_taken_off(name: str, text: str, left: str) -> None:
    assert cleaned(name, text) == left


@each_line("text", ["ends-with-a-comma,", "semi;", "isn't", "'tis", 'say "so'])
def test_a_phrase_keeps_signs_that_its_owner_may_have_meant(text: str) -> None:
    assert cleaned("verify_token", text) == text


@given(NAMES, st.text() | st.text(alphabet=f"aA1\"'`“”,;: {INVISIBLE}Bbearer"))
def test_cleaning_a_second_time_changes_nothing(name: str, text: str) -> None:
    once = cleaned(name, text)
    assert cleaned(name, once) == once


@given(NAMES, st.text())
def test_cleaning_invents_nothing(name: str, text: str) -> None:
    # White space of any kind may come out as a blank; all else was there before.
    assert set(cleaned(name, text)) <= {*text, " "}


@given(
    REAL,
    st.sampled_from(QUOTED),
    st.text(alphabet=BLANK + INVISIBLE, max_size=5),
    st.text(alphabet=BLANK + INVISIBLE, max_size=5),
)
def test_a_value_in_wrapping_comes_out_as_it_was(
    real: tuple[str, str], quoted: str, before: str, after: str
) -> None:
    name, value = real
    assert cleaned(name, before + quoted.format(value) + after) == value


HEADER = st.tuples(
    st.sampled_from(["{}", "Bearer {}", "Authorization: Bearer {}", "OAuth {}"]),
    st.sampled_from(QUOTED),
    st.sampled_from(["{}", "{},", "{};", "{}, ", "{};\n"]),
)


@given(TOKENS, HEADER, st.integers(3, 59), st.text(alphabet=BLANK + INVISIBLE, max_size=3))
def test_a_token_in_a_header_broken_over_lines_comes_out_whole(
    token: str, header: tuple[str, str, str], at: int, break_: str
) -> None:
    text = token[:at] + break_ + token[at:]
    for layer in header:
        text = layer.format(text)
    assert cleaned("access_token", text) == token


@given(REAL, st.integers(0, 8), st.sampled_from(INVISIBLE))
def test_an_invisible_character_inside_is_taken_out(
    real: tuple[str, str], at: int, sign: str
) -> None:
    name, value = real
    assert cleaned(name, value[:at] + sign + value[at:]) == value


@given(REAL)
def test_no_plausible_value_is_kept_from_being_tested(real: tuple[str, str]) -> None:
    name, value = real
    assert judged(name, value).shape in {Shape.GOOD, Shape.DOUBTFUL}


@given(NAMES, st.text())
def test_any_text_is_judged_and_a_wrong_one_has_its_finding(name: str, text: str) -> None:
    judgement = judged(name, text)
    if judgement.shape in {Shape.WRONG, Shape.EMPTY}:
        assert judgement.finding is not None
    if judgement.finding is not None:
        assert judgement.finding in catalogue()
    if judgement.shape in {Shape.WRONG, Shape.DOUBTFUL, Shape.PARTIAL}:
        assert judgement.note.endswith((".", "?"))


@given(NAMES, st.text(min_size=12))
def test_no_note_repeats_what_was_typed(name: str, text: str) -> None:
    value = cleaned(name, text)
    if len(value) >= 12:
        assert value not in judged(name, text).note


@each_line("name", CREDENTIALS)
def test_nothing_is_told_as_missing(name: str) -> None:
    for absent in (None, CREDENTIALS[name].wrap("")):
        assert check_shape(name, absent) == ShapeResult(Shape.EMPTY, finding=f"{name}.missing")


@each_line(
    "text",
    [
        "+1 555-010-0001",
        "+15550100001",
        "+1 (555) 010 0001",
        "(555) 010-0001",
        "1-555-010-0001",
        "1.555.010.0001",
        "+1 555\u2011010\u20110001",
        "+1 555\u2013010\u20130001",
        "+49 30/1234567",
        "030 1234567",
        "+62 812 3456 7890 12",
        "+ 44 20 7946 0018",
        "tel:+15550100001",
        "Test number: +1 555 123 4567",
        "+1 555 123 4567 (Test number)",
        "+\u00a01\u00a0555\u00a0010\u00a00001",
        "\u200e+1 555 010 0001\u200e",
        '"+15550100001",',
    ],
)
def test_a_phone_number_in_place_of_its_id_is_told(text: str) -> None:
    judgement = judged("phone_number_id", text)
    assert judgement.shape is Shape.WRONG
    assert judgement.finding == "phone_number_id.is_phone_number"


@each_line("text", ["5550100001", "15550100001", "6281234567890"])
def test_bare_digits_that_may_be_a_phone_number_are_asked_about(text: str) -> None:
    judgement = judged("phone_number_id", text)
    assert judgement.shape is Shape.PARTIAL
    assert "phone number" in judgement.note


@each_line("name", ["app_id", "phone_number_id", "waba_id"])
@each_line(
    "text",
    [
        "my app",
        "12345678901234x",
        "12 34",
        "١٢٣٤٥٦٧٨٩٠١٢٣٤٥",
        "１０６５４０３５２２４",
        "²³",
        TOKEN,
        "1_000",
        "-",
    ],
)
def test_an_id_that_is_not_made_of_digits_is_wrong(name: str, text: str) -> None:
    judgement = judged(name, text)
    assert judgement.shape is Shape.WRONG
    assert judgement.finding == f"{name}.malformed"


@each_line("name", ["app_id", "phone_number_id", "waba_id"])
@each_line(
    ("length", "shape"),
    [
        (1, Shape.PARTIAL),
        (13, Shape.PARTIAL),
        (14, Shape.GOOD),
        (20, Shape.GOOD),
        (21, Shape.DOUBTFUL),
        (100, Shape.DOUBTFUL),
    ],
)
def test_an_id_is_judged_by_its_length(name: str, length: int, shape: Shape) -> None:
    assert judged(name, "1" * length).shape is shape


@each_line(
    ("name", "others", "label"),
    [
        ("waba_id", Values(phone_number_id=ID), "Phone number ID"),
        ("waba_id", Values(app_id=ID), "App ID"),
        ("phone_number_id", Values(waba_id=ID), "WABA ID"),
        ("phone_number_id", Values(app_id=ID), "App ID"),
    ],
)
def test_an_id_that_stands_in_two_places_is_doubted_and_still_tested(
    name: str, others: Values, label: str
) -> None:
    judgement = judged(name, ID, others)
    assert judgement.shape is Shape.DOUBTFUL
    assert judgement.finding is None
    assert label in judgement.note


@each_line("name", ["phone_number_id", "waba_id", "app_id"])
def test_a_value_is_no_twin_of_itself(name: str) -> None:
    assert judged(name, ID, Values().with_(name, ID)).shape is Shape.GOOD


FOREIGN = {
    "sk-ant-api03-abcdefghijklmnop": "Anthropic",
    "sk-proj-abcdefghijklmnop1234": "OpenAI",
    "sk-abcdefghijklmnop12345678": "OpenAI",
    "sk_live_abcdefgh": "Stripe",
    "pk_test_abcdefgh": "Stripe",
    "whsec_abcdefgh": "Stripe",
    "ghp_abcdefghijklmnop": "GitHub",
    "github_pat_abcdefgh": "GitHub",
    "glpat-abcdefgh": "GitLab",
    "xoxb-1234-abcd": "Slack",
    "AKIAIOSFODNN7EXAMPLE": "AWS",
    "AIzaSyA-1234567890abcdefghijk": "Google",
    "SG.abcdefghijkl.mnop": "SendGrid",
    "AC" + APP_SECRET: "Twilio",
    "123456789:AAabcdefghijklmnopqrstuvwxyz0123456": "Telegram",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x": "JSON web token",
    "2" + "a" * 26 + "_" + "1" + "b" * 20: "ngrok",
    "IGAAabcdefgh": "Instagram",
    "THAAabcdefgh": "Threads",
}


@each_line("name", ["access_token", "app_secret"])
@each_line(("key", "vendor"), FOREIGN.items(), ids=FOREIGN.values())
def test_the_key_of_another_service_is_named_and_not_sent(name: str, key: str, vendor: str) -> None:
    judgement = judged(name, key)
    assert judgement.shape is Shape.WRONG
    assert judgement.finding == f"{name}.malformed"
    assert vendor in judgement.note


@given(APP_SECRETS | TOKENS)
def test_metas_own_values_are_nobody_elses(value: str) -> None:
    name = "access_token" if value.startswith("EAA") else "app_secret"
    assert judged(name, value).shape is Shape.GOOD


@each_line(
    ("text", "shape", "finding"),
    [
        (TOKEN, Shape.WRONG, "app_secret.malformed"),
        (f"{ID}|{APP_SECRET}", Shape.WRONG, "app_secret.malformed"),
        (f"{ID}|aBcD-client_token", Shape.WRONG, "app_secret.malformed"),
        ("••••••••", Shape.WRONG, "app_secret.malformed"),
        ("geheim-ü", Shape.WRONG, "app_secret.malformed"),
        (APP_SECRET[:-1], Shape.PARTIAL, None),
        (APP_SECRET + "0", Shape.DOUBTFUL, None),
        (APP_SECRET.upper(), Shape.DOUBTFUL, None),
        ("g" * 32, Shape.DOUBTFUL, None),
        (APP_SECRET, Shape.GOOD, None),
    ],
)
def test_an_app_secret_is_told_from_what_is_pasted_in_its_place(
    text: str, shape: Shape, finding: str | None
) -> None:
    judgement = judged("app_secret", text)
    assert (judgement.shape, judgement.finding) == (shape, finding)


@each_line(
    ("text", "shape", "finding"),
    [
        (f"{ID}|{APP_SECRET}", Shape.WRONG, "access_token.is_app_token"),
        (f"{ID}|opaque-Text", Shape.WRONG, "access_token.is_app_token"),
        ("••••••••", Shape.WRONG, "access_token.malformed"),
        ("EAAü" + "a" * 80, Shape.WRONG, "access_token.malformed"),
        ("E", Shape.PARTIAL, None),
        ("EAA", Shape.PARTIAL, None),
        (TOKEN[:59], Shape.PARTIAL, None),
        (TOKEN[:60], Shape.GOOD, None),
        ("EAA" + "x" * 5000, Shape.GOOD, None),
        (APP_SECRET, Shape.DOUBTFUL, None),
        ("XYZ" + "a" * 80, Shape.DOUBTFUL, None),
    ],
)
def test_an_access_token_is_told_from_what_is_pasted_in_its_place(
    text: str, shape: Shape, finding: str | None
) -> None:
    judgement = judged("access_token", text)
    assert (judgement.shape, judgement.finding) == (shape, finding)


def test_an_app_secret_in_the_tokens_field_is_guessed_and_not_refused() -> None:
    assert "App Secret" in judged("access_token", APP_SECRET).note


@each_line(
    ("text", "shape", "finding"),
    [
        (PHRASE, Shape.GOOD, None),
        ("two words together", Shape.WRONG, "verify_token.whitespace"),
        ("a\nb", Shape.WRONG, "verify_token.whitespace"),
        ("a\u00a0b", Shape.WRONG, "verify_token.whitespace"),
        ("secret", Shape.DOUBTFUL, "verify_token.weak"),
        ("a" * 40, Shape.DOUBTFUL, "verify_token.weak"),
        ("abcdefgh+ijklmnop", Shape.DOUBTFUL, "verify_token.special_characters"),
        ("Schlüssel-zum-Haus", Shape.DOUBTFUL, "verify_token.special_characters"),
        (TOKEN, Shape.DOUBTFUL, "verify_token.is_access_token"),
    ],
)
def test_a_verify_token_is_judged_by_what_becomes_of_it_on_its_way(
    text: str, shape: Shape, finding: str | None
) -> None:
    judgement = judged("verify_token", text)
    assert (judgement.shape, judgement.finding) == (shape, finding)


def test_a_value_that_was_stored_uncleaned_is_judged_as_it_is() -> None:
    assert check_shape("verify_token", Secret(f" {PHRASE}")).finding == "verify_token.whitespace"
    assert check_shape("access_token", Secret(f"{TOKEN}\n")).shape is Shape.WRONG
    assert check_shape("app_id", f"{ID} ").shape is Shape.WRONG


def test_a_verify_token_that_is_made_for_people_is_good_and_new_each_time() -> None:
    made = {plain(generate_verify_token()) for _ in range(50)}
    assert len(made) == 50
    for text in made:
        assert re.fullmatch(r"[A-Za-z0-9]{32}", text)
        assert check_shape("verify_token", Secret(text)).shape is Shape.GOOD


@each_line("name", ["app_id", "app_secret", "access_token", "phone_number_id"])
def test_what_is_far_longer_than_any_of_metas_is_not_sent(name: str) -> None:
    judgement = judged(name, "1" * 8001)
    assert (judgement.shape, judgement.finding) == (Shape.WRONG, f"{name}.malformed")
    assert "8001 characters" in judgement.note
