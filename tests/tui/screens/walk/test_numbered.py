"""Links and snippets on number keys, and names that are never cut."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from wizard.content.uses import uses
from wizard.guide import guide
from wizard.tui.screens.walk.numbered import numbered
from wizard.values.credentials import CREDENTIALS, plain


@pytest.mark.parametrize("size", [(80, 80), (100, 80), (60, 100)])
async def test_urls_and_field_names_are_whole_at_any_width(
    wizard: Start, size: tuple[int, int]
) -> None:
    async with wizard(size=size) as w:
        await w.go("8.5")
        for name in ("messages", "message_template_status_update", "account_alerts"):
            assert name in w.text()
        await w.go("11.7")
        shown = "".join(part.rpartition("▕")[2].strip() for part in w.text().splitlines())
        for link in numbered(guide().by_id["11.7"], None):
            assert link.url in shown


async def test_a_number_opens_its_link(wizard: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def open_page(url: str) -> str:
        opened.append(url)
        return ""

    monkeypatch.setattr("wizard.tui.dialogs.page.open_page", open_page)
    async with wizard() as w:
        await w.go("11.7")
        await w.press("1")
        await w.until(lambda: opened == ["https://developers.facebook.com"])
        await w.press("9")
        assert len(opened) == 1


async def test_the_summary_ends_with_what_to_do_next_and_copies_no_value(wizard: Start) -> None:
    async with wizard(size=(80, 24)) as w:
        for step in ("9.3", "9.5"):
            await w.go(step)
            await w.press("ctrl+g")
        await w.go("10")
        await w.until(lambda: "Now use it" in w.text())
        for number, use in enumerate(uses(), 1):
            await w.press(f"{number}")
            assert w.app.clipboard == use.code
            held = [plain(value) for _, value in w.onboarding.known.present()]
            assert not any(value in use.code for value in held)


def test_snippets_name_the_variables_of_the_contract() -> None:
    variables = {credential.env for credential in CREDENTIALS.values()}
    for use in uses()[2:]:
        assert any(variable in use.code for variable in variables), use.title
