"""The short way in each layout of Meta's portal: its words, its page, and what is copied there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.quick_setup.tokens import looked, paste, secret, token, visit
from wizard.guide import guide
from wizard.journeys.onboarding.portal_layout import choose_layout, layout_of
from wizard.portal import layouts
from wizard.simulator import Meta
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.state import StateFile
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.quick_setup.screen import QuickSetupScreen
from wizard.values.credentials import Values

OTHER_WORDS = {"classic": "Step 1. Try it out", "new": "API Setup"}


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")


@pytest.mark.parametrize("layout", layouts())
async def test_what_is_said_of_a_token_that_ended_names_the_page_of_the_layout(
    wizard: Start, layout: str
) -> None:
    meta = Meta()
    meta.token.ended = LOGGED_OUT
    async with wizard(meta=meta, size=(120, 40)) as w:
        await choose_layout(w.onboarding, layout)
        await looked(w, token(w.offers), "The access token was revoked")
        assert f"open {layouts()[layout].words['token_page']}" in w.text()
        assert OTHER_WORDS[layout] not in w.text()


async def test_the_page_is_opened_as_the_person_has_it_who_is_asked_once(
    wizard: Start, tmp_path: Path
) -> None:
    state = StateFile(tmp_path / "state")
    async with wizard(state=state, values=Values(app_id="2455021458570608")) as w:
        await visit(w)
        await w.press("ctrl+o")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        for layout in layouts().values():
            assert layout.sign in w.text()
        await w.press("down", "enter")
        await w.until(lambda: "api-testing-v2" in w.text())
        assert StateFile(tmp_path / "state").load("test").portal == "new"
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, QuickSetupScreen))
        await w.press("ctrl+o")
        await w.until(lambda: "api-testing-v2" in w.text())


async def test_who_does_not_answer_has_no_page_opened(wizard: Start) -> None:
    async with wizard(values=Values(app_id="2455021458570608")) as w:
        await visit(w)
        await w.press("ctrl+o")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, QuickSetupScreen))
        assert layout_of(w.onboarding) is None


@pytest.mark.parametrize("layout", layouts())
async def test_a_copy_of_the_page_with_the_token_leads_on_in_each_layout(
    wizard: Start, layout: str
) -> None:
    meta = Meta()
    meta.waba.phones.remove(meta.own_number)
    async with wizard(meta=meta) as w:
        page = guide().by_id["6.6"].in_layout(layout).copied
        for name, value in w.offers.present():
            if isinstance(value, str):
                page = page.replace(f"{{{name}}}", value)
        await visit(w)
        await paste(w, f"{page}\nAccess token\n{token(w.offers)}\nGenerate new token\n")
        await w.until(lambda: "Paste the App Secret here" in w.text())
        await paste(w, secret(w.offers))
        await w.until(lambda: "store these six values" in w.text())


async def test_of_several_accounts_in_a_paste_none_looks_as_if_it_had_been_chosen(
    wizard: Start,
) -> None:
    meta = Meta()
    meta.token.wabas.append(meta.other_waba)
    cards = "".join(
        f"WhatsApp Business account ID\n{one.id}\n" for one in (meta.other_waba, meta.waba)
    )
    async with wizard(meta=meta) as w:
        await visit(w)
        await paste(w, f"{cards}Access token\n{token(w.offers)}\n")
        await w.until(lambda: "Which number?" in w.text())
        assert w.onboarding.known.waba_id is None
