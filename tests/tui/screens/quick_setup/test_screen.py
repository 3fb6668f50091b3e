"""The short way on screen: two pastes, a choice where there is one, and a word before storing."""

from __future__ import annotations

from tests.tui.conftest import Start
from tests.tui.screens.quick_setup.tokens import (
    alone,
    both,
    looked,
    many,
    paste,
    secret,
    stored,
    token,
    visit,
)
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta
from wizard.tui.screens.quick_setup.number_picker import NumberPicker
from wizard.tui.screens.quick_setup.screen import QuickSetupScreen
from wizard.values.credentials import Values, plain


async def test_two_pastes_and_a_word_store_all_six(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), welcome=True) as w:
        await w.press("down", "enter")
        await w.until(lambda: isinstance(w.app.screen, QuickSetupScreen))
        await paste(w, token(values))
        await w.until(lambda: "Paste the App Secret here" in w.text())
        for found in ("my-whatsapp-webhook", values.app_id, "temporary, expires in 23 h 5", "▰"):
            assert str(found) in w.text()
        assert "Hidden Market  WABA ID" in w.text()
        assert f"+1 555-014-2233 (Test Number)  ID {values.phone_number_id}" in w.text()
        await paste(w, secret(values))
        await w.until(lambda: "store these six values in memory, profile test" in w.text())
        assert "Hidden Market, +1 555-014-2233" in w.text()
        assert stored(w) == {}
        await w.press("enter")
        await w.until(lambda: "is stored in memory" in w.text())
        made = stored(w).pop("verify_token")
        assert len(plain(made)) >= 32  # type: ignore[arg-type]
        assert {**stored(w), "verify_token": 0} == {**dict(values.present()), "verify_token": 0}
        assert [w.onboarding.chip(name) for name in ("app_id", "app_secret", "access_token")] == [
            Chip.PASSED
        ] * 3
        assert token(values) not in w.text()
        assert secret(values) not in w.text()


async def test_of_several_numbers_one_is_chosen_with_name_quality_and_test_flag_in_sight(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.own_number.quality_rating = "YELLOW"
    meta.token.wabas.append(meta.other_waba)
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "2 WABAs, 3 numbers")
        rows = {line.split("ID")[0].strip() for line in w.text().splitlines() if "  ID " in line}
        told = [" ".join(row.split()) for row in rows]
        assert "+1 555-014-2233 Test Number test quality green" in told
        assert "+62 812-3456-7890 Hidden Market quality yellow" in told
        await w.press("down", "down", "enter")
        await w.until(lambda: "Hidden Market, +62 812-3456-7890" in w.text())
        await w.press("escape", "n")
        await w.until(lambda: "Which number?" in w.text())
        await w.press("escape")
        await w.until(lambda: "Hidden Market, +62 812-3456-7890" in w.text())
        await w.press("escape", "n")
        await w.until(lambda: "Which number?" in w.text())
        await w.press("up", "up", "enter")
        await w.until(lambda: "Night Stall, +1 555-014-7788" in w.text())
        await paste(w, secret(values))
        await w.until(lambda: "store these six values" in w.text())
        await w.press("enter")
        await w.until(lambda: "is stored in memory" in w.text())
        assert stored(w)["waba_id"] == meta.other_waba.id
        assert stored(w)["phone_number_id"] == meta.other_number.id


async def test_a_thousand_numbers_are_narrowed_by_typing(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=many(meta), size=(80, 24)) as w:
        await looked(w, token(values), "50 WABAs, 982 numbers")
        assert "Market 0" in w.text()
        await w.press(*"zeb")
        await w.until(lambda: "No match" in w.text())
        await w.press("ctrl+u", *"37", "space", *"0019", "space", *"mar")
        await w.until(lambda: "+62 812-0037-0019" in w.text())
        assert "+62 812-0037-0018" not in w.text()
        await paste(w, secret(values))
        assert secret(values) not in w.text()
        await w.press("enter")
        await w.until(lambda: "Market 37, +62 812-0037-0019" in w.text())
        await w.until(lambda: "store these six values" in w.text())


async def test_an_account_without_a_number_is_taken_alone_and_says_so(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.waba.phones.clear()
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "This WABA has no number yet")
        await paste(w, secret(values))
        await w.until(lambda: "store these five values" in w.text())


async def test_token_and_secret_in_one_paste_need_no_second(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await looked(w, both(values), "store these six values")
        assert "belongs to this app" in w.text()


async def test_a_whole_env_says_which_number_is_meant_and_keeps_its_verify_token(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta) as w:
        env = (
            f"APP_SECRET={secret(values)}\nACCESS_TOKEN={token(values)}\nAPP_ID={values.app_id}\n"
            f"PHONE_NUMBER_ID={meta.own_number.id}\nWABA_ID={values.waba_id}\n"
            f"VERIFY_TOKEN={plain(values.verify_token or '')}\n"
        )
        await looked(w, env, "store these six values")
        assert "Hidden Market, +62 812-3456-7890" in w.text()
        assert "your stored one" in w.text()
        await w.press("enter")
        await w.until(lambda: "is stored in memory" in w.text())
        assert stored(w)["verify_token"] == values.verify_token


async def test_a_secret_that_is_pasted_first_goes_into_its_own_field(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await visit(w)
        await paste(w, secret(values))
        await w.until(lambda: "App Secret   32 characters" in w.text())
        assert "Access token   32" not in w.text()
        await paste(w, token(values))
        await w.until(lambda: "store these six values" in w.text())


async def test_a_paste_while_the_list_is_asked_about_is_taken(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "Which number?")
        await w.until(lambda: w.app.focused is w.app.screen.query_one(NumberPicker).rows)
        await paste(w, secret(values))
        await w.press("enter")
        await w.until(lambda: "store these six values" in w.text())


async def test_without_the_secret_the_rest_may_be_stored_and_the_secret_comes_later(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await looked(w, token(values), "store these five values without it")
        await w.press("enter")
        await w.until(lambda: "access_token" in stored(w) and "verify_token" in stored(w))
        assert "app_secret" not in stored(w)
        await w.press("escape", "escape")
        await w.until(lambda: w.at == "8.1")


async def test_what_is_stored_already_is_looked_through_and_needs_no_word(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await visit(w)
        await w.until(lambda: "is stored in memory" in w.text())
        assert "Hidden Market, +1 555-014-2233" in w.text()


async def test_the_demo_fills_in_what_is_asked_for_on_a_key(wizard: Start, meta: Meta) -> None:
    async with wizard(meta=alone(meta)) as w:
        await visit(w)
        await w.press("ctrl+g")
        await w.until(lambda: "Paste the App Secret here" in w.text())
        await w.press("ctrl+g")
        await w.until(lambda: "store these six values" in w.text())
